package dev.kumite.vsockdevice;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A connection as the guest's kernel has it. Confined to the test's thread. */
final class GuestStream {
    private final Guest guest;
    private final int hostPort;
    private final int guestPort;
    private final int space;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private int forwarded;
    private int announced;
    private int sent;
    private int hostSpace;
    private int hostForwarded;
    private boolean ended;

    private GuestStream(Guest guest, Packet request, int space) {
        this.guest = guest;
        this.hostPort = request.sourcePort();
        this.guestPort = request.destinationPort();
        this.space = space;
        learn(request);
    }

    /** Takes the next packet, which must be a request, and agrees. */
    static GuestStream accept(Guest guest) {
        return accept(guest, Guest.GUEST_SPACE);
    }

    /**
     * @param space bytes that the guest takes in all
     */
    static GuestStream accept(Guest guest, int space) {
        Guest.Received request = guest.receive(Packet.Operation.REQUEST);
        GuestStream stream = new GuestStream(guest, request.packet(), space);
        stream.tell(Packet.Operation.RESPONSE);
        return stream;
    }

    int hostPort() {
        return hostPort;
    }

    byte[] received() {
        return received.toByteArray();
    }

    int sent() {
        return sent;
    }

    boolean isEnded() {
        return ended;
    }

    void tell(Packet.Operation operation) {
        tell(operation, 0);
    }

    void tell(Packet.Operation operation, int flags) {
        announced = forwarded;
        guest.send(packet(operation, flags, 0));
    }

    /** {@return the header of bytes that a test sends itself} */
    Packet packet(int length) {
        return packet(Packet.Operation.RW, 0, length);
    }

    private Packet packet(Packet.Operation operation, int flags, int length) {
        return new Packet(
                Guest.CID,
                Guest.HOST,
                guestPort,
                hostPort,
                length,
                Packet.TYPE_STREAM,
                operation.number(),
                flags,
                space,
                forwarded);
    }

    private void learn(Packet packet) {
        hostSpace = packet.bufferSpace();
        hostForwarded = packet.forwarded();
    }

    /** {@return bytes that the host takes now} */
    int credit() {
        return hostSpace - (sent - hostForwarded);
    }

    /** Sends whether or not the host takes it. */
    void write(byte... bytes) {
        announced = forwarded;
        guest.send(packet(Packet.Operation.RW, 0, bytes.length), bytes);
        sent += bytes.length;
    }

    /** {@return how many bytes from the place on were sent} As many as the host takes. */
    int writeFrom(byte[] bytes, int place, int most) {
        int count = Math.min(Math.min(credit(), most), bytes.length - place);
        if (count > 0) {
            write(Arrays.copyOfRange(bytes, place, place + count));
        }
        return Math.max(count, 0);
    }

    /** Handles the next packet; there must be one, and be it in half a minute. */
    void handleOne() {
        Guest.Received next = guest.receive();
        Packet packet = next.packet();
        if (packet.sourcePort() != hostPort || packet.destinationPort() != guestPort) {
            throw new AssertionError("a packet of another connection: " + packet);
        }
        learn(packet);
        received.writeBytes(next.bytes());
        forwarded += next.bytes().length;
        if (forwarded - announced > space) {
            throw new AssertionError("more than the guest takes");
        }
        switch (next.operation()) {
            case RW -> {
                if (forwarded - announced >= space / 2) {
                    tell(Packet.Operation.CREDIT_UPDATE);
                }
            }
            case CREDIT_UPDATE -> {
                // learnt
            }
            case CREDIT_REQUEST -> tell(Packet.Operation.CREDIT_UPDATE);
            case SHUTDOWN, RST -> ended = true;
            case REQUEST, RESPONSE -> throw new AssertionError("unexpected " + packet);
        }
    }

    void handleUntilEnd() {
        while (!ended) {
            handleOne();
        }
    }
}

package dev.kumite.vsockdevice;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A client on the host and what it is connected to in the guest. Its state is guarded by the
 * device's lock; {@link #run} is its own.
 */
final class Connection {

    /** Bytes that are kept for a client that does not read. */
    static final int BUFFER_BYTES = 256 << 10;

    private static final int CHUNK_BYTES = 64 << 10;

    private final VsockDevice device;
    private final UnixSocket client;
    private final int hostPort;
    private final int guestPort;
    private final byte[] deliveries = new byte[BUFFER_BYTES];
    private int firstDelivery;
    private int delivered;
    private boolean established;
    private boolean ended;
    private int shutdown;
    private int undelivered;
    private int forwarded;
    private int announced;
    private int sent;
    private int guestSpace;
    private int guestForwarded;

    Connection(VsockDevice device, UnixSocket client, int hostPort, int guestPort) {
        this.device = device;
        this.client = client;
        this.hostPort = hostPort;
        this.guestPort = guestPort;
    }

    int hostPort() {
        return hostPort;
    }

    int guestPort() {
        return guestPort;
    }

    void established() {
        established = true;
    }

    /** {@return whether the guest has said yes} */
    boolean isEstablished() {
        return established;
    }

    /** {@return whether the guest has said yes or no} */
    boolean isDecided() {
        return established || ended;
    }

    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    void guestShutDown(int flags) {
        shutdown |= flags;
    }

    boolean isShutDownByGuest() {
        int both = Packet.NO_MORE_TAKEN | Packet.NO_MORE_SENT;
        return (shutdown & both) == both;
    }

    /** {@return whether the guest has said that it takes no more bytes} */
    boolean isClosedToBytes() {
        return ended || (shutdown & Packet.NO_MORE_TAKEN) != 0;
    }

    /** {@return whether no bytes will be delivered beyond those that are there} */
    boolean isComplete() {
        return ended || (shutdown & Packet.NO_MORE_SENT) != 0;
    }

    void setCredit(int space, int count) {
        guestSpace = space;
        guestForwarded = count;
    }

    /** {@return how many bytes the guest takes now} Counts are modulo 2^32. */
    long credit() {
        return Integer.toUnsignedLong(guestSpace) - Integer.toUnsignedLong(sent - guestForwarded);
    }

    void sent(int count) {
        sent += count;
    }

    /** {@return whether there was room} Else the guest sent more than it may. */
    boolean deliver(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (count > BUFFER_BYTES - undelivered) {
            return false;
        }
        int place = (firstDelivery + delivered) % BUFFER_BYTES;
        int first = Math.min(count, BUFFER_BYTES - place);
        bytes.get(deliveries, place, first).get(deliveries, 0, count - first);
        delivered += count;
        undelivered += count;
        return true;
    }

    boolean hasDelivery() {
        return delivered > 0;
    }

    /** {@return a copy of the next bytes, not too many; empty if there are none} */
    ByteBuffer takeDelivery() {
        int count = Math.min(Math.min(delivered, CHUNK_BYTES), BUFFER_BYTES - firstDelivery);
        byte[] bytes = Arrays.copyOfRange(deliveries, firstDelivery, firstDelivery + count);
        firstDelivery = (firstDelivery + count) % BUFFER_BYTES;
        delivered -= count;
        return ByteBuffer.wrap(bytes);
    }

    /** {@return whether it is time to tell the guest} */
    boolean forwarded(int count) {
        undelivered -= count;
        forwarded += count;
        return forwarded - announced >= BUFFER_BYTES / 4;
    }

    int announceForwarded() {
        announced = forwarded;
        return forwarded;
    }

    /**
     * Waits for the guest to agree, then moves bytes in both directions until either side has
     * closed. Closes the client's socket. Reads from the beginning on, because only so it notices
     * that a client has given up.
     *
     * @throws InterruptedException if the calling thread is interrupted
     */
    void run() throws InterruptedException {
        Thread writer = device.threads().start("to-client-" + hostPort, this::toClient);
        try {
            toGuest();
        } catch (LinuxException e) {
            // The client is gone, or this closed it.
        }
        device.closed(this);
        writer.join();
        client.close();
    }

    private void toGuest() throws InterruptedException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        while (client.fd().read(chunk.clear()) >= 0) {
            device.send(this, chunk.flip());
        }
    }

    private void toClient() throws InterruptedException {
        try {
            if (device.awaitEstablished(this)) {
                client.fd().write(greeting());
                deliver();
                client.shutdownOutput();
            } else {
                device.closed(this);
            }
        } catch (LinuxException e) {
            // It reads no more.
            device.closed(this);
        }
        device.awaitEnd(this);
        client.close(); // ends a read that waits
    }

    private void deliver() throws InterruptedException {
        ByteBuffer bytes = device.awaitDelivery(this);
        while (bytes.hasRemaining()) {
            int count = bytes.remaining();
            client.fd().write(bytes);
            device.forwarded(this, count);
            bytes = device.awaitDelivery(this);
        }
    }

    private ByteBuffer greeting() {
        return ByteBuffer.wrap(("OK " + hostPort + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}

package dev.kumite.vsockdevice;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What the guest receives: the buffers that it offers for that, and the answers that wait for one.
 * Guarded by the device's lock.
 */
final class GuestInbox {

    /** Address of the host. Source: vsock(7), {@code VMADDR_CID_HOST}. */
    static final long HOST_CID = 2;

    /** Answers that wait for a buffer of the guest's; until they are fewer, nothing is read. */
    static final int MOST_ANSWERS = 256;

    /** How much of what the guest sent has gone on. */
    interface Forwarded {
        /** {@return bytes of that connection, modulo 2^32; 0 if there is none} */
        int by(int hostPort, int guestPort);
    }

    /**
     * A packet without bytes that waits for a buffer. There is one of each kind only.
     *
     * @param hostPort where it comes from
     * @param guestPort where it goes
     * @param operation what it is about
     * @param flags of a shutdown
     */
    private record Answer(int hostPort, int guestPort, Packet.Operation operation, int flags) {}

    private final long guestCid;
    private final Virtqueue receive;
    private final Set<Answer> answers = new LinkedHashSet<>();

    GuestInbox(long guestCid, Virtqueue receive) {
        this.guestCid = guestCid;
        this.receive = receive;
    }

    /** {@return whether the guest has a driver that receives} */
    boolean isOpen() {
        return receive.isRunning();
    }

    /** {@return whether so many answers wait that nothing must be done that makes more} */
    boolean isFull() {
        return answers.size() >= MOST_ANSWERS;
    }

    /** Forgets the answers that wait. */
    void clear() {
        answers.clear();
    }

    /** Asks for a connection. */
    void request(Connection connection) {
        answers.add(requestOf(connection));
    }

    /** Says that there is no such connection. */
    void refuse(Packet packet) {
        answers.add(
                new Answer(packet.destinationPort(), packet.sourcePort(), Packet.Operation.RST, 0));
    }

    /** Says something about a connection. */
    void answer(Connection connection, Packet.Operation operation, int flags) {
        answers.add(new Answer(connection.hostPort(), connection.guestPort(), operation, flags));
    }

    /** Tells the guest that the client has closed. */
    void closed(Connection connection) {
        if (connection.isEstablished()) {
            int both = Packet.NO_MORE_TAKEN | Packet.NO_MORE_SENT;
            answer(connection, Packet.Operation.SHUTDOWN, both);
        } else if (!answers.remove(requestOf(connection))) {
            answer(connection, Packet.Operation.RST, 0);
        }
    }

    private static Answer requestOf(Connection connection) {
        return new Answer(
                connection.hostPort(), connection.guestPort(), Packet.Operation.REQUEST, 0);
    }

    /** Sends answers as far as the guest has buffers. */
    void sendAnswers(Forwarded forwarded) {
        boolean any = false;
        Iterator<Answer> waiting = answers.iterator();
        while (waiting.hasNext() && receive.hasNext()) {
            Answer answer = waiting.next();
            waiting.remove();
            put(
                    packet(
                            answer.hostPort(),
                            answer.guestPort(),
                            answer.operation(),
                            answer.flags(),
                            0,
                            forwarded.by(answer.hostPort(), answer.guestPort())));
            any = true;
        }
        if (any) {
            receive.notifyGuest();
        }
    }

    /** {@return whether bytes of the connection can be sent now} */
    boolean takes(Connection connection) {
        // Answers go first: a guest that waits for one may not offer buffers for anything else.
        return connection.isEstablished()
                && answers.isEmpty()
                && connection.credit() > 0
                && receive.hasNext();
    }

    /** Sends what fits into one buffer, which there must be. See {@link #takes}. */
    void send(Connection connection, ByteBuffer bytes) {
        Virtqueue.Chain chain = takeBuffer(Packet.HEADER_BYTES + 1);
        int room = chain.capacity() - Packet.HEADER_BYTES;
        int count = (int) Math.min(Math.min(room, bytes.remaining()), connection.credit());
        Packet packet =
                packet(
                        connection.hostPort(),
                        connection.guestPort(),
                        Packet.Operation.RW,
                        0,
                        count,
                        connection.announceForwarded());
        ByteBuffer whole = packet.write().put(bytes.slice(bytes.position(), count)).flip();
        chain.write(whole);
        receive.giveBack(chain, whole.limit());
        receive.notifyGuest();
        bytes.position(bytes.position() + count);
        connection.sent(count);
    }

    /** The queue must have had a buffer. */
    private void put(Packet packet) {
        Virtqueue.Chain chain = takeBuffer(Packet.HEADER_BYTES);
        chain.write(packet.write().flip());
        receive.giveBack(chain, Packet.HEADER_BYTES);
    }

    private Virtqueue.Chain takeBuffer(int leastBytes) {
        Virtqueue.Chain chain =
                receive.take()
                        .orElseThrow(
                                () -> new DeviceException("the guest has taken a buffer back"));
        if (chain.capacity() < leastBytes) {
            throw new DeviceException(
                    "the guest has a buffer of " + chain.capacity() + " bytes for a packet");
        }
        return chain;
    }

    private Packet packet(
            int hostPort,
            int guestPort,
            Packet.Operation operation,
            int flags,
            int length,
            int forwarded) {
        return new Packet(
                HOST_CID,
                guestCid,
                hostPort,
                guestPort,
                length,
                Packet.TYPE_STREAM,
                operation.number(),
                flags,
                Connection.BUFFER_BYTES,
                forwarded);
    }
}

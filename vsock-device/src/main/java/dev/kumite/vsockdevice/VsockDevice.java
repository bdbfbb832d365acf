package dev.kumite.vsockdevice;

import dev.kumite.linux.Fd;
import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The device: packets between the guest's queues and the host's connections. Safe for use by
 * several threads; all state, that of the connections included, is guarded by one lock.
 *
 * <p>Source: virtio 1.2, 5.10.
 */
final class VsockDevice implements AutoCloseable {

    /** Queue of what the guest receives. Source: virtio 1.2, 5.10.2. */
    static final int RECEIVE_QUEUE = 0;

    /** Queue of what the guest sends. */
    static final int TRANSMIT_QUEUE = 1;

    /** Queues that are served here; QEMU has the third, for events, itself. */
    static final int QUEUES = 2;

    /** Connections at once; a runtime has a handful. Their buffers fit into a heap of 32 MiB. */
    static final int MOST_CONNECTIONS = 64;

    /** Packets that are taken before others get the lock: a guest may send without end. */
    private static final int MOST_PACKETS_AT_ONCE = 256;

    /** What others have to do in time. */
    record Limits(Duration answer, Duration stall) {

        /** For a real guest, whose kernel answers at once, and whose programs read as they like. */
        static final Limits USUAL = new Limits(Duration.ofSeconds(10), Duration.ofMinutes(10));
    }

    /** Below it are ports that have names. */
    private static final int FIRST_HOST_PORT = 1 << 30;

    private final long guestCid;
    private final Threads threads;
    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock(true); // else pump might have it always
    private final Condition progress = lock.newCondition();
    private final List<Virtqueue> queues = List.of(new Virtqueue(), new Virtqueue());
    private final GuestInbox inbox;
    private final Virtqueue transmit = queues.get(TRANSMIT_QUEUE);
    private final Map<Integer, Connection> connections = new HashMap<>();
    private GuestMemory memory = GuestMemory.none();
    private int lastHostPort = FIRST_HOST_PORT;

    /**
     * @param guestCid the guest's address
     * @param threads that serve it
     * @param limits of what is awaited
     */
    VsockDevice(long guestCid, Threads threads, Limits limits) {
        this.guestCid = guestCid;
        this.threads = threads;
        this.limits = limits;
        this.inbox = new GuestInbox(guestCid, queues.get(RECEIVE_QUEUE));
    }

    Threads threads() {
        return threads;
    }

    long guestCid() {
        return guestCid;
    }

    /** What is done to a queue. */
    interface QueueAction {
        void on(Virtqueue queue);
    }

    /**
     * Does something to a queue while nobody else uses it.
     *
     * @throws DeviceException if there is no such queue
     */
    void withQueue(int index, QueueAction action) {
        lock.lock();
        try {
            if (index < 0 || index >= QUEUES) {
                throw new DeviceException("queue " + index + " of " + QUEUES);
            }
            action.on(queues.get(index));
        } finally {
            lock.unlock();
        }
    }

    /** Takes the guest's memory as it is from now on. */
    void setMemory(ByteBuffer table, List<Fd> files) {
        lock.lock();
        try {
            GuestMemory before = memory;
            memory = GuestMemory.map(table, files);
            for (Virtqueue queue : queues) {
                queue.setMemory(memory);
            }
            before.close();
        } finally {
            lock.unlock();
        }
    }

    /** Stops a queue; the guest's driver is gone, and all connections with it. */
    int stop(int index) {
        lock.lock();
        try {
            int[] base = new int[1];
            withQueue(index, queue -> base[0] = queue.stop());
            List.copyOf(connections.values()).forEach(this::forget);
            inbox.clear();
            progress.signalAll();
            return base[0];
        } finally {
            lock.unlock();
        }
    }

    /** Ends all connections and gives back what QEMU has handed over. */
    @Override
    public void close() {
        lock.lock();
        try {
            for (int index = 0; index < QUEUES; index++) {
                int _ = stop(index);
                withQueue(index, queue -> queue.setCall(Optional.empty()));
            }
            memory.close();
            memory = GuestMemory.none();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does what can be done: the guest has new buffers, or may have. The caller must not hold the
     * lock, which others get in between.
     */
    void pump() {
        boolean more = true;
        while (more) {
            lock.lock();
            try {
                inbox.sendAnswers(this::forwardedBytes);
                more = takePackets();
                progress.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** {@return whether any packet was taken} */
    private boolean takePackets() {
        int count = 0;
        while (count < MOST_PACKETS_AT_ONCE && !inbox.isFull()) {
            Optional<Virtqueue.Chain> chain = transmit.take();
            if (chain.isEmpty()) {
                break;
            }
            ByteBuffer content = chain.get().content();
            transmit.giveBack(chain.get(), 0);
            count++;
            handle(content);
        }
        if (count > 0) {
            transmit.notifyGuest();
        }
        return count > 0;
    }

    private int forwardedBytes(int hostPort, int guestPort) {
        return find(hostPort, guestPort).map(Connection::announceForwarded).orElse(0);
    }

    private Optional<Connection> find(int hostPort, int guestPort) {
        return Optional.ofNullable(connections.get(hostPort))
                .filter(connection -> connection.guestPort() == guestPort);
    }

    private void handle(ByteBuffer content) {
        if (content.remaining() < Packet.HEADER_BYTES) {
            throw new DeviceException("a packet of " + content.remaining() + " bytes");
        }
        Packet packet = Packet.read(content);
        if (packet.length() < 0 || packet.length() > content.remaining()) {
            throw new DeviceException(
                    "a packet of "
                            + packet.length()
                            + " bytes in a buffer of "
                            + content.remaining());
        }
        if (packet.destinationCid() != GuestInbox.HOST_CID || packet.sourceCid() != guestCid) {
            return;
        }
        Packet.Operation operation = Packet.Operation.of(packet.operation());
        Optional<Connection> connection = find(packet.destinationPort(), packet.sourcePort());
        if (connection.isPresent() && operation != null && packet.type() == Packet.TYPE_STREAM) {
            handle(connection.get(), operation, packet, content);
            return;
        }
        connection.ifPresent(this::forget);
        if (operation != Packet.Operation.RST) {
            inbox.refuse(packet);
        }
    }

    private void handle(
            Connection connection, Packet.Operation operation, Packet packet, ByteBuffer content) {
        connection.setCredit(packet.bufferSpace(), packet.forwarded());
        switch (operation) {
            case RESPONSE -> connection.established();
            case RST -> forget(connection);
            case SHUTDOWN -> shutdown(connection, packet);
            case RW -> {
                content.limit(content.position() + packet.length());
                if (!connection.deliver(content)) {
                    inbox.refuse(packet);
                    forget(connection);
                }
            }
            case CREDIT_UPDATE -> {
                // every packet tells it
            }
            case CREDIT_REQUEST -> inbox.answer(connection, Packet.Operation.CREDIT_UPDATE, 0);
            case REQUEST -> {
                inbox.refuse(packet);
                forget(connection);
            }
        }
    }

    private void shutdown(Connection connection, Packet packet) {
        connection.guestShutDown(packet.flags());
        if (connection.isShutDownByGuest()) {
            inbox.refuse(packet);
            forget(connection);
        }
    }

    /** What was delivered still goes to the client; then its connection ends. */
    private void forget(Connection connection) {
        connections.remove(connection.hostPort());
        connection.end();
        progress.signalAll();
    }

    /**
     * Asks the guest for a connection, and does not wait for it.
     *
     * @return it; nothing if the guest has no driver for this device (yet)
     */
    Optional<Connection> connect(UnixSocket client, int guestPort) {
        Connection connection;
        lock.lock();
        try {
            if (!inbox.isOpen() || connections.size() >= MOST_CONNECTIONS) {
                return Optional.empty();
            }
            connection = new Connection(this, client, freePort(), guestPort);
            connections.put(connection.hostPort(), connection);
            inbox.request(connection);
        } finally {
            lock.unlock();
        }
        pump();
        return Optional.of(connection);
    }

    /** {@return whether the guest has said yes} Waits for that, no longer than the limit. */
    boolean awaitEstablished(Connection connection) throws InterruptedException {
        lock.lock();
        try {
            long remaining = limits.answer().toNanos();
            while (!connection.isDecided() && remaining > 0) {
                remaining = progress.awaitNanos(remaining);
            }
            return connection.isEstablished();
        } finally {
            lock.unlock();
        }
    }

    /** {@return how many there are} */
    int connectionCount() {
        lock.lock();
        try {
            return connections.size();
        } finally {
            lock.unlock();
        }
    }

    private int freePort() {
        do {
            lastHostPort = Math.max(lastHostPort + 1, FIRST_HOST_PORT);
        } while (connections.containsKey(lastHostPort));
        return lastHostPort;
    }

    /**
     * Sends a client's bytes to the guest as it takes them; drops what it does not take any more.
     * The connection ends if the guest takes nothing for longer than the limit: that the client is
     * gone would not be noticed.
     */
    void send(Connection connection, ByteBuffer bytes) throws InterruptedException {
        if (!trySend(connection, bytes)) {
            closed(connection);
        }
    }

    private boolean trySend(Connection connection, ByteBuffer bytes) throws InterruptedException {
        lock.lock();
        try {
            long remaining = limits.stall().toNanos();
            while (bytes.hasRemaining() && !connection.isClosedToBytes()) {
                if (inbox.takes(connection)) {
                    inbox.send(connection, bytes);
                    remaining = limits.stall().toNanos();
                } else if (remaining > 0) {
                    remaining = progress.awaitNanos(remaining);
                } else {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The client has closed; so the guest is told, and packets of its that still come are refused.
     */
    void closed(Connection connection) {
        lock.lock();
        try {
            if (connection.isEnded()) {
                return;
            }
            inbox.closed(connection);
            forget(connection);
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** {@return the next bytes for a client; none after the last ones} Waits for them. */
    ByteBuffer awaitDelivery(Connection connection) throws InterruptedException {
        lock.lock();
        try {
            while (!connection.hasDelivery() && !connection.isComplete()) {
                progress.await();
            }
            return connection.takeDelivery();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until either side has closed. */
    void awaitEnd(Connection connection) throws InterruptedException {
        lock.lock();
        try {
            while (!connection.isEnded()) {
                progress.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The client has taken bytes; so the guest may send more. */
    void forwarded(Connection connection, int count) {
        lock.lock();
        try {
            if (!connection.forwarded(count) || connection.isEnded()) {
                return;
            }
            inbox.answer(connection, Packet.Operation.CREDIT_UPDATE, 0);
        } finally {
            lock.unlock();
        }
        pump();
    }
}

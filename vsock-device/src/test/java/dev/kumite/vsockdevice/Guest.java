package dev.kumite.vsockdevice;

import dev.kumite.linux.Errno;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixServer;
import dev.kumite.linux.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A machine with the device, both in this process: plays QEMU over a real socket, and the driver of
 * the guest in memory that both have. Confined to the test's thread.
 */
final class Guest implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final long CID = 42;
    static final long HOST = 2;
    static final int ENTRIES = 16;

    /** Bytes that the guest takes in all on one connection. */
    static final int GUEST_SPACE = 256 << 10;

    static final long GUEST_BASE = 0x1_0000_0000L;
    static final long USER_BASE = 0x7f12_3400_0000L;
    static final int MEMORY_BYTES = 4 << 20;

    static final int RECEIVE = 0x100000;
    static final int RECEIVE_STRIDE = 0x10000;
    static final int TRANSMIT = 0x200000;
    static final int TRANSMIT_STRIDE = 0x20000;

    /** Nothing of the guest's is here but what a test puts there. */
    static final int SPARE = 0x30000;

    private static final int NEED_REPLY = 8;
    private static final int VERSION = 1;

    /** What the guest got. */
    static final class Received {
        private final Packet packet;
        private final byte[] bytes;

        private Received(Packet packet, byte[] bytes) {
            this.packet = packet;
            this.bytes = bytes;
        }

        Packet packet() {
            return packet;
        }

        byte[] bytes() {
            return bytes;
        }

        Packet.Operation operation() {
            return Packet.Operation.of(packet.operation());
        }
    }

    private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
    private final UnixSocket.Pair sockets = UnixSocket.pair();
    private final Threads threads =
            new Threads(thrown -> {
                fault.complete(thrown); // others may follow from it
                sockets.second().close(); // as the end of the process would
            });
    private final Fd file = Fd.memory("guest");
    private final ByteBuffer memory;
    private final UnixServer server;
    private final VsockDevice device;
    private final Thread vhost;
    private final Thread host;
    private final DriverQueue receive;
    private final DriverQueue transmit;
    private final Deque<Integer> freeSlots = new ArrayDeque<>();
    private int bufferBytes = 4096;
    private int lastHead;
    private boolean faultExpected;

    private Guest(Path directory, VsockDevice.Limits limits) {
        file.truncate(MEMORY_BYTES);
        memory = map(file);
        receive = new DriverQueue(memory, ENTRIES, 0);
        transmit = new DriverQueue(memory, ENTRIES, 0x10000);
        server = UnixServer.listen(directory.resolve("clients"), 0600);
        device = new VsockDevice(CID, threads, limits);
        vhost = threads.start("vhost-user", () -> new VhostUser(sockets.second(), device).serve());
        host = threads.start("host", () -> new HostSide(server, device).serve());
    }

    /** A machine that has not told the device anything. */
    static Guest without(Path directory, VsockDevice.Limits limits) {
        return new Guest(directory, limits);
    }

    /** A machine whose driver is up. */
    static Guest booted(Path directory) {
        Guest guest = new Guest(directory, VsockDevice.Limits.USUAL);
        guest.boot();
        return guest;
    }

    static ByteBuffer map(Fd file) {
        try (FileChannel channel =
                FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Fd file() {
        return file;
    }

    ByteBuffer memory() {
        return memory;
    }

    VsockDevice device() {
        return device;
    }

    DriverQueue receiveQueue() {
        return receive;
    }

    DriverQueue transmitQueue() {
        return transmit;
    }

    /** Size of the buffers that are offered from now on, header included. */
    void setBufferBytes(int bytes) {
        bufferBytes = bytes;
    }

    // QEMU

    /** Tells the device all, as QEMU does when the driver is ready; then offers all buffers. */
    void boot() {
        start();
        offerBuffers(ENTRIES);
    }

    /** The same without buffers. */
    void start() {
        startAt(0);
    }

    /**
     * @param index of the entries that both sides use next
     */
    void startAt(int index) {
        receive.reset(index);
        transmit.reset(index);
        freeSlots.clear();
        for (int slot = 0; slot < ENTRIES / 2; slot++) {
            freeSlots.add(slot);
        }
        configure();
    }

    /** Tells the device where all is, from where the queues are now. */
    private void configure() {
        goOn(receive.nextAvailable(), transmit.nextAvailable());
    }

    /** The same for a machine that stood still. */
    void goOn(int receiveBase, int transmitBase) {
        tell(2, content().putLong(1L << 32 | 1L << 30));
        tellMemory(List.of(file), region(GUEST_BASE, USER_BASE, MEMORY_BYTES, 0));
        startQueue(0, receive, receiveBase);
        startQueue(1, transmit, transmitBase);
        tell(18, content().putInt(0).putInt(1));
        tell(18, content().putInt(1).putInt(1));
    }

    static long[] region(long guestAddress, long userAddress, long size, long offset) {
        return new long[] {guestAddress, size, userAddress, offset};
    }

    void tellMemory(List<Fd> files, long[]... regions) {
        ByteBuffer table = content().putInt(regions.length).putInt(0);
        for (long[] region : regions) {
            for (long number : region) {
                table.putLong(number);
            }
        }
        tell(5, table, files);
    }

    private void startQueue(int index, DriverQueue queue, int base) {
        tell(8, content().putInt(index).putInt(queue.size()));
        tell(10, content().putInt(index).putInt(base));
        tellAddresses(index, queue);
        tell(12, content().putLong(index), List.of(queue.kickPipe().reader()));
        tell(13, content().putLong(index), List.of(queue.callPipe().writer()));
    }

    void tellAddresses(int index, DriverQueue queue) {
        long place = USER_BASE + queue.place();
        tell(
                9,
                content()
                        .putInt(index)
                        .putInt(0)
                        .putLong(place)
                        .putLong(place + DriverQueue.USED)
                        .putLong(place + DriverQueue.AVAILABLE)
                        .putLong(0));
    }

    /** {@return the index that the device gives for going on later} */
    int stopQueue(int index) {
        ByteBuffer state = ask(11, content().putInt(index).putInt(0));
        if (state.getInt(0) != index) {
            throw new AssertionError("base of queue " + state.getInt(0));
        }
        return state.getInt(4);
    }

    static ByteBuffer content() {
        return ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Makes a request that has no answer of its own, and waits until it is done. */
    void tell(int request, ByteBuffer content, List<Fd> files) {
        post(request, VERSION | NEED_REPLY, content.flip(), files);
        long result = reply(request).getLong();
        if (result != 0) {
            throw new AssertionError("request " + request + " was answered by " + result);
        }
    }

    void tell(int request, ByteBuffer content) {
        tell(request, content, List.of());
    }

    /** {@return the answer to a request} */
    ByteBuffer ask(int request, ByteBuffer content) {
        post(request, VERSION, content.flip(), List.of());
        return reply(request);
    }

    /** Makes a request, and does not wait. */
    void post(int request, int flags, ByteBuffer content, List<Fd> files) {
        ByteBuffer header =
                content().putInt(request).putInt(flags).putInt(content.remaining()).flip();
        sockets.first().send(header, files, PATIENCE);
        sockets.first().fd().write(content, PATIENCE);
    }

    /** Sends some bytes of a message. */
    void postPart(byte[] bytes) {
        sockets.first().fd().write(ByteBuffer.wrap(bytes), PATIENCE);
    }

    /** As if QEMU ended, without waiting for the device. */
    void closeSocket() {
        sockets.first().close();
    }

    /** {@return the content of the next answer} */
    ByteBuffer reply(int request) {
        ByteBuffer header = read(12);
        if (header.getInt() != request || header.getInt() != (VERSION | 4)) {
            throw new AssertionError("not an answer to request " + request);
        }
        return read(header.getInt());
    }

    private ByteBuffer read(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (sockets.first().fd().read(bytes, PATIENCE) < 0) {
                throw ended();
            }
        }
        return bytes.flip();
    }

    /** QEMU ends. */
    void disconnect() {
        sockets.first().close();
        join(vhost);
    }

    // The guest's driver

    void offerBuffers(int count) {
        for (int i = 0; i < count; i++) {
            offerBuffer(i);
        }
        receive.kick();
    }

    private void offerBuffer(int index) {
        long address = GUEST_BASE + RECEIVE + (long) index * RECEIVE_STRIDE;
        receive.describe(index, address, bufferBytes, DriverQueue.WRITE, 0);
        receive.offer(index);
    }

    /** {@return the next packet} Its buffer is offered again. */
    Received receive() {
        Received received = take();
        offerBuffer(lastHead);
        receive.kick();
        return received;
    }

    /** {@return the next packet} Its buffer is kept. */
    Received take() {
        await(receive, receive::hasUsed);
        DriverQueue.Used used = receive.takeUsed();
        lastHead = used.head();
        byte[] all = new byte[used.written()];
        memory.get(RECEIVE + used.head() * RECEIVE_STRIDE, all);
        ByteBuffer buffer = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        Packet packet = Packet.read(buffer);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        if (bytes.length != packet.length()) {
            throw new AssertionError(packet + " with " + bytes.length + " bytes");
        }
        return new Received(packet, bytes);
    }

    /** {@return the next packet, which must be about this} */
    Received receive(Packet.Operation operation) {
        Received received = receive();
        if (received.operation() != operation) {
            throw new AssertionError("not " + operation + " but " + received.packet());
        }
        return received;
    }

    boolean hasPacket() {
        return receive.hasUsed();
    }

    /** Sends a packet in two pieces, the header and the bytes. */
    void send(Packet packet, byte... bytes) {
        int slot = freeSlot();
        int place = TRANSMIT + slot * TRANSMIT_STRIDE + Packet.HEADER_BYTES;
        memory.put(place, bytes);
        send(slot, packet, GUEST_BASE + place);
    }

    /** Sends a packet whose bytes are somewhere. */
    void sendFrom(Packet packet, long address) {
        send(freeSlot(), packet, address);
    }

    private void send(int slot, Packet packet, long address) {
        int place = TRANSMIT + slot * TRANSMIT_STRIDE;
        memory.put(place, packet.write().array(), 0, Packet.HEADER_BYTES);
        transmit.describe(
                2 * slot,
                GUEST_BASE + place,
                Packet.HEADER_BYTES,
                packet.length() > 0 ? DriverQueue.NEXT : 0,
                2 * slot + 1);
        transmit.describe(2 * slot + 1, address, packet.length(), 0, 0);
        transmit.offer(2 * slot);
        transmit.kick();
    }

    private int freeSlot() {
        if (freeSlots.isEmpty()) {
            await(transmit, transmit::hasUsed);
        }
        while (transmit.hasUsed()) {
            freeSlots.add(transmit.takeUsed().head() / 2);
        }
        boolean more = true;
        while (more) {
            more = transmit.awaitCall(Duration.ZERO);
        }
        return freeSlots.removeFirst();
    }

    /** {@return whether the device has taken all that was sent} */
    boolean isAllTaken() {
        while (transmit.hasUsed()) {
            freeSlots.add(transmit.takeUsed().head() / 2);
        }
        return freeSlots.size() == ENTRIES / 2;
    }

    /** {@return a packet of the guest's without bytes} */
    static Packet packet(int hostPort, int guestPort, Packet.Operation operation) {
        return new Packet(
                CID, HOST, guestPort, hostPort, 0, 1, operation.number(), 0, GUEST_SPACE, 0);
    }

    void await(DriverQueue queue, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (fault.isDone()) {
                throw ended();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the device does not call");
            }
            boolean _ = queue.awaitCall(Duration.ofMillis(100));
        }
    }

    private AssertionError ended() {
        return new AssertionError("the device has ended", fault.getNow(null));
    }

    /** {@return the fault by which the device ends} Then its end is no failure of the test. */
    Throwable awaitFault() throws InterruptedException {
        faultExpected = true;
        try {
            return fault.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the device does not end", e);
        }
    }

    /** Says that the test may end the device. */
    void mayFail() {
        faultExpected = true;
    }

    /** {@return the fault by which the device has ended; null if it has not} */
    Throwable fault() {
        return fault.getNow(null);
    }

    boolean hasFault() {
        return fault.isDone();
    }

    // A client on the host

    UnixSocket client(String line) {
        UnixSocket client = UnixSocket.connect(server.path(), PATIENCE);
        client.fd().write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)), PATIENCE);
        return client;
    }

    /** {@return the line that a client gets, or what it got until the connection was closed} */
    static String line(UnixSocket client) {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (client.fd().read(one.clear(), PATIENCE) > 0) {
            if (one.get(0) == '\n') {
                return line.toString();
            }
            line.append((char) one.get(0));
        }
        return line + "|end";
    }

    /** {@return all that a client gets until the other side closes} */
    static byte[] all(UnixSocket client) {
        ByteBuffer bytes = ByteBuffer.allocate(16 << 20);
        readAll(client, bytes);
        return filled(bytes);
    }

    /**
     * {@return the same of a client whose own bytes may not all have been read, which Linux tells
     * it by a reset instead of an end}
     */
    static byte[] allBeforeReset(UnixSocket client) {
        ByteBuffer bytes = ByteBuffer.allocate(16 << 20);
        try {
            readAll(client, bytes);
        } catch (LinuxException e) {
            if (e.errno() != Errno.ECONNRESET) {
                throw e;
            }
        }
        return filled(bytes);
    }

    private static void readAll(UnixSocket client, ByteBuffer bytes) {
        int count = 0;
        while (count >= 0) {
            count = client.fd().read(bytes, PATIENCE);
        }
    }

    private static byte[] filled(ByteBuffer bytes) {
        byte[] all = new byte[bytes.position()];
        bytes.get(0, all);
        return all;
    }

    static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never: " + what);
            }
            Thread.sleep(2);
        }
    }

    private static void join(Thread thread) {
        try {
            if (!thread.join(PATIENCE)) {
                throw new AssertionError(thread + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        sockets.first().close();
        join(vhost);
        server.close();
        join(host);
        device.close();
        sockets.second().close();
        receive.close();
        transmit.close();
        file.close();
        if (fault.isDone() && !faultExpected) {
            throw ended();
        }
    }
}

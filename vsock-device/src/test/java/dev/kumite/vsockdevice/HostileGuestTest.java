package dev.kumite.vsockdevice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that do what they must not: the device ends, or goes on, but it never hangs or errs. */
@Timeout(300)
final class HostileGuestTest {
    private static final long ADDRESS = Guest.GUEST_BASE + Guest.SPARE;

    @TempDir Path directory;

    private static void endsBecause(Guest guest, String part) throws InterruptedException {
        assertThat(guest.awaitFault())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining(part);
    }

    private static void putHeader(Guest guest, int place, Packet packet) {
        guest.memory().put(place, packet.write().array(), 0, Packet.HEADER_BYTES);
    }

    private static Packet withLength(int length) {
        Packet p = Guest.packet(1, 2, Packet.Operation.RW);
        return new Packet(
                p.sourceCid(),
                p.destinationCid(),
                p.sourcePort(),
                p.destinationPort(),
                length,
                p.type(),
                p.operation(),
                0,
                0,
                0);
    }

    private static Packet with(Packet p, long source, long destination, int type, int operation) {
        return new Packet(
                source,
                destination,
                p.sourcePort(),
                p.destinationPort(),
                0,
                type,
                operation,
                p.flags(),
                p.bufferSpace(),
                p.forwarded());
    }

    /** Writes a header whose length may be none. */
    private static void putHeaderWithLength(Guest guest, int length) {
        putHeader(guest, Guest.SPARE, withLength(0));
        guest.memory().putInt(Guest.SPARE + 24, length);
    }

    @ParameterizedTest
    @CsvSource({
        "0,44", // below all memory
        "4294967295,44", // begins a byte before
        "4299161556,45", // ends a byte after
        "4299161600,1", // begins at the end
        "-1,44",
        "-44,100",
        "9223372036854775807,44"
    })
    void aBufferOutsideTheMemoryIsRefused(long address, int length) throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            guest.transmitQueue().describe(0, address, length, 0, 0);
            guest.transmitQueue().offer(0);
            guest.transmitQueue().kick();

            endsBecause(guest, "are not the guest's memory");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {(1 << 20) + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void aHugeBufferIsRefused(int length) throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            guest.transmitQueue().describe(0, Guest.GUEST_BASE, length, 0, 0);
            guest.transmitQueue().offer(0);
            guest.transmitQueue().kick();

            endsBecause(guest, "a chain with ");
        }
    }

    @Test
    void hugeBuffersInOneChainAreRefused() throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            DriverQueue queue = guest.transmitQueue();
            for (int i = 0; i < Guest.ENTRIES; i++) {
                queue.describe(i, Guest.GUEST_BASE, 1 << 19, DriverQueue.NEXT, i + 1);
            }
            queue.offer(0);
            queue.kick();

            endsBecause(guest, "a chain with 1572864 bytes");
        }
    }

    @Test
    void indirectDescriptorsAreRefused() throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            guest.transmitQueue().describe(0, ADDRESS, 64, DriverQueue.INDIRECT, 0);
            guest.transmitQueue().offer(0);
            guest.transmitQueue().kick();

            endsBecause(guest, "flags 0x4");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15})
    void aLoopOfDescriptorsIsRefused(int last) throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            DriverQueue queue = guest.transmitQueue();
            for (int i = 0; i <= last; i++) {
                queue.describe(i, ADDRESS, 4, DriverQueue.NEXT, i == last ? 0 : i + 1);
            }
            queue.offer(0);
            queue.kick();

            endsBecause(guest, "has no end");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 32767, 32768, 65535})
    void aDescriptorBeyondTheTableIsRefused(int index) throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            guest.transmitQueue().offer(index);
            guest.transmitQueue().kick();

            endsBecause(guest, "descriptor " + index + " in a queue of 16");
        }
        try (Guest guest = Guest.booted(Files.createDirectory(directory.resolve("next")))) {
            guest.transmitQueue().describe(0, ADDRESS, 44, DriverQueue.NEXT, index);
            guest.transmitQueue().offer(0);
            guest.transmitQueue().kick();

            endsBecause(guest, "descriptor " + index + " in a queue of 16");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 32768, 65535})
    void anIndexThatJumpsIsRefused(int index) throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            guest.transmitQueue().setAvailableIndex(index);
            guest.transmitQueue().kick();

            endsBecause(guest, "the guest offers " + index + " buffers in a queue of 16");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 43})
    void aShortHeaderIsRefused(int length) throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            guest.transmitQueue().describe(0, ADDRESS, length, 0, 0);
            guest.transmitQueue().offer(0);
            guest.transmitQueue().kick();

            endsBecause(guest, "a packet of " + length + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65536, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void aPacketThatIsLongerThanItsBufferIsRefused(int length) throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            putHeaderWithLength(guest, length);
            guest.transmitQueue().describe(0, ADDRESS, Packet.HEADER_BYTES, 0, 0);
            guest.transmitQueue().offer(0);
            guest.transmitQueue().kick();

            endsBecause(guest, "a packet of " + length + " bytes in a buffer of 0");
        }
    }

    @Test
    void aPacketOnlyOfBuffersToWriteToIsRefused() throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            guest.transmitQueue().describe(0, ADDRESS, 100, DriverQueue.WRITE, 0);
            guest.transmitQueue().offer(0);
            guest.transmitQueue().kick();

            endsBecause(guest, "a packet of 0 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({"43,2", "0,2", "100,0"})
    void aBufferThatNoPacketFitsIntoIsRefused(int length, int flags) throws Exception {
        try (Guest guest = Guest.without(directory, VsockDevice.Limits.USUAL)) {
            guest.start();
            guest.receiveQueue().describe(0, ADDRESS, length, flags, 0);
            guest.receiveQueue().offer(0);
            guest.receiveQueue().kick();
            guest.send(Guest.packet(1, 2, Packet.Operation.REQUEST));

            endsBecause(guest, "the guest has a buffer of ");
        }
    }

    @Test
    void aBufferThatNoByteFitsIntoIsRefused() throws Exception {
        try (Guest guest = Guest.without(directory, VsockDevice.Limits.USUAL)) {
            guest.setBufferBytes(Packet.HEADER_BYTES);
            guest.boot();
            try (UnixSocket client = guest.client("CONNECT 1\n")) {
                GuestStream.accept(guest);
                Guest.line(client);
                client.fd().write(ByteBuffer.wrap(new byte[1]));

                endsBecause(guest, "the guest has a buffer of 44 bytes");
            }
        }
    }

    @Test
    void packetsThatNobodyCanUnderstandAreRefusedOrIgnored() throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            Packet request = Guest.packet(1, 2, Packet.Operation.REQUEST);
            guest.send(with(request, Guest.CID + 1, Guest.HOST, 1, 1)); // of somebody else
            guest.send(with(request, Guest.CID, 99, 1, 1)); // to somebody else
            guest.send(with(request, Guest.CID, Guest.HOST, 1, 3)); // a reset is not answered
            assertThat(guest.hasPacket()).isFalse();
            for (int operation : new int[] {0, 8, 0xffff}) {
                guest.send(with(request, Guest.CID, Guest.HOST, 1, operation));
                guest.receive(Packet.Operation.RST);
            }
            guest.send(with(request, Guest.CID, Guest.HOST, 2, 1)); // a packet socket
            guest.receive(Packet.Operation.RST);
            Guest.eventually("all taken", guest::isAllTaken);
            assertThat(guest.hasPacket()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,9", "2,5"})
    void anUnknownPacketOfAConnectionEndsIt(int type, int operation) throws Exception {
        try (Guest guest = Guest.booted(directory);
                UnixSocket client = guest.client("CONNECT 1\n")) {
            GuestStream stream = GuestStream.accept(guest);
            Guest.line(client);
            Packet packet = stream.packet(0);
            guest.send(with(packet, Guest.CID, Guest.HOST, type, operation));

            guest.receive(Packet.Operation.RST);
            assertThat(Guest.all(client)).isEmpty();
        }
    }

    @Test
    void aGuestThatTakesNoAnswersIsReadNoMoreUntilItDoes() throws Exception {
        try (Guest guest = Guest.without(directory, VsockDevice.Limits.USUAL)) {
            guest.start();
            int most = GuestInbox.MOST_ANSWERS;
            for (int i = 0; i < most; i++) {
                guest.send(Guest.packet(1, i, Packet.Operation.REQUEST));
            }
            Guest.eventually("all taken", guest::isAllTaken);
            guest.send(Guest.packet(1, most, Packet.Operation.REQUEST));
            guest.tell(3, Guest.content());
            assertThat(guest.isAllTaken()).isFalse();

            guest.offerBuffers(Guest.ENTRIES);

            for (int i = 0; i <= most; i++) {
                assertThat(guest.receive(Packet.Operation.RST).packet().destinationPort())
                        .isEqualTo(i);
            }
            Guest.eventually("all taken", guest::isAllTaken);
        }
    }

    @Test
    void aGuestThatSendsWithoutEndDoesNotKeepOthersFromTheDevice() throws Exception {
        try (Guest guest = Guest.booted(directory)) {
            // Packets that have no answer; their descriptors are the same ones again and again.
            DriverQueue queue = guest.transmitQueue();
            putHeader(guest, Guest.SPARE, Guest.packet(1, 2, Packet.Operation.RST));
            for (int i = 0; i < Guest.ENTRIES; i++) {
                queue.describe(i, ADDRESS, Packet.HEADER_BYTES, 0, 0);
                queue.offer(i);
            }
            queue.wantNoInterrupts();
            AtomicBoolean go = new AtomicBoolean(true);
            Thread flood =
                    Thread.ofPlatform()
                            .start(() -> {
                                int offered = Guest.ENTRIES;
                                while (go.get()) {
                                    offered = flood(guest, queue, offered);
                                }
                            });
            queue.kick();
            try {
                Guest.eventually("flood", () -> queue.usedIndex() > 1000);
                try (UnixSocket _ = guest.client("CONNECT 1\n")) {
                    guest.receive(Packet.Operation.REQUEST);
                }
                guest.receive(Packet.Operation.RST);
                assertThat(guest.ask(17, Guest.content()).getLong()).isEqualTo(2);
                guest.stopQueue(1);
            } finally {
                go.set(false);
                flood.join();
            }
        }
    }

    /** Offers as many as the queue holds again and again. */
    private static int flood(Guest guest, DriverQueue queue, int before) {
        VarHandle.fullFence();
        int used = queue.usedIndex();
        int index = (used + Guest.ENTRIES) & 0xffff;
        guest.memory().putShort(queue.place() + DriverQueue.AVAILABLE + 2, (short) index);
        if (used == before) {
            queue.kick(); // the device may have thought that it has got all
        }
        return index;
    }

    /** Rounds of one guest, each with random bytes at random places of what both sides share. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomBytesInTheRingsEndTheDeviceOrNot(long seed) throws Exception {
        Random random = new Random(seed);
        int ended = 0;
        for (int round = 0; round < 25; round++) {
            Path place = Files.createDirectory(directory.resolve(seed + "-" + round));
            Guest guest = Guest.booted(place);
            guest.mayFail();
            try (guest) {
                disturb(guest, random);
            } catch (AssertionError | LinuxException e) {
                if (!guest.hasFault()) {
                    throw new AssertionError("seed " + seed + ", round " + round, e);
                }
            }
            if (guest.hasFault()) {
                ended++;
                assertThat(guest.fault())
                        .as("seed %s, round %s", seed, round)
                        .isInstanceOf(DeviceException.class);
            }
        }
        assertThat(ended).as("rounds of seed %s that ended the device", seed).isBetween(1, 24);
    }

    private static void disturb(Guest guest, Random random) {
        try (UnixSocket client = guest.client("CONNECT 1\n")) {
            GuestStream stream = GuestStream.accept(guest);
            client.fd().write(ByteBuffer.wrap(new byte[random.nextInt(1000)]));
            boolean gently = random.nextBoolean();
            for (int i = 0; i < 50 && !guest.hasFault(); i++) {
                int place = Guest.SPARE + random.nextInt(0x1000);
                putHeader(guest, place, stream.packet(0));
                guest.memory().put(place + 28 + random.nextInt(16), (byte) random.nextInt());
                if (gently) {
                    offerGently(guest, place, random);
                } else {
                    offerAnything(guest, random);
                }
                if (random.nextInt(gently ? 100 : 4) == 0) {
                    DriverQueue queue =
                            random.nextBoolean() ? guest.receiveQueue() : guest.transmitQueue();
                    int part = random.nextBoolean() ? DriverQueue.AVAILABLE : 0;
                    int victim = queue.place() + part + random.nextInt(64);
                    guest.memory().put(victim, (byte) random.nextInt());
                }
            }
            for (int i = 0; i < 3; i++) {
                ByteBuffer _ = guest.ask(17, Guest.content()); // the device is not stuck
            }
        }
    }

    private static void offerGently(Guest guest, int place, Random random) {
        DriverQueue queue = guest.transmitQueue();
        int descriptor = random.nextInt(Guest.ENTRIES);
        long address = Guest.GUEST_BASE + place;
        int count = Packet.HEADER_BYTES + random.nextInt(5000);
        queue.describe(descriptor, address, count, 0, random.nextInt(1 << 16));
        queue.offer(descriptor);
        queue.kick();
        // No more than the queue holds, unless the device does not take them.
        boolean _ = queue.awaitCall(Duration.ofMillis(100));
    }

    private static void offerAnything(Guest guest, Random random) {
        DriverQueue queue = random.nextBoolean() ? guest.receiveQueue() : guest.transmitQueue();
        int descriptor = random.nextInt(Guest.ENTRIES);
        boolean inMemory = random.nextInt(4) != 0;
        queue.describe(
                descriptor,
                inMemory
                        ? Guest.GUEST_BASE + random.nextInt(Guest.MEMORY_BYTES)
                        : random.nextLong(),
                inMemory ? random.nextInt(1 << 17) : random.nextInt(),
                random.nextInt(inMemory ? 4 : 16),
                random.nextInt(Guest.ENTRIES + 1));
        queue.offer(descriptor);
        queue.kick();
    }

    /** Random packets of a connection in buffers that are as they should be. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void randomPacketsDoNotEndTheDevice(long seed) throws Exception {
        Random random = new Random(seed);
        try (Guest guest =
                Guest.without(
                        directory, new VsockDevice.Limits(Guest.PATIENCE, Duration.ofMillis(50)))) {
            guest.boot();
            for (int round = 0; round < 20; round++) {
                try (UnixSocket client = guest.client("CONNECT 1\n")) {
                    Packet request = nextRequest(guest);
                    client.fd().write(ByteBuffer.wrap(new byte[random.nextInt(3000)]));
                    for (int i = 0; i < 30; i++) {
                        byte[] bytes = new byte[random.nextInt(3) == 0 ? random.nextInt(5000) : 0];
                        guest.send(
                                new Packet(
                                        Guest.CID,
                                        Guest.HOST,
                                        1,
                                        request.sourcePort() - random.nextInt(2),
                                        bytes.length,
                                        random.nextInt(10) == 0 ? random.nextInt() : 1,
                                        random.nextInt(1, 8),
                                        random.nextInt(),
                                        random.nextInt(),
                                        random.nextInt()),
                                bytes);
                        while (guest.hasPacket()) {
                            guest.receive();
                        }
                    }
                }
            }
            assertThatCode(() -> guest.tell(3, Guest.content()))
                    .as("seed %s", seed)
                    .doesNotThrowAnyException();
            Guest.eventually(
                    "connections are forgotten", () -> guest.device().connectionCount() == 0);
        }
    }

    private static Packet nextRequest(Guest guest) {
        while (true) {
            Guest.Received next = guest.receive();
            if (next.operation() == Packet.Operation.REQUEST) {
                return next.packet();
            }
        }
    }
}

package dev.kumite.vsockdevice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.Fd;
import dev.kumite.linux.HybridVsock;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections between clients on the host and a guest. Source: virtio 1.2, 5.10.6. */
@Timeout(120)
final class VsockDeviceTest {
    private static final int PORT = 1024;
    private static final int BOTH = Packet.NO_MORE_TAKEN | Packet.NO_MORE_SENT;

    private static final VsockDevice.Limits SHORT_ANSWER =
            new VsockDevice.Limits(Duration.ofMillis(100), Duration.ofMinutes(10));

    private static final VsockDevice.Limits SHORT_STALL =
            new VsockDevice.Limits(Guest.PATIENCE, Duration.ofMillis(100));

    @TempDir Path directory;

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static UnixSocket connect(Guest guest) {
        return guest.client("CONNECT " + PORT + "\n");
    }

    private static void write(UnixSocket client, byte[] bytes) {
        client.fd().write(ByteBuffer.wrap(bytes), Guest.PATIENCE);
    }

    private static void forgotten(Guest guest) throws InterruptedException {
        Guest.eventually("connections are forgotten", () -> guest.device().connectionCount() == 0);
    }

    @Nested
    class Connecting {

        @Test
        void aClientIsConnectedWhenTheGuestAgrees() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                Packet request = guest.receive(Packet.Operation.REQUEST).packet();

                assertThat(request.sourceCid()).isEqualTo(Guest.HOST);
                assertThat(request.destinationCid()).isEqualTo(Guest.CID);
                assertThat(request.destinationPort()).isEqualTo(PORT);
                assertThat(request.type()).isEqualTo(Packet.TYPE_STREAM);
                assertThat(request.bufferSpace()).isEqualTo(Connection.BUFFER_BYTES);

                guest.send(Guest.packet(request.sourcePort(), PORT, Packet.Operation.RESPONSE));

                assertThat(Guest.line(client)).isEqualTo("OK " + request.sourcePort());
            }
        }

        @Test
        void theClientThatTheRuntimeUsesIsConnected() throws Exception {
            try (Guest guest = Guest.booted(directory)) {
                CompletableFuture<UnixSocket> connecting =
                        CompletableFuture.supplyAsync(() ->
                                HybridVsock.connect(
                                        directory.resolve("clients"), PORT, Guest.PATIENCE));
                GuestStream stream = GuestStream.accept(guest);
                try (UnixSocket client = connecting.get(30, TimeUnit.SECONDS)) {
                    stream.write("hello".getBytes(UTF_8));
                    stream.tell(Packet.Operation.SHUTDOWN, BOTH);

                    assertThat(Guest.all(client)).asString(UTF_8).isEqualTo("hello");
                }
            }
        }

        @Test
        void nobodyAnswersBeforeTheDriverIsUp() throws Exception {
            try (Guest guest = Guest.without(directory, VsockDevice.Limits.USUAL);
                    UnixSocket client = connect(guest)) {
                assertThat(Guest.line(client)).isEqualTo("|end");
            }
        }

        @Test
        void aGuestThatRefusesClosesTheClientsConnection() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                Packet request = guest.receive(Packet.Operation.REQUEST).packet();
                guest.send(Guest.packet(request.sourcePort(), PORT, Packet.Operation.RST));

                assertThat(Guest.line(client)).isEqualTo("|end");
                forgotten(guest);
            }
        }

        @Test
        void aGuestThatDoesNotAnswerInTimeIsToldSoAndForgotten() throws Exception {
            try (Guest guest = Guest.without(directory, SHORT_ANSWER)) {
                guest.boot();
                try (UnixSocket client = connect(guest)) {
                    Packet request = guest.receive(Packet.Operation.REQUEST).packet();

                    assertThat(Guest.line(client)).isEqualTo("|end");
                    assertThat(guest.receive(Packet.Operation.RST).packet().sourcePort())
                            .isEqualTo(request.sourcePort());
                    forgotten(guest);

                    guest.send(Guest.packet(request.sourcePort(), PORT, Packet.Operation.RESPONSE));

                    assertThat(guest.receive(Packet.Operation.RST).packet().sourcePort())
                            .isEqualTo(request.sourcePort());
                }
            }
        }

        @Test
        void aClientThatGivesUpIsForgottenThoughTheGuestHasNotAnswered() throws Exception {
            try (Guest guest = Guest.booted(directory)) {
                UnixSocket client = connect(guest);
                Packet request = guest.receive(Packet.Operation.REQUEST).packet();

                client.close();

                assertThat(guest.receive(Packet.Operation.RST).packet().sourcePort())
                        .isEqualTo(request.sourcePort());
                forgotten(guest);
            }
        }

        @Test
        void clientsThatGiveUpLeaveNothingForAGuestWithoutBuffers() throws Exception {
            try (Guest guest = Guest.without(directory, VsockDevice.Limits.USUAL)) {
                guest.start();
                for (int i = 0; i < 3 * VsockDevice.MOST_CONNECTIONS; i++) {
                    UnixSocket client = connect(guest);
                    Guest.eventually("connection", () -> guest.device().connectionCount() == 1);
                    client.close();
                    forgotten(guest);
                }
                try (UnixSocket client = connect(guest)) {
                    Guest.eventually("connection", () -> guest.device().connectionCount() == 1);
                    guest.offerBuffers(Guest.ENTRIES);
                    GuestStream stream = GuestStream.accept(guest);

                    assertThat(Guest.line(client)).isEqualTo("OK " + stream.hostPort());
                    assertThat(guest.hasPacket()).isFalse();
                }
            }
        }

        @Test
        void thereIsALimitOfConnections() throws Exception {
            try (Guest guest = Guest.booted(directory)) {
                List<UnixSocket> clients = new ArrayList<>();
                for (int i = 0; i < VsockDevice.MOST_CONNECTIONS; i++) {
                    clients.add(connect(guest));
                    GuestStream stream = GuestStream.accept(guest);
                    assertThat(Guest.line(clients.get(i))).isEqualTo("OK " + stream.hostPort());
                }
                try (UnixSocket oneMore = connect(guest)) {
                    assertThat(Guest.line(oneMore)).isEqualTo("|end");
                }
                clients.forEach(UnixSocket::close);
                for (UnixSocket _ : clients) {
                    guest.receive(Packet.Operation.SHUTDOWN);
                }
                forgotten(guest);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "CONNECT\n",
                    "CONNECT \n",
                    "CONNECT x\n",
                    "CONNECT -1\n",
                    "CONNECT 4294967296\n",
                    "connect 1\n",
                    "\n",
                    "CONNECT 000000000000000000000001\n"
                })
        void aClientThatSaysSomethingElseIsClosed(String line) throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = guest.client(line)) {
                String answer;
                try {
                    answer = Guest.line(client);
                } catch (LinuxException e) {
                    answer = "|end"; // a reset: not all of the line was read
                }
                assertThat(answer).isEqualTo("|end");
                assertThat(guest.hasPacket()).isFalse();
            }
        }

        @Test
        void aClientThatSaysNothingDoesNotDisturbOthers() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket silent = guest.client("CONN");
                    UnixSocket client = guest.client("CONNECT 4294967295\n")) {
                GuestStream stream = GuestStream.accept(guest);

                assertThat(Guest.line(client)).isEqualTo("OK " + stream.hostPort());
                silent.shutdownOutput();
                assertThat(Guest.line(silent)).isEqualTo("|end");
            }
        }

        @Test
        void aGuestThatWantsToConnectIsRefused() throws Exception {
            try (Guest guest = Guest.booted(directory)) {
                guest.send(Guest.packet(22, 4444, Packet.Operation.REQUEST));

                Packet answer = guest.receive(Packet.Operation.RST).packet();
                assertThat(answer.sourcePort()).isEqualTo(22);
                assertThat(answer.destinationPort()).isEqualTo(4444);
            }
        }
    }

    @Nested
    class Bytes {

        /** Several MiB both ways at once, with little room everywhere. */
        private void goBothWays(int bufferBytes, int guestSpace, int most) throws Exception {
            byte[] toGuest = random(3 << 20);
            byte[] toHost = random(4 << 20);
            try (Guest guest = Guest.without(directory, VsockDevice.Limits.USUAL)) {
                guest.setBufferBytes(bufferBytes);
                guest.boot();
                try (UnixSocket client = connect(guest)) {
                    GuestStream stream = GuestStream.accept(guest, guestSpace);
                    assertThat(Guest.line(client)).startsWith("OK ");
                    CompletableFuture<Void> writing =
                            CompletableFuture.runAsync(() -> write(client, toGuest));
                    CompletableFuture<byte[]> reading =
                            CompletableFuture.supplyAsync(() -> Guest.all(client));

                    int place = 0;
                    while (place < toHost.length || stream.received().length < toGuest.length) {
                        int count = stream.writeFrom(toHost, place, most);
                        place += count;
                        if (count == 0 || guest.hasPacket()) {
                            stream.handleOne();
                        }
                    }
                    stream.tell(Packet.Operation.SHUTDOWN, Packet.NO_MORE_SENT);

                    assertThat(reading.get(60, TimeUnit.SECONDS)).isEqualTo(toHost);
                    writing.get(60, TimeUnit.SECONDS);
                    assertThat(stream.received()).isEqualTo(toGuest);
                }
            }
        }

        @Test
        void areTheSameOnTheOtherSide() throws Exception {
            goBothWays(4096, Guest.GUEST_SPACE, 64 << 10);
        }

        @Test
        void areTheSameWithSmallBuffersAndLittleCredit() throws Exception {
            goBothWays(Packet.HEADER_BYTES + 1001, 3000, 1777);
        }

        @Test
        void goToAGuestThatWantsNoInterruptsAndLooksByItself() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                while (guest.receiveQueue().awaitCall(Duration.ZERO)) {
                    // those before
                }
                guest.receiveQueue().wantNoInterrupts();

                write(client, "quiet".getBytes(UTF_8));

                Guest.eventually("packet", guest::hasPacket);
                stream.handleOne();
                assertThat(stream.received()).asString(UTF_8).isEqualTo("quiet");
                assertThat(guest.receiveQueue().awaitCall(Duration.ZERO)).isFalse();
            }
        }

        @Test
        void areFilledIntoBuffersOfSeveralPieces() throws Exception {
            try (Guest guest = Guest.without(directory, VsockDevice.Limits.USUAL)) {
                guest.start();
                DriverQueue queue = guest.receiveQueue();
                long address = Guest.GUEST_BASE + Guest.RECEIVE;
                for (int head = 0; head < 6; head += 3) {
                    int flags = DriverQueue.WRITE | DriverQueue.NEXT;
                    queue.describe(head, address, 40, flags, head + 1);
                    queue.describe(head + 1, address + 40, 5, flags, head + 2);
                    queue.describe(head + 2, address + 45, 100, DriverQueue.WRITE, 0);
                    queue.offer(head);
                    address += 3L * Guest.RECEIVE_STRIDE;
                }
                queue.kick();
                try (UnixSocket client = connect(guest)) {
                    Packet request = guest.take().packet();
                    guest.send(Guest.packet(request.sourcePort(), PORT, Packet.Operation.RESPONSE));
                    Guest.line(client);
                    write(client, "in pieces".getBytes(UTF_8));

                    assertThat(guest.take().bytes()).asString(UTF_8).isEqualTo("in pieces");
                }
            }
        }

        @Test
        void stayInTheClientsSocketUntilTheGuestTakesThem() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest, 3);
                Guest.line(client);
                write(client, "abcdef".getBytes(UTF_8));
                stream.handleOne(); // which gives credit again
                stream.handleOne();

                assertThat(stream.received()).asString(UTF_8).isEqualTo("abcdef");
            }
        }

        @Test
        void areNotTakenFromAGuestThatSendsMoreThanItMay() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                // The client does not read: its socket and the device's buffer get full.
                byte[] bytes = random(64 << 10);
                for (int i = 0; i < 64 && !stream.isEnded(); i++) {
                    stream.write(bytes);
                    Guest.eventually("packet taken", guest::isAllTaken);
                    while (guest.hasPacket() && !stream.isEnded()) {
                        stream.handleOne();
                    }
                }
                assertThat(stream.isEnded()).isTrue();

                byte[] got = Guest.all(client);
                assertThat(got.length).isLessThan(stream.sent());
                assertThat(got).startsWith(bytes);
                forgotten(guest);
            }
        }

        @Test
        void thatTheGuestDoesNotTakeEndTheConnectionAfterTheLimit() throws Exception {
            try (Guest guest = Guest.without(directory, SHORT_STALL)) {
                guest.boot();
                UnixSocket client = guest.client("CONNECT 1024\n");
                GuestStream stream = GuestStream.accept(guest, 0);
                Guest.line(client);
                write(client, "nobody takes this".getBytes(UTF_8));
                client.close();

                stream.handleUntilEnd();
                assertThat(stream.received()).isEmpty();
                forgotten(guest);
            }
        }

        @Test
        void areAnnouncedToAGuestThatAsks() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                stream.write(random(1000));
                ByteBuffer got = ByteBuffer.allocate(1000);
                while (got.hasRemaining()) {
                    client.fd().read(got, Guest.PATIENCE);
                }
                Packet answer;
                do {
                    stream.tell(Packet.Operation.CREDIT_REQUEST);
                    answer = guest.receive(Packet.Operation.CREDIT_UPDATE).packet();
                } while (answer.forwarded() != 1000); // the device may not have counted them yet

                assertThat(answer.bufferSpace()).isEqualTo(Connection.BUFFER_BYTES);
            }
        }
    }

    @Nested
    class Closing {

        @Test
        void aClientThatClosesIsSeenByTheGuest() throws Exception {
            try (Guest guest = Guest.booted(directory)) {
                UnixSocket client = connect(guest);
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                write(client, "last words".getBytes(UTF_8));
                client.close();

                stream.handleOne();
                Packet shutdown = guest.receive(Packet.Operation.SHUTDOWN).packet();
                assertThat(shutdown.flags()).isEqualTo(BOTH);
                assertThat(stream.received()).asString(UTF_8).isEqualTo("last words");
                forgotten(guest);

                stream.write((byte) 1);
                guest.receive(Packet.Operation.RST);
            }
        }

        @Test
        void aClientGetsWhatTheGuestHadSentBeforeItClosed() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                byte[] bytes = random(200_000);
                int place = 0;
                while (place < bytes.length) {
                    place += stream.writeFrom(bytes, place, 60_000);
                }
                stream.tell(Packet.Operation.SHUTDOWN, BOTH);

                assertThat(Guest.line(client)).startsWith("OK ");
                assertThat(Guest.all(client)).isEqualTo(bytes);
                stream.handleUntilEnd();
                forgotten(guest);
            }
        }

        @Test
        void aGuestThatSendsNoMoreStillReceives() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                stream.write("question".getBytes(UTF_8));
                stream.tell(Packet.Operation.SHUTDOWN, Packet.NO_MORE_SENT);

                assertThat(Guest.all(client)).asString(UTF_8).isEqualTo("question");
                write(client, "answer".getBytes(UTF_8));
                stream.handleOne();
                assertThat(stream.received()).asString(UTF_8).isEqualTo("answer");

                stream.tell(Packet.Operation.SHUTDOWN, Packet.NO_MORE_TAKEN);
                guest.receive(Packet.Operation.RST);
                forgotten(guest);
            }
        }

        @Test
        void aGuestThatTakesNoMoreStillSends() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                stream.tell(Packet.Operation.SHUTDOWN, Packet.NO_MORE_TAKEN);
                Guest.eventually("packet taken", guest::isAllTaken);
                write(client, random(1 << 20)); // is dropped
                stream.write("still here".getBytes(UTF_8));
                stream.tell(Packet.Operation.RST);

                assertThat(Guest.allBeforeReset(client)).asString(UTF_8).isEqualTo("still here");
                assertThat(stream.received()).isEmpty();
                forgotten(guest);
            }
        }

        @Test
        void aGuestThatResetsClosesTheClientsConnection() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                stream.tell(Packet.Operation.RST);

                assertThat(Guest.all(client)).isEmpty();
                forgotten(guest);
            }
        }

        @Test
        void aRequestForAConnectionThatIsThereEndsIt() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                stream.tell(Packet.Operation.REQUEST);

                guest.receive(Packet.Operation.RST);
                assertThat(Guest.all(client)).isEmpty();
            }
        }

        @Test
        void aPacketOfAnotherPortDoesNotTouchAConnection() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                guest.send(Guest.packet(stream.hostPort(), 9, Packet.Operation.SHUTDOWN));

                assertThat(guest.receive(Packet.Operation.RST).packet().destinationPort())
                        .isEqualTo(9);
                guest.send(Guest.packet(stream.hostPort(), 9, Packet.Operation.RST));
                stream.write("untouched".getBytes(UTF_8));
                stream.tell(Packet.Operation.SHUTDOWN, BOTH);
                assertThat(Guest.all(client)).asString(UTF_8).isEqualTo("untouched");
            }
        }

        @Test
        void nothingStaysOpenAfterMachinesAreGone() throws Exception {
            oneMachine("warm-up");
            long before = openFiles();
            for (int i = 0; i < 10; i++) {
                oneMachine("machine-" + i);
            }

            Guest.eventually("files are closed", () -> openFiles() <= before);
        }

        private void oneMachine(String name) throws Exception {
            Path place = Files.createDirectory(directory.resolve(name));
            try (Guest guest = Guest.booted(place);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                write(client, "x".getBytes(UTF_8));
                stream.handleOne();
                guest.disconnect();
            }
        }

        private static long openFiles() {
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                return files.count();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Nested
    class Restarting {

        @Test
        void aQueueThatStopsEndsConnectionsAndRefusesNewOnes() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                write(client, "x".getBytes(UTF_8));
                stream.handleOne();

                int receiveBase = guest.stopQueue(0);
                int transmitBase = guest.stopQueue(1);

                assertThat(receiveBase).isEqualTo(2); // a request, a byte
                assertThat(transmitBase).isEqualTo(1);
                assertThat(Guest.all(client)).isEmpty();
                try (UnixSocket next = connect(guest)) {
                    assertThat(Guest.line(next)).isEqualTo("|end");
                }
                assertThat(guest.device().connectionCount()).isZero();
            }
        }

        @Test
        void aClientThatWaitsForAnAnswerIsClosedWhenTheQueuesStop() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    UnixSocket client = connect(guest)) {
                guest.receive(Packet.Operation.REQUEST);
                guest.stopQueue(0);

                assertThat(Guest.line(client)).isEqualTo("|end");
            }
        }

        @Test
        void aGuestThatBootsAgainIsConnectedAgain() throws Exception {
            try (Guest guest = Guest.booted(directory)) {
                for (int boot = 0; boot < 5; boot++) {
                    try (UnixSocket client = connect(guest)) {
                        GuestStream stream = GuestStream.accept(guest);
                        Guest.line(client);
                        stream.write("hello".getBytes(UTF_8));
                        stream.tell(Packet.Operation.SHUTDOWN, BOTH);
                        assertThat(Guest.all(client)).asString(UTF_8).isEqualTo("hello");
                        stream.handleUntilEnd();
                    }
                    guest.stopQueue(0);
                    guest.stopQueue(1);
                    guest.boot();
                }
            }
        }

        @Test
        void aMachineThatStoodStillGoesOnWithItsQueues() throws Exception {
            try (Guest guest = Guest.booted(directory)) {
                for (int i = 0; i < 20; i++) {
                    try (UnixSocket client = connect(guest)) {
                        GuestStream stream = GuestStream.accept(guest);
                        assertThat(Guest.line(client)).startsWith("OK ");
                        stream.tell(Packet.Operation.RST);
                        assertThat(Guest.all(client)).isEmpty();
                    }
                    int receiveBase = guest.stopQueue(0);
                    int transmitBase = guest.stopQueue(1);
                    assertThat(transmitBase).isEqualTo(guest.transmitQueue().nextAvailable());
                    assertThat(receiveBase)
                            .isEqualTo(guest.receiveQueue().nextAvailable() - Guest.ENTRIES);
                    guest.transmitQueue().renewPipes();
                    guest.receiveQueue().renewPipes();
                    guest.goOn(receiveBase, transmitBase);
                }
            }
        }

        @Test
        void aNewMemoryTableLeavesConnectionsOpen() throws Exception {
            try (Guest guest = Guest.booted(directory);
                    Fd more = Fd.memory("more");
                    UnixSocket client = connect(guest)) {
                GuestStream stream = GuestStream.accept(guest);
                Guest.line(client);
                more.truncate(1 << 20);
                long moreAddress = 0x9_0000_0000L;
                int half = Guest.MEMORY_BYTES / 2;

                guest.tellMemory(
                        List.of(guest.file(), guest.file(), more),
                        Guest.region(Guest.GUEST_BASE, Guest.USER_BASE, half, 0),
                        Guest.region(Guest.GUEST_BASE + half, 0x1234_5000_0000L, half, half),
                        Guest.region(moreAddress, 0x5555_0000_0000L, 1 << 20, 0));

                // A packet whose bytes are in the new memory, at its very end.
                byte[] bytes = random(1000);
                Guest.map(more).put((1 << 20) - 1000, bytes);
                guest.sendFrom(stream.packet(bytes.length), moreAddress + (1 << 20) - 1000);
                write(client, "old memory".getBytes(UTF_8));
                stream.handleOne();
                stream.tell(Packet.Operation.SHUTDOWN, BOTH);

                assertThat(Guest.all(client)).isEqualTo(bytes);
                assertThat(stream.received()).asString(UTF_8).isEqualTo("old memory");
            }
        }

        @Test
        void aQueueThatIsDisabledWaits() throws Exception {
            try (Guest guest = Guest.booted(directory)) {
                guest.tell(18, Guest.content().putInt(1).putInt(0));
                guest.send(Guest.packet(22, 4444, Packet.Operation.REQUEST));
                guest.tell(8, Guest.content().putInt(1).putInt(Guest.ENTRIES));
                assertThat(guest.hasPacket()).isFalse();

                guest.tell(18, Guest.content().putInt(1).putInt(1));

                guest.receive(Packet.Operation.RST);
            }
        }
    }
}

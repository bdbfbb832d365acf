package dev.kumite.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnixSocketTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(20);

    @TempDir Path directory;

    @Test
    void aClientAndAServerTalk() throws Exception {
        Path path = directory.resolve("s");
        try (UnixServer server = UnixServer.listen(path, 0600);
                UnixSocket client = UnixSocket.connect(path, LONG);
                UnixSocket connection = server.accept(LONG).orElseThrow()) {
            client.outputStream().write("question".getBytes(UTF_8));
            client.shutdownOutput();

            assertThat(connection.inputStream().readAllBytes())
                    .asString(UTF_8)
                    .isEqualTo("question");

            connection.outputStream().write("answer".getBytes(UTF_8));
            connection.fd().close();

            assertThat(client.inputStream().readAllBytes()).asString(UTF_8).isEqualTo("answer");
            assertThat(server.path()).isEqualTo(path);
        }
    }

    @Test
    void theSocketFileHasItsPermissionsFromTheStart() throws Exception {
        Path path = directory.resolve("s");
        try (UnixServer server = UnixServer.listen(path, 0600)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(server.fd().isClosed()).isFalse();
        }
    }

    @Test
    void thePathMayBeLongerThanAnAddress() throws Exception {
        Path deep = directory;
        for (int i = 0; i < 4; i++) {
            deep = deep.resolve("d".repeat(60));
        }
        Files.createDirectories(deep);
        Path path = deep.resolve("s");
        try (UnixServer server = UnixServer.listen(path, 0600);
                UnixSocket client = UnixSocket.connect(path, LONG)) {
            assertThat(server.accept(LONG)).isPresent().get().satisfies(UnixSocket::close);
            assertThat(client.fd().isClosed()).isFalse();
        }
        Path name = directory.resolve("n".repeat(120));
        assertThatThrownBy(() -> UnixServer.listen(name, 0600))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.ENAMETOOLONG));
    }

    @Test
    void descriptorsArePassedWithTheFirstByte() throws Exception {
        try (UnixSocket.Pair pair = UnixSocket.pair();
                Pipe pipe = Pipe.open();
                Fd file = Fd.memory("passed")) {
            file.write(ByteBuffer.wrap("content".getBytes(UTF_8)));

            pair.first().send(utf8("hello"), List.of(file, pipe.reader()), LONG);
            ByteBuffer into = ByteBuffer.allocate(100);
            UnixSocket.Received received = pair.second().receive(into, 2, LONG);

            assertThat(received.count()).isEqualTo(5);
            assertThat(UTF_8.decode(into.flip()).toString()).isEqualTo("hello");
            assertThat(received.descriptors()).hasSize(2);
            assertThat(Files.readString(received.descriptors().getFirst().path()))
                    .isEqualTo("content");
            received.descriptors().forEach(Fd::close);
        }
    }

    @Test
    void moreDescriptorsThanAskedForAreRefusedAndClosed() throws Exception {
        try (UnixSocket.Pair pair = UnixSocket.pair();
                Pipe pipe = Pipe.open()) {
            pair.first().send(utf8("x"), List.of(pipe.writer(), pipe.writer()), LONG);
            pipe.writer().close();

            assertThatThrownBy(() -> pair.second().receive(ByteBuffer.allocate(1), 1, LONG))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EMSGSIZE));
            assertThat(pipe.reader().inputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void theEndOfTheOtherSideIsMinusOne() {
        try (UnixSocket.Pair pair = UnixSocket.pair()) {
            pair.first().close();

            assertThat(pair.second().receive(ByteBuffer.allocate(1), 0, LONG).count())
                    .isEqualTo(-1);
            assertThatThrownBy(() -> pair.second().send(utf8("x"), List.of(), LONG))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
        }
    }

    @Test
    void waitsEndInTime() {
        Path path = directory.resolve("s");
        try (UnixServer server = UnixServer.listen(path, 0600);
                UnixSocket.Pair pair = UnixSocket.pair()) {
            assertThat(server.accept(SHORT)).isEmpty();
            assertThatThrownBy(() -> pair.second().receive(ByteBuffer.allocate(1), 0, SHORT))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
            assertThatThrownBy(
                            () -> pair.first().send(ByteBuffer.allocate(8 << 20), List.of(), SHORT))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
        }
    }

    @Test
    void connectingToAFullQueueEndsInTime() {
        Path path = directory.resolve("s");
        List<UnixSocket> clients = new ArrayList<>();
        try (UnixServer server = UnixServer.listen(path, 0600)) {
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 1000; i++) {
                                    clients.add(UnixSocket.connect(path, SHORT));
                                }
                            })
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
            assertThat(server.fd().isClosed()).isFalse();
        } finally {
            clients.forEach(UnixSocket::close);
        }
    }

    @Test
    void connectingWhereNobodyListensSaysWhy() {
        Path path = directory.resolve("s");
        assertThatThrownBy(() -> UnixSocket.connect(path, LONG))
                .isInstanceOf(LinuxException.class)
                .hasMessage("connect to \"" + path + "\": no such file or directory");

        UnixServer.listen(path, 0600).close();

        assertThatThrownBy(() -> UnixSocket.connect(path, LONG))
                .isInstanceOf(LinuxException.class)
                .hasMessageEndingWith("connection refused");
        assertThatThrownBy(() -> UnixServer.listen(path, 0600))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE));
    }

    @Test
    void closingAServerEndsTheWaitOfAnotherThread() throws Exception {
        UnixServer server = UnixServer.listen(directory.resolve("s"), 0600);
        CompletableFuture<Boolean> accepted =
                CompletableFuture.supplyAsync(() -> server.accept(Duration.ofDays(1)).isPresent());
        assertThat(server.fd().awaitReadable(SHORT)).isFalse();

        server.close();

        assertThat(accepted.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void thePeerIsThisProcess() {
        try (UnixSocket.Pair pair = UnixSocket.pair()) {
            assertThat(pair.first().peer().pid()).isEqualTo((int) ProcessHandle.current().pid());
        }
    }

    @Test
    void messagesWithoutBytesAreRefused() {
        try (UnixSocket.Pair pair = UnixSocket.pair()) {
            assertThatThrownBy(() -> pair.first().send(ByteBuffer.allocate(0), List.of(), LONG))
                    .isInstanceOf(LinuxException.class);
            assertThatThrownBy(() -> pair.first().receive(ByteBuffer.allocate(0), 0, LONG))
                    .isInstanceOf(LinuxException.class);
        }
    }

    @Test
    void moreReadersOnVirtualThreadsThanCarriersDoNotStopTheWorld() throws Exception {
        List<UnixSocket.Pair> pairs = new ArrayList<>();
        List<CompletableFuture<Integer>> reads = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                UnixSocket.Pair pair = UnixSocket.pair();
                CompletableFuture<Integer> read = new CompletableFuture<>();
                Thread.ofVirtual()
                        .start(() -> read.complete(pair.first().fd().read(ByteBuffer.allocate(1))));
                pairs.add(pair);
                reads.add(read);
            }
            CompletableFuture<Integer> other = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> other.complete(42));
            assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(42);
            for (int i = 49; i >= 0; i--) {
                pairs.get(i).second().send(utf8("x"), List.of(), LONG);
                assertThat(reads.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(1);
            }
        } finally {
            pairs.forEach(UnixSocket.Pair::close);
        }
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}

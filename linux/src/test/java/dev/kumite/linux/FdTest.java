package dev.kumite.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FdTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @TempDir Path directory;

    @Test
    void whatIsWrittenToAPipeIsRead() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            OutputStream out = pipe.writer().outputStream();
            out.write("hello".getBytes(UTF_8));
            out.write('!');
            out.close();

            InputStream in = pipe.reader().inputStream();
            assertThat(in.read()).isEqualTo('h');
            assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("ello!");
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aMegabyteGoesThroughAPipeInOrder() throws Exception {
        byte[] sent = new byte[1 << 20];
        new java.util.Random(1).nextBytes(sent);
        try (Pipe pipe = Pipe.open()) {
            CompletableFuture<Void> writer =
                    CompletableFuture.runAsync(() -> {
                        pipe.writer().write(ByteBuffer.wrap(sent));
                        pipe.writer().close();
                    });

            byte[] received = pipe.reader().inputStream().readAllBytes();

            writer.get(10, TimeUnit.SECONDS);
            assertThat(received).isEqualTo(sent);
        }
    }

    @Test
    void aReadThatNothingArrivesForEndsInTime() {
        try (Pipe pipe = Pipe.open()) {
            assertThatThrownBy(() -> pipe.reader().read(ByteBuffer.allocate(1), SHORT))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
        }
    }

    @Test
    void aWriteThatNobodyTakesEndsInTimeAndSaysHowMuchWasTaken() {
        try (Pipe pipe = Pipe.open()) {
            pipe.writer().setNonBlocking(true);
            ByteBuffer bytes = ByteBuffer.allocate(1 << 20);

            assertThatThrownBy(() -> pipe.writer().write(bytes, SHORT))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
            assertThat(bytes.position()).isEqualTo(64 << 10);
        }
    }

    @Test
    void closingEndsAReadOfAnotherThread() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            CompletableFuture<Integer> read =
                    CompletableFuture.supplyAsync(() -> pipe.reader().read(ByteBuffer.allocate(1)));
            assertThat(pipe.reader().awaitReadable(SHORT)).isFalse();

            pipe.reader().close();

            assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @Test
    void aClosedDescriptorIsRefusedByName() {
        Pipe pipe = Pipe.open();
        pipe.close();
        pipe.close();

        assertThatThrownBy(() -> pipe.reader().number())
                .isInstanceOf(LinuxException.class)
                .hasMessageMatching("use closed descriptor \\d+: bad file descriptor");
        assertThatThrownBy(() -> pipe.reader().inputStream().read())
                .isInstanceOf(java.io.IOException.class);
        assertThatThrownBy(() -> pipe.writer().outputStream().write(1))
                .isInstanceOf(java.io.IOException.class);
        assertThat(pipe.reader()).hasToString(pipe.reader().toString());
        assertThat(pipe.reader().toString()).endsWith("(closed)");
    }

    @Test
    void aDuplicateStaysOpenWhenTheFirstIsClosed() throws Exception {
        try (Pipe pipe = Pipe.open();
                Fd copy = pipe.writer().duplicate()) {
            pipe.writer().close();

            copy.write(ByteBuffer.wrap(new byte[] {7}));

            assertThat(pipe.reader().inputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void aMemoryFileCanBeOpenedByJavaThroughItsPath() throws Exception {
        try (Fd fd = Fd.memory("test")) {
            fd.write(ByteBuffer.wrap("content".getBytes(UTF_8)));

            assertThat(Files.readString(fd.path())).isEqualTo("content");

            fd.truncate(3);
            assertThat(Files.readString(fd.path())).isEqualTo("con");
        }
    }

    @Test
    void descriptorsAreCloseOnExecUntilToldOtherwise() throws Exception {
        try (Fd fd = Fd.memory("test")) {
            assertThat(flags(fd) & Fd.O_CLOEXEC).isNotZero();

            fd.setCloseOnExec(false);

            assertThat(flags(fd) & Fd.O_CLOEXEC).isZero();
        }
    }

    private static int flags(Fd fd) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd.number()))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
            }
        }
        throw new AssertionError("no flags");
    }

    @Test
    void openingWhatIsNotThereSaysSo() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> Fd.open(missing, Fd.O_RDONLY))
                .isInstanceOf(LinuxException.class)
                .hasMessage("open \"" + missing + "\": no such file or directory");
    }

    @Test
    void symbolicLinksAndFilesAreRefusedWhereFlagsSaySo() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> Fd.open(link, Fd.O_RDONLY | Fd.O_NOFOLLOW))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ELOOP));
        assertThatThrownBy(() -> Fd.open(file, Fd.O_RDONLY | Fd.O_DIRECTORY))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOTDIR));
    }

    @Test
    void textWithAZeroCharacterNeverReachesTheKernel() {
        assertThatThrownBy(() -> Fd.memory("a\0b"))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("a\\0b");
    }

    @Test
    void negativeDescriptorsAreRefused() {
        assertThatThrownBy(() -> Fd.of(-1)).isInstanceOf(LinuxException.class);
    }

    @Test
    void replacesAnotherDescriptorAtOnce() throws Exception {
        try (Pipe pipe = Pipe.open();
                Fd other = Fd.open(Path.of("/dev/null"), Fd.O_WRONLY)) {
            pipe.writer().replace(other.number());

            other.write(ByteBuffer.wrap(new byte[] {7}));

            ByteBuffer read = ByteBuffer.allocate(2);
            assertThat(pipe.reader().read(read)).isEqualTo(1);
            assertThat(read.get(0)).isEqualTo((byte) 7);
        }
    }
}

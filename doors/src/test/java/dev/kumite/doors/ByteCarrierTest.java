package dev.kumite.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.Fd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ByteCarrierTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ByteCarrier carrier = new ByteCarrier("p", 16);

    @TempDir Path directory;

    private static byte[] bytes() {
        byte[] bytes = new byte[10_000];
        new Random(4).nextBytes(bytes);
        return bytes;
    }

    /** An output of which one can wait for the end. */
    private static final class Input extends ByteArrayOutputStream {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void close() {
            closed.countDown();
        }

        boolean awaitClosed() throws InterruptedException {
            return closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void carriesAnInputToItsEndAndThenClosesIt() throws Exception {
        Path file = Files.write(directory.resolve("input"), bytes());
        Input input = new Input();
        try (Fd from = Fd.open(file, Fd.O_RDONLY)) {
            carrier.input(from, input);

            assertThat(input.awaitClosed()).isTrue();
        }
        assertThat(input.toByteArray()).isEqualTo(bytes());
    }

    @Test
    void saysThatThereIsNoInput() throws Exception {
        Input input = new Input();

        carrier.noInput(input);

        assertThat(input.awaitClosed()).isTrue();
    }

    @Test
    void carriesAnOutputWhole() throws Exception {
        Path file = directory.resolve("output");
        try (Fd to = Fd.open(file, Fd.O_WRONLY | Fd.O_CREAT, 0600)) {
            carrier.output("stdout", new ByteArrayInputStream(bytes()), Optional.of(to));
            carrier.awaitOutput(PATIENCE);
        }

        assertThat(file).hasBinaryContent(bytes());
    }

    @Test
    void readsOnWhenNobodyTakesTheOutput() throws Exception {
        InputStream ignored = new ByteArrayInputStream(bytes());
        InputStream refused = new ByteArrayInputStream(bytes());
        Path file = Files.createFile(directory.resolve("read-only"));
        try (Fd to = Fd.open(file, Fd.O_RDONLY)) {
            carrier.output("stdout", ignored, Optional.empty());
            carrier.output("stderr", refused, Optional.of(to));
            carrier.awaitOutput(PATIENCE);
        }

        assertThat(ignored.available()).isZero();
        assertThat(refused.available()).isZero();
    }

    @Test
    void endsWithAStreamThatFails() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        InputStream failing =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the machine is gone");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return read();
                    }

                    @Override
                    public void close() {
                        closed.countDown();
                    }
                };

        carrier.output("stdout", failing, Optional.empty());
        carrier.awaitOutput(PATIENCE);

        assertThat(closed.getCount()).isZero();
    }
}

package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadAheadTest {

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void isThereBeforeAnybodyReads() throws Exception {
        byte[] written = random(100_000);
        try (ReadAhead output = new ReadAhead(new ByteArrayInputStream(written))) {
            output.start();
            output.ended().get(30, TimeUnit.SECONDS);

            assertThat(output.available()).isEqualTo(written.length);
            assertThat(output.readAllBytes()).isEqualTo(written);
        }
    }

    @Test
    void passesMoreThanItsBufferUnchanged() throws Exception {
        byte[] written = random(3 * ReadAhead.BUFFER_BYTES + 17);

        try (ReadAhead output = new ReadAhead(new ByteArrayInputStream(written))) {
            assertThat(output.readAllBytes()).isEqualTo(written);
        }
    }

    /** A process that writes without end waits, and costs no more than the buffer. */
    @Test
    void readsNoFurtherThanItsBufferGoes() throws Exception {
        AtomicLong taken = new AtomicLong();
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        taken.incrementAndGet();
                        return 'x';
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        taken.addAndGet(length);
                        return length;
                    }
                };
        ReadAhead output = new ReadAhead(endless);
        output.start();
        while (taken.get() < ReadAhead.BUFFER_BYTES) {
            Thread.sleep(1);
        }

        assertThat(output.readNBytes(10)).hasSize(10);
        while (taken.get() < ReadAhead.BUFFER_BYTES + 10) {
            Thread.sleep(1);
        }
        assertThat(output.ended()).isNotDone();
        assertThat(taken.get()).isEqualTo(ReadAhead.BUFFER_BYTES + 10);
    }

    @Test
    void endsWithTheFailureAfterWhatCameBefore() throws Exception {
        PipedOutputStream writer = new PipedOutputStream();
        PipedInputStream broken = new PipedInputStream(writer);
        InputStream source =
                new SequenceInputStream(
                        new ByteArrayInputStream("before".getBytes(StandardCharsets.US_ASCII)),
                        broken);
        broken.close();
        ReadAhead output = new ReadAhead(source);

        assertThat(output.readNBytes(6)).asString().isEqualTo("before");
        assertThatExceptionOfType(IOException.class).isThrownBy(output::read);
        output.ended().get(30, TimeUnit.SECONDS);
    }
}

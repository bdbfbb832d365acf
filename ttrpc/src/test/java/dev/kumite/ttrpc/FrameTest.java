package dev.kumite.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FrameTest {

    /** Change it to repeat a run: {@code -Dkumite.seed=N}. */
    private static final long SEED = Long.getLong("kumite.seed", System.nanoTime());

    @Test
    void headersComeBackAsTheyWere() {
        RandomGenerator random = new Random(SEED);
        byte[] bytes = new byte[FrameHeader.BYTES];
        for (int i = 0; i < 10_000; i++) {
            FrameHeader header =
                    new FrameHeader(
                            random.nextLong(1L << 32),
                            random.nextInt(),
                            random.nextInt(256),
                            random.nextInt(256));

            header.encode(bytes);

            assertThat(FrameHeader.decode(bytes)).as("seed %d", SEED).isEqualTo(header);
        }
    }

    @Test
    void headersAreBigEndian() {
        byte[] bytes = new byte[FrameHeader.BYTES];

        FrameHeader.request(0x00010203, 0x04050607).encode(bytes);

        assertThat(bytes).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 1, 0);
    }

    @Test
    void framesAreFoundHoweverTheStreamIsCutUp() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            byte[][] bodies = new byte[random.nextInt(8)][];
            for (int j = 0; j < bodies.length; j++) {
                bodies[j] = new byte[random.nextInt(random.nextBoolean() ? 30 : 50_000)];
                random.nextBytes(bodies[j]);
                stream.writeBytes(Line.frame(bodies[j].length, j, 1, bodies[j]));
            }
            FrameReader reader = new FrameReader(new Chopped(stream.toByteArray(), random));

            for (int j = 0; j < bodies.length; j++) {
                FrameHeader header = reader.next().orElseThrow();
                assertThat(header.streamId()).as("seed %d", SEED).isEqualTo(j);
                if (random.nextInt(4) == 0) {
                    reader.skip(header);
                } else {
                    assertThat(reader.body(header)).as("seed %d", SEED).isEqualTo(bodies[j]);
                }
            }
            assertThat(reader.next()).as("seed %d", SEED).isEmpty();
        }
    }

    @Test
    void aStreamThatEndsWithinAFrameIsAnError() throws IOException {
        byte[] frame = Line.frame(100, 1, 1, new byte[100]);
        for (int cut = 1; cut < frame.length; cut++) {
            FrameReader reader =
                    new FrameReader(new ByteArrayInputStream(Arrays.copyOf(frame, cut)));
            boolean skip = cut % 2 == 0;

            assertThatThrownBy(
                            () -> {
                                FrameHeader header = reader.next().orElseThrow();
                                if (skip) {
                                    reader.skip(header);
                                } else {
                                    reader.body(header);
                                }
                            })
                    .as("cut at %d", cut)
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aLongBodyIsRefusedBeforeAnythingIsAllocated() throws IOException {
        FrameReader reader =
                new FrameReader(
                        new ByteArrayInputStream(Line.frame(0xFFFF_FFFFL, 1, 2, new byte[0])));
        FrameHeader header = reader.next().orElseThrow();

        assertThatThrownBy(() -> reader.body(header))
                .isInstanceOfSatisfying(
                        TtrpcException.class,
                        e -> assertThat(e.category()).isEqualTo(TtrpcException.Category.PROTOCOL))
                .hasMessageContaining("4294967295");
    }

    @Test
    void scanningFindsAHeaderBehindAnyGarbage() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            byte[] garbage = new byte[random.nextInt(100)];
            random.nextBytes(garbage);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            stream.writeBytes(garbage);
            stream.writeBytes(Line.answer(0x12345679, "found"));
            FrameReader reader = new FrameReader(new Chopped(stream.toByteArray(), random));

            FrameHeader header =
                    reader.scan(h -> h.streamId() == 0x12345679 && h.type() == 2).orElseThrow();

            assertThat(header.length()).as("seed %d", SEED).isEqualTo(7);
            assertThat(reader.body(header)).as("seed %d", SEED).endsWith('f', 'o', 'u', 'n', 'd');
        }
    }

    /** Gives as many bytes at once as it likes. */
    private static final class Chopped extends InputStream {

        private final ByteArrayInputStream in;
        private final Random random;

        Chopped(byte[] bytes, Random random) {
            this.in = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return in.read(
                    target,
                    offset,
                    Math.min(length, 1 + random.nextInt(random.nextBoolean() ? 5 : 9000)));
        }
    }
}

package dev.kumite.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.BytesValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A line that a client left at any byte, and the next one takes over. */
@Timeout(120)
class SerialLineTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final long SEED = Long.getLong("kumite.seed", System.nanoTime());

    private final Random random = new Random(SEED);
    private final TtrpcServer server =
            TtrpcServer.create()
                    .with("echo", (_, payload, _) -> BytesValue.parseFrom(payload))
                    .onSerialLine();
    private Line line = new Line();

    @AfterEach
    void hangUp() {
        line.close();
    }

    @Test
    void aServerLeftInAFrameIsFoundAgain() throws Exception {
        for (int i = 0; i < 25; i++) {
            line = new Line();
            line.serve(server);
            byte[] frame =
                    Line.request(77, "echo", "", Line.bytes(new byte[random.nextInt(3_000_000)]));
            int cut = 1 + random.nextInt(random.nextBoolean() ? 12 : frame.length - 1);
            line.toServer.out.write(Arrays.copyOf(frame, cut));

            assertCalls("seed %d, try %d, %d of %d bytes".formatted(SEED, i, cut, frame.length));
            line.close();
        }
    }

    @Test
    void aServerThatReadGarbageIsFoundAgain() throws Exception {
        for (int i = 0; i < 25; i++) {
            line = new Line();
            line.serve(server);
            byte[] garbage = new byte[random.nextInt(100)];
            random.nextBytes(garbage);
            line.toServer.out.write(garbage);

            assertCalls("seed %d, try %d".formatted(SEED, i));
            line.close();
        }
    }

    @Test
    void whatIsLeftOfAnswersToAnotherClientIsPassedOver() throws Exception {
        for (int i = 0; i < 100; i++) {
            line = new Line();
            byte[] left = Line.answer(77, "x".repeat(random.nextInt(1000)));
            int from = random.nextInt(left.length);
            line.toClient.out.write(left, from, left.length - from);
            line.toClient.out.write(Line.answer(1, "to another client"));
            line.serve(server);

            assertCalls("seed %d, try %d".formatted(SEED, i));
            line.close();
        }
    }

    @Test
    void zeroBytesBetweenFramesArePassedOver() throws Exception {
        line.serve(server);
        for (int zeros = 0; zeros < 100; zeros++) {
            // Fewer zeros than a header has cannot be told from the beginning of one.
            line.toServer.out.write(new byte[zeros == 0 ? 0 : zeros + FrameHeader.BYTES]);
            byte[] payload = new byte[random.nextInt(zeros % 10 == 9 ? 200_000 : 300)];
            int id = random.nextInt(1 << 29) * 2 + 1;
            line.toServer.out.write(Line.request(id, "echo", "", Line.bytes(payload)));

            Line.Answer answer = Line.readAnswer(line.toClient);

            assertThat(answer.streamId()).as("seed %d, %d zeros", SEED, zeros).isEqualTo(id);
            assertThat(answer.code()).isEqualTo(StatusCode.OK);
        }
    }

    @Test
    void aRefusalOfTheProbeIsAnAnswerToo() {
        line.serve(TtrpcServer.create().onSerialLine());
        try (TtrpcClient client = line.client(options(LONG, LONG))) {
            assertThat(failure(client).status()).isEqualTo(StatusCode.UNIMPLEMENTED);
        }
    }

    @Test
    void aServerThatNeverAnswersFailsTheOpening() {
        TtrpcException failure =
                catchThrowableOfType(
                        TtrpcException.class,
                        () -> line.client(options(SHORT, SHORT.multipliedBy(3))));

        assertThat(failure.category()).isEqualTo(TtrpcException.Category.TIMEOUT);
    }

    @Test
    void theLastAnswerIsWrittenToItsEndBeforeTheNextClientIsServed() throws Exception {
        Thread serving = line.serve(server);
        byte[] payload = new byte[10 * Line.CAPACITY];
        line.toServer.out.write(Line.request(1, "echo", "", Line.bytes(payload)));
        int first = line.toClient.in.read();

        line.toServer.close();

        assertThat(serving.join(SHORT)).isFalse();
        int rest = line.toClient.in.readNBytes(FrameHeader.BYTES + payload.length).length;
        assertThat(first).isZero();
        assertThat(rest).isEqualTo(FrameHeader.BYTES + payload.length);
        line.toClient.close();
        serving.join();
    }

    private void assertCalls(String description) {
        try (TtrpcClient client = line.client(options(SHORT, LONG))) {
            for (String text : new String[] {"one", "two"}) {
                BytesValue answer =
                        client.call("echo", "", Line.text(text), BytesValue.parser(), LONG);
                assertThat(answer.getValue().toStringUtf8()).as(description).isEqualTo(text);
            }
        } catch (TtrpcException e) {
            throw new AssertionError(description, e);
        }
    }

    private TtrpcOptions options(Duration patience, Duration timeout) {
        return TtrpcOptions.DEFAULT
                .withFirstStreamId(random.nextInt(1 << 29) * 2 + 1)
                .resynchronisingBy(
                        new TtrpcOptions.Resynchronisation("echo", "", patience, timeout));
    }

    private static TtrpcException failure(TtrpcClient client) {
        return catchThrowableOfType(
                TtrpcException.class,
                () -> client.call("echo", "", Line.text(""), BytesValue.parser(), LONG));
    }
}

package dev.kumite.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.BytesValue;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose server does all that it should not. */
@Timeout(60)
class HostileServerTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final long SEED = Long.getLong("kumite.seed", System.nanoTime());

    private final Line line = new Line();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void hangUp() {
        line.close();
        threads.close();
    }

    @Test
    void garbageEndsTheConnectionWithATypedError() throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            Line fresh = new Line();
            try (TtrpcClient client = fresh.client()) {
                Future<TtrpcException> call = threads.submit(() -> failedCall(client, LONG));
                byte[] garbage = new byte[1 + random.nextInt(2000)];
                random.nextBytes(garbage);

                fresh.toClient.out.write(garbage);
                fresh.toClient.close();

                assertThat(call.get().category())
                        .as("seed %d, try %d", SEED, i)
                        .isIn(
                                TtrpcException.Category.PROTOCOL,
                                TtrpcException.Category.PEER_CLOSED);
            }
        }
    }

    @Test
    void aHugeLengthEndsTheConnection() throws Exception {
        try (TtrpcClient client = line.client()) {
            Future<TtrpcException> call = threads.submit(() -> failedCall(client, LONG));

            line.toClient.out.write(Line.frame((4 << 20) + 1, 1, 2, new byte[0]));

            assertThat(call.get().category()).isEqualTo(TtrpcException.Category.PROTOCOL);
            assertThat(call.get()).hasMessageContaining("4194305");
        }
    }

    @Test
    void answersThatNobodyAskedForAreIgnoredWithinABound() throws Exception {
        try (TtrpcClient client = line.client()) {
            for (int i = 0; i < TtrpcClient.MAX_STRAY_ANSWERS; i++) {
                line.toClient.out.write(Line.answer(1000 + i, "unasked"));
            }
            Future<BytesValue> call = threads.submit(() -> call(client, LONG));
            line.toClient.out.write(answerOnceAsked(""));
            assertThat(call.get().getValue()).isEmpty();

            Future<TtrpcException> next = threads.submit(() -> failedCall(client, LONG));
            line.toClient.out.write(Line.answer(1, "a second answer"));

            assertThat(next.get().category()).isEqualTo(TtrpcException.Category.PROTOCOL);
            assertThat(next.get()).hasMessageContaining("what nobody asked for");
        }
    }

    @Test
    void frameThatIsNoAnswerIsNotTakenForOne() throws Exception {
        try (TtrpcClient client = line.client()) {
            Future<BytesValue> call = threads.submit(() -> call(client, LONG));
            byte[] answer = answerOnceAsked("");
            byte[] request = answer.clone();
            request[8] = 1;

            line.toClient.out.write(request);
            line.toClient.out.write(answer);

            assertThat(call.get().getValue()).isEmpty();
        }
    }

    @Test
    void anAnswerCutOffFailsTheCall() throws Exception {
        try (TtrpcClient client = line.client()) {
            Future<TtrpcException> call = threads.submit(() -> failedCall(client, LONG));

            line.toClient.out.write(Line.frame(4 << 20, 1, 2, new byte[100]));
            line.toClient.close();

            assertThat(call.get().category()).isEqualTo(TtrpcException.Category.PEER_CLOSED);
        }
    }

    @Test
    void silenceEndsAtTheDeadline() {
        try (TtrpcClient client = line.client()) {
            assertThat(failedCall(client, SHORT).category())
                    .isEqualTo(TtrpcException.Category.TIMEOUT);
        }
    }

    @Test
    void aServerThatDoesNotReadBlocksNobodyBeyondTheDeadline() throws Exception {
        try (TtrpcClient client = line.client()) {
            byte[] big = new byte[3 << 20];
            for (int i = 0; i < 6; i++) {
                TtrpcException failure =
                        catchThrowableOfType(
                                TtrpcException.class, () -> client.call("s", "m", big, SHORT));
                assertThat(failure.category()).isEqualTo(TtrpcException.Category.TIMEOUT);
            }
        }
    }

    @Test
    void lateAnswersAreNotHeldAgainstTheServer() throws Exception {
        try (TtrpcClient client = line.client()) {
            int calls = 2 * TtrpcClient.MAX_STRAY_ANSWERS;
            InputStream requests = line.toServer.in;
            for (int i = 0; i < calls; i++) {
                Future<TtrpcException> call = threads.submit(() -> failedCall(client, LONG));
                readFrame(requests);
                call.cancel(true);
            }
            for (int i = 0; i < calls; i++) {
                line.toClient.out.write(Line.answer(1 + 2 * i, "late"));
            }

            Future<BytesValue> call = threads.submit(() -> call(client, LONG));
            int id = readFrame(requests);
            line.toClient.out.write(Line.frame(0, id, 2, new byte[0]));

            assertThat(call.get().getValue()).isEmpty();
        }
    }

    @Test
    void memoryStaysBoundedWhateverTheServerClaims() throws Exception {
        try (TtrpcClient client = line.client()) {
            Future<TtrpcException> call = threads.submit(() -> failedCall(client, LONG));
            readFrame(line.toServer.in);
            byte[] body = new byte[4 << 20];
            long before = usedHeap();
            long most = 0;
            // Answers to a call that waits are kept until it has seen them; all others are passed
            // over.
            for (int i = 0; i < TtrpcClient.MAX_STRAY_ANSWERS; i++) {
                line.toClient.out.write(Line.frame(body.length, 3, 2, new byte[0]));
                line.toClient.out.write(body);
                most = Math.max(most, usedHeap() - before);
            }
            line.toClient.close();

            assertThat(call.get().category()).isEqualTo(TtrpcException.Category.PEER_CLOSED);
            assertThat(most).isLessThan(16 << 20);
        }
    }

    static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** An empty answer to the call that the client makes next. */
    private byte[] answerOnceAsked(String text) throws IOException {
        int id = readFrame(line.toServer.in);
        return text.isEmpty() ? Line.frame(0, id, 2, new byte[0]) : Line.answer(id, text);
    }

    static int readFrame(InputStream in) throws IOException {
        FrameHeader header = FrameHeader.decode(in.readNBytes(FrameHeader.BYTES));
        in.skipNBytes(header.length());
        return header.streamId();
    }

    private static BytesValue call(TtrpcClient client, Duration timeout) {
        return client.call("s", "m", Line.text("request"), BytesValue.parser(), timeout);
    }

    private static TtrpcException failedCall(TtrpcClient client, Duration timeout) {
        return catchThrowableOfType(TtrpcException.class, () -> call(client, timeout));
    }
}

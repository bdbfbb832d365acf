package dev.kumite.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.BytesValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose client does all that it should not. */
@Timeout(60)
class HostileClientTest {

    private static final long SEED = Long.getLong("kumite.seed", System.nanoTime());

    private final Line line = new Line();
    private final CountDownLatch released = new CountDownLatch(1);
    private final TtrpcServer server =
            TtrpcServer.create()
                    .with("echo", (_, payload, _) -> BytesValue.parseFrom(payload))
                    .with(
                            "wait",
                            (_, payload, context) -> {
                                context.onCancel(released::countDown);
                                awaitRelease();
                                return BytesValue.parseFrom(payload);
                            });

    @AfterEach
    void hangUp() {
        released.countDown();
        line.close();
    }

    @Test
    void garbageIsAnsweredOrEndsTheConnectionButBreaksNothing() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            if (garbage.length > 10 && i % 2 == 0) {
                new FrameHeader(random.nextInt(40), 1, 1, 0).encode(garbage);
            }
            TtrpcServer tried = i % 3 == 0 ? server.onSerialLine() : server;

            Throwable thrown = catchEnd(tried, garbage);

            if (thrown != null) {
                assertThat(thrown)
                        .as("seed %d, try %d", SEED, i)
                        .isInstanceOf(TtrpcException.class);
            }
        }
    }

    private static Throwable catchEnd(TtrpcServer server, byte[] bytes) {
        try {
            server.serve(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream());
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    @Test
    void anOversizedRequestIsSkippedAndRefused() throws Exception {
        line.serve(server);
        long size = 6 << 20;

        line.toServer.out.write(Line.frame(size, 1, 1, new byte[0]));
        line.toServer.out.write(new byte[(int) size]);
        Line.Answer refusal = Line.readAnswer(line.toClient);

        assertThat(refusal.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(refusal.response().getStatus().getMessage())
                .isEqualTo("the request has 6291456 bytes, longest allowed are 4194304");
        line.toServer.out.write(Line.request(3, "echo", "", Line.text("next")));
        assertThat(Line.readAnswer(line.toClient).code()).isEqualTo(StatusCode.OK);
    }

    @Test
    void aRequestThatIsNoMessageIsRefused() throws Exception {
        line.serve(server);

        line.toServer.out.write(Line.frame(3, 1, 1, new byte[] {1, 2, 3}));

        assertThat(Line.readAnswer(line.toClient).code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
    }

    @Test
    void moreCallsThanTheBoundAreRefused() throws Exception {
        line.serve(server);
        for (int i = 0; i < TtrpcServer.MAX_CALLS_IN_FLIGHT; i++) {
            line.toServer.out.write(Line.request(1 + 2 * i, "wait", "", Line.text("")));
        }

        line.toServer.out.write(Line.request(9001, "echo", "", Line.text("")));

        Line.Answer refusal = Line.readAnswer(line.toClient);
        assertThat(refusal.streamId()).isEqualTo(9001);
        assertThat(refusal.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
    }

    @Test
    void moreBytesThanTheBoundAreRefused() throws Exception {
        line.serve(server);
        int size = 4_000_000;
        int fitting = TtrpcServer.MAX_BYTES_IN_FLIGHT / size;
        for (int i = 0; i <= fitting; i++) {
            line.toServer.out.write(
                    Line.request(1 + 2 * i, "wait", "", Line.bytes(new byte[size - 100])));
        }

        Line.Answer refusal = Line.readAnswer(line.toClient);

        assertThat(refusal.streamId()).isEqualTo(1 + 2 * fitting);
        assertThat(refusal.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
    }

    @Test
    void aClientThatDoesNotReadIsHeldBack() throws Exception {
        Thread serving = line.serve(server);
        // Far more answers than all queues hold: the server has to stop reading, and this thread
        // with it. Small ones, so that a queue without room for an answer has little for refusals.
        Thread writer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                for (int i = 0; i < 10_000; i++) {
                                    line.toServer.out.write(
                                            Line.request(
                                                    1 + 2 * i,
                                                    "echo",
                                                    "",
                                                    Line.bytes(new byte[16 << 10])));
                                }
                            } catch (IOException e) {
                                // The line was closed, as it should be.
                            }
                        });
        long before = HostileServerTest.usedHeap();

        assertThat(writer.join(Duration.ofSeconds(2))).isFalse();

        assertThat(HostileServerTest.usedHeap() - before)
                .isLessThan(TtrpcServer.MAX_BYTES_IN_FLIGHT * 3L);
        line.close();
        serving.join();
    }

    @Test
    void framesThatAreNoCallsAreIgnoredWithinABound() {
        byte[] frames = new byte[(ServerConnection.MAX_STRAY_FRAMES + 1) * FrameHeader.BYTES];
        for (int i = 0; i <= ServerConnection.MAX_STRAY_FRAMES; i++) {
            System.arraycopy(
                    Line.frame(0, i, 3, new byte[0]),
                    0,
                    frames,
                    i * FrameHeader.BYTES,
                    FrameHeader.BYTES);
        }

        assertThatThrownBy(() ->
                        server.serve(
                                new ByteArrayInputStream(frames), OutputStream.nullOutputStream()))
                .isInstanceOf(TtrpcException.class)
                .hasMessageContaining("frames that are no calls: type 3, stream id 64");
    }

    @Test
    void tenThousandClaimsOfFourMebibytesCostNoMemory() throws Exception {
        Thread serving = line.serve(server);
        long before = HostileServerTest.usedHeap();
        long most = 0;
        // A claim and nothing else: each frame's body is made of the claims after it.
        for (int i = 0; i < 10_000; i++) {
            line.toServer.out.write(Line.frame(4 << 20, 1 + 2 * i, 1, new byte[0]));
            if (i % 1000 == 0) {
                most = Math.max(most, HostileServerTest.usedHeap() - before);
            }
        }
        line.toServer.close();
        serving.join();

        assertThat(most).isLessThan(16 << 20);
    }

    @Test
    void aBrokenLineIsATypedError() {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() {
                        return -1;
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        throw new IOException("cable cut");
                    }
                };

        TtrpcException failure =
                catchThrowableOfType(
                        TtrpcException.class,
                        () -> server.serve(broken, OutputStream.nullOutputStream()));

        assertThat(failure.category()).isEqualTo(TtrpcException.Category.PEER_CLOSED);
        assertThat(failure).hasMessageContaining("cable cut");
    }

    @Test
    void anExecutorThatIsClosedMakesTheServerUnavailable() throws Exception {
        line.serve(
                server.executingOn(_ -> {
                    throw new RejectedExecutionException();
                }));

        line.toServer.out.write(Line.request(1, "echo", "", Line.text("")));

        assertThat(Line.readAnswer(line.toClient).code()).isEqualTo(StatusCode.UNAVAILABLE);
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

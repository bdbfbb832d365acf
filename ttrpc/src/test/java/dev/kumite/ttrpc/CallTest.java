package dev.kumite.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Client and server over one line. */
@Timeout(60)
class CallTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final long SEED = Long.getLong("kumite.seed", System.nanoTime());

    private final Line line = new Line();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final TtrpcServer server =
            TtrpcServer.create()
                    .with(
                            "test.Echo",
                            TtrpcService.of(
                                    "test.Echo",
                                    Map.of(
                                            "Echo", (payload, _) -> BytesValue.parseFrom(payload),
                                            "Metadata",
                                                    (_, context) ->
                                                            Line.text(
                                                                    context.metadata().toString()),
                                            "Remaining",
                                                    (_, context) ->
                                                            Line.text(
                                                                    context.remaining().toString()),
                                            "Refuse", (_, _) -> refuse(),
                                            "Break", (_, _) -> broken(),
                                            "Wait", (_, context) -> waiting(context),
                                            "WaitForRelease", (_, _) -> waitForRelease(),
                                            "Thread", (_, _) -> thread(),
                                            "LeaveFlag", (_, context) -> leaveFlag(context),
                                            "Grow", (_, _) -> Line.bytes(new byte[5 << 20]))));

    @AfterEach
    void hangUp() {
        line.close();
    }

    @Test
    void anAnswerComesBack() {
        line.serve(server);
        try (TtrpcClient client = line.client()) {
            BytesValue answer =
                    client.call("test.Echo", "Echo", Line.text("hello"), BytesValue.parser(), LONG);

            assertThat(answer.getValue().toStringUtf8()).isEqualTo("hello");
            assertThat(client.call("test.Echo", "Echo", Line.text("raw").toByteArray(), LONG))
                    .isEqualTo(Line.text("raw").toByteArray());
        }
    }

    @Test
    void thousandCallsAreUnderWayAtOnce() throws Exception {
        line.serve(server);
        Random random = new Random(SEED);
        try (TtrpcClient client = line.client();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<byte[]> payloads = new ArrayList<>();
            List<Future<BytesValue>> answers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                byte[] payload = new byte[random.nextInt(i % 100 == 0 ? 200_000 : 200)];
                random.nextBytes(payload);
                payloads.add(payload);
                answers.add(
                        threads.submit(() ->
                                client.call(
                                        "test.Echo",
                                        "Echo",
                                        Line.bytes(payload),
                                        BytesValue.parser(),
                                        LONG)));
            }

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get().getValue().toByteArray())
                        .as("seed %d, call %d", SEED, i)
                        .isEqualTo(payloads.get(i));
            }
        }
    }

    @Test
    void aQuickCallOvertakesASlowOne() throws Exception {
        line.serve(server);
        try (TtrpcClient client = line.client();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BytesValue> slow =
                    threads.submit(() ->
                            client.call(
                                    "test.Echo",
                                    "WaitForRelease",
                                    Empty.getDefaultInstance(),
                                    BytesValue.parser(),
                                    TtrpcClient.NO_DEADLINE));
            entered.await();

            client.call("test.Echo", "Echo", Line.text("quick"), BytesValue.parser(), LONG);

            assertThat(slow.isDone()).isFalse();
            released.countDown();
            assertThat(slow.get().getValue().toStringUtf8()).isEqualTo("released");
        }
    }

    @Test
    void theServerSeesMetadataAndDeadline() {
        line.serve(server);
        try (TtrpcClient client =
                line.client(TtrpcOptions.DEFAULT.withMetadata(Map.of("key", "value")))) {
            assertThat(text(client, "Metadata", LONG)).isEqualTo("{key=value}");
            assertThat(text(client, "Remaining", LONG)).startsWith("Optional[PT");
            assertThat(text(client, "Remaining", TtrpcClient.NO_DEADLINE))
                    .isEqualTo("Optional.empty");
        }
    }

    @Test
    void aRefusalKeepsItsCodeAndText() {
        assertRefused("test.Echo", "Refuse", StatusCode.NOT_FOUND, "no container \"web\"");
    }

    @Test
    void unknownMethodsAndServicesAreUnimplemented() {
        assertRefused(
                "test.Echo",
                "Nothing",
                StatusCode.UNIMPLEMENTED,
                "there is no method \"Nothing\" in \"test.Echo\"");
        assertRefused(
                "test.None", "Echo", StatusCode.UNIMPLEMENTED, "there is no service \"test.None\"");
    }

    @Test
    void aBugInAMethodIsShownHereAndTellsThePeerNothing() {
        List<Throwable> shown = new CopyOnWriteArrayList<>();
        line.serve(
                server.executingOn(call ->
                        Thread.ofVirtual()
                                .uncaughtExceptionHandler((_, e) -> shown.add(e))
                                .start(call)));
        try (TtrpcClient client = line.client()) {
            TtrpcException failure = failure(() -> text(client, "Break", LONG));

            assertThat(failure.status()).isEqualTo(StatusCode.INTERNAL);
            assertThat(failure).hasMessage("Break failed unexpectedly");
            assertThat(shown).singleElement().asInstanceOf(THROWABLE).hasMessage("a secret");
        }
    }

    @Test
    void anAnswerThatIsTooLongBecomesARefusal() {
        assertRefused(
                "test.Echo",
                "Grow",
                StatusCode.RESOURCE_EXHAUSTED,
                "the answer has 5242890 bytes, longest allowed are 4194304");
    }

    @Test
    void aPayloadThatIsNoMessageIsAnInvalidArgument() {
        line.serve(server);
        try (TtrpcClient client = line.client()) {
            assertThat(
                            failure(() ->
                                            client.call(
                                                    "test.Echo",
                                                    "Echo",
                                                    new byte[] {0x0A, 0x7F},
                                                    LONG))
                                    .status())
                    .isEqualTo(StatusCode.INVALID_ARGUMENT);
        }
    }

    @Test
    void anAnswerThatIsNoMessageIsAProtocolError() {
        TtrpcServer other = TtrpcServer.create().with("s", (_, _, _) -> Line.text("\u007f\u007f"));
        line.serve(other);
        try (TtrpcClient client = line.client()) {
            TtrpcException failure =
                    failure(() ->
                            client.call(
                                    "s",
                                    "m",
                                    Line.text(""),
                                    dev.kumite.ttrpc.messages.Response.parser(),
                                    LONG));

            assertThat(failure.category()).isEqualTo(TtrpcException.Category.PROTOCOL);
        }
    }

    @Test
    void aRequestThatIsTooLongIsNotSent() {
        line.serve(server);
        try (TtrpcClient client = line.client()) {
            TtrpcException failure =
                    failure(() -> client.call("test.Echo", "Echo", new byte[4 << 20], LONG));

            assertThat(failure.status()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
            assertThat(failure).hasMessageStartingWith("test.Echo/Echo: the request has 41943");
            assertThat(text(client, "Metadata", LONG)).isEqualTo("{}");
        }
    }

    @Test
    void aDeadlineEndsTheCallAtBothEnds() throws Exception {
        line.serve(server);
        try (TtrpcClient client = line.client()) {
            TtrpcException failure = failure(() -> text(client, "Wait", SHORT));

            assertThat(failure.category()).isEqualTo(TtrpcException.Category.TIMEOUT);
            assertThat(failure).hasMessage("test.Echo/Wait: no answer within 50 ms");
            assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
            // Its late answer harms nothing.
            assertThat(text(client, "Metadata", LONG)).isEqualTo("{}");
        }
    }

    @Test
    void aCallThatIsLateSaysWhereItIs() throws Exception {
        BlockingQueue<String> late = new LinkedBlockingQueue<>();
        line.serve(server.reportingLate(late::add));
        try (TtrpcClient client = line.client()) {
            assertThat(text(client, "Metadata", LONG)).isEqualTo("{}");
            TtrpcException _ = failure(() -> text(client, "Wait", SHORT));

            assertThat(late.poll(30, TimeUnit.SECONDS))
                    .startsWith("Wait is not done yet: it is in ")
                    .contains(" in CallTest.")
                    .hasLineCount(1);
            assertThat(late).isEmpty();
        }
    }

    @Test
    void aDeadlineInThePastSendsNothing() {
        try (TtrpcClient client = line.client()) {
            assertThat(failure(() -> text(client, "Wait", Duration.ZERO)).category())
                    .isEqualTo(TtrpcException.Category.TIMEOUT);
        }
    }

    @Test
    void anInterruptEndsTheCall() throws Exception {
        line.serve(server);
        try (TtrpcClient client = line.client()) {
            AtomicBoolean flag = new AtomicBoolean();
            List<TtrpcException> failures = new ArrayList<>();
            Thread caller =
                    Thread.ofVirtual()
                            .start(() -> {
                                failures.add(
                                        failure(() ->
                                                text(client, "Wait", TtrpcClient.NO_DEADLINE)));
                                flag.set(Thread.currentThread().isInterrupted());
                            });
            entered.await();

            caller.interrupt();
            caller.join();

            assertThat(failures.getFirst().category())
                    .isEqualTo(TtrpcException.Category.INTERRUPTED);
            assertThat(flag).isTrue();
            assertThat(text(client, "Metadata", LONG)).isEqualTo("{}");
        }
    }

    @Test
    void closingTheClientEndsCallsAndCancelsThemAtTheServer() throws Exception {
        Thread serving = line.serve(server);
        TtrpcClient client = line.client();
        List<TtrpcException> failures = new ArrayList<>();
        Thread caller =
                Thread.ofVirtual()
                        .start(() ->
                                failures.add(
                                        failure(() ->
                                                text(client, "Wait", TtrpcClient.NO_DEADLINE))));
        entered.await();

        client.close();
        caller.join();
        serving.join();

        assertThat(failures.getFirst().category()).isEqualTo(TtrpcException.Category.PEER_CLOSED);
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(failure(() -> text(client, "Echo", LONG)).category())
                .isEqualTo(TtrpcException.Category.PEER_CLOSED);
    }

    @Test
    void platformThreadsAreUsedAgain() {
        line.serve(server.onPlatformThreads());
        Set<String> threads = new HashSet<>();
        try (TtrpcClient client = line.client()) {
            for (int i = 0; i < 100; i++) {
                threads.add(text(client, "Thread", LONG));
            }
        }
        // One that has just answered may not be back yet when the next call comes.
        assertThat(threads).hasSizeLessThan(100);
    }

    @Test
    void aThreadThatIsUsedAgainIsNotInterrupted() throws Exception {
        TtrpcServer reusing = server.onPlatformThreads();
        line.serve(reusing);
        TtrpcClient leaving = line.client();
        Thread _ =
                Thread.ofVirtual()
                        .start(() ->
                                failure(() -> text(leaving, "LeaveFlag", TtrpcClient.NO_DEADLINE)));
        entered.await();
        leaving.close();
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();

        Line next = new Line();
        next.serve(reusing);
        try (TtrpcClient client = next.client()) {
            for (int i = 0; i < 100; i++) {
                assertThat(text(client, "Thread", LONG)).endsWith(" false");
            }
        }
    }

    @Test
    void aThreadIsNotInterruptedForACallThatItHasAnswered() {
        List<Runnable> late = new ArrayList<>();
        CallContext context =
                new CallContext(
                        Map.of(),
                        Deadline.never(),
                        action -> {
                            late.add(action);
                            return new Thread(() -> {});
                        });
        context.interruptOnCancel();
        context.cancel();
        context.finish();

        late.forEach(Runnable::run);

        assertThat(late).hasSize(1);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anOddPositiveStreamIdIsDemanded() {
        assertThatThrownBy(() -> TtrpcOptions.DEFAULT.withFirstStreamId(2))
                .hasMessageContaining("odd and positive: 2");
        assertThatThrownBy(() -> TtrpcOptions.DEFAULT.withFirstStreamId(-1))
                .hasMessageContaining("-1");
    }

    @Test
    void streamIdsStartAgainAfterTheGreatest() {
        line.serve(server);
        try (TtrpcClient client =
                line.client(TtrpcOptions.DEFAULT.withFirstStreamId(Integer.MAX_VALUE))) {
            assertThat(text(client, "Metadata", LONG)).isEqualTo("{}");
            assertThat(text(client, "Metadata", LONG)).isEqualTo("{}");
        }
    }

    private void assertRefused(String service, String method, StatusCode code, String message) {
        Line fresh = new Line();
        fresh.serve(server);
        try (TtrpcClient client = fresh.client()) {
            TtrpcException failure =
                    failure(() ->
                            client.call(service, method, Line.text(""), BytesValue.parser(), LONG));

            assertThat(failure.category()).isEqualTo(TtrpcException.Category.REFUSED);
            assertThat(failure.status()).isEqualTo(code);
            assertThat(failure).hasMessage(message);
        }
    }

    private static String text(TtrpcClient client, String method, Duration timeout) {
        return client.call("test.Echo", method, Line.text(""), BytesValue.parser(), timeout)
                .getValue()
                .toStringUtf8();
    }

    private static TtrpcException failure(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(TtrpcException.class, call);
    }

    private static BytesValue refuse() {
        throw TtrpcException.refused(StatusCode.NOT_FOUND, "no container \"web\"");
    }

    private static BytesValue broken() {
        throw new IllegalStateException("a secret");
    }

    private BytesValue leaveFlag(CallContext context) {
        context.interruptOnCancel();
        entered.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancelled.countDown();
        }
        return Line.text("");
    }

    private static BytesValue thread() {
        Thread thread = Thread.currentThread();
        return Line.text(thread.threadId() + " " + thread.isInterrupted());
    }

    private BytesValue waiting(CallContext context) {
        CountDownLatch end = new CountDownLatch(1);
        context.onCancel(cancelled::countDown);
        context.interruptOnCancel();
        entered.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            assertThat(context.isCancelled()).isTrue();
        }
        return Line.text("cancelled");
    }

    private BytesValue waitForRelease() {
        entered.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Line.text("released");
    }
}

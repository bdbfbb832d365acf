package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.linux.Fd;
import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class QmpTest {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(100);

    private static Qmp connect(FakeQmp fake) {
        return Qmp.over(fake.client(), WAIT, event -> {});
    }

    private static void assertFails(
            VmmException.Category category, ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VmmException.class, e -> assertThat(e.category()).isEqualTo(category));
    }

    @Test
    void answersFindTheirCommands() {
        try (FakeQmp fake =
                        FakeQmp.polite((command, id) ->
                                "{\"return\": {\"name\": \""
                                        + command
                                        + "\"}, \"id\": "
                                        + id
                                        + "}\r\n");
                Qmp qmp = connect(fake)) {
            assertThat(qmp.version()).isEqualTo("7.2.22");
            assertThat(qmp.execute("query-status", WAIT).get("name").text())
                    .contains("query-status");
            assertThat(qmp.execute("query-x", Json.Obj.of("a", "b"), WAIT).get("name").text())
                    .contains("query-x");
            assertThat(fake.commands).last().asString().contains("\"arguments\":{\"a\":\"b\"}");
        }
    }

    @Test
    void answersInAnotherOrderFindTheirCommands() throws Exception {
        AtomicLong held = new AtomicLong(-1);
        try (FakeQmp fake =
                        FakeQmp.polite((command, id) -> {
                            if (command.equals("first")) {
                                held.set(id);
                                return "";
                            }
                            return FakeQmp.ok(id) + FakeQmp.ok(held.get());
                        });
                Qmp qmp = connect(fake)) {
            CompletableFuture<Json> first =
                    CompletableFuture.supplyAsync(() -> qmp.execute("first", WAIT));
            while (held.get() < 0) {
                Thread.onSpinWait();
            }

            assertThat(qmp.execute("second", WAIT)).isEqualTo(Json.Obj.EMPTY);
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(Json.Obj.EMPTY);
        }
    }

    @Test
    void anErrorIsToldInQemusWords() {
        try (FakeQmp fake =
                        FakeQmp.polite((_, id) ->
                                "{\"error\": {\"class\": \"DeviceNotFound\", \"desc\": \"no 'x'\\u001b[31m\"}, \"id\": "
                                        + id
                                        + "}\n");
                Qmp qmp = connect(fake)) {
            assertThatThrownBy(() -> qmp.execute("device_del", WAIT))
                    .hasMessage("QMP device_del: DeviceNotFound: no 'x'\\u001b[31m")
                    .isInstanceOfSatisfying(
                            VmmException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(VmmException.Category.COMMAND_FAILED));
        }
    }

    @Test
    void silenceEndsAtTheDeadlineAndALateAnswerDoesNoHarm() {
        AtomicLong late = new AtomicLong();
        try (FakeQmp fake =
                        FakeQmp.polite((command, id) -> {
                            if (command.equals("slow")) {
                                late.set(id);
                                return "";
                            }
                            return FakeQmp.ok(late.get()) + FakeQmp.ok(id);
                        });
                Qmp qmp = connect(fake)) {
            assertFails(VmmException.Category.TIMEOUT, () -> qmp.execute("slow", SHORT));

            assertThat(qmp.execute("next", WAIT)).isEqualTo(Json.Obj.EMPTY);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\n",
                "{\"return\": {}, \"id\": 4711}\n",
                "{\"return\": {}}\n",
                "[1, 2, 3]\n",
                "{\"return\": {}, \"id\": 2} {}\n",
                "{\"event\": 5}\n",
                "\"\\ud800\"\n",
                "{\"return\": 1e999999999, \"id\": 1.5}\n",
                "\0\0\0\n"
            })
    void aPeerThatBreaksTheProtocolLosesItsConnection(String line) {
        try (FakeQmp fake = FakeQmp.polite((_, _) -> line);
                Qmp qmp = connect(fake)) {
            assertFails(VmmException.Category.PROTOCOL, () -> qmp.execute("query-status", WAIT));
            assertFails(VmmException.Category.PROTOCOL, () -> qmp.execute("query-status", WAIT));
            assertThat(qmp.closed()).isDone();
        }
    }

    @Test
    void nestingAndLengthAreBounded() {
        String deep = "[".repeat(10_000) + "]".repeat(10_000) + "\n";
        try (FakeQmp fake = FakeQmp.polite((_, _) -> deep);
                Qmp qmp = connect(fake)) {
            assertFails(VmmException.Category.PROTOCOL, () -> qmp.execute("x", WAIT));
        }
        String half = "x".repeat(Qmp.MAX_LINE_BYTES / 2);
        try (FakeQmp fake = FakeQmp.polite((_, _) -> half + half + half);
                Qmp qmp = connect(fake)) {
            assertFails(VmmException.Category.PROTOCOL, () -> qmp.execute("x", WAIT));
        }
    }

    @Test
    void aPeerThatIsNotQemuIsRefused() {
        try (FakeQmp fake = new FakeQmp("{\"hello\": 1}\n", (_, _) -> "")) {
            assertFails(VmmException.Category.PROTOCOL, () -> connect(fake));
        }
        try (FakeQmp fake = new FakeQmp("", (_, _) -> "")) {
            assertFails(
                    VmmException.Category.TIMEOUT,
                    () -> Qmp.over(fake.client(), SHORT, event -> {}));
        }
    }

    @Test
    void aPeerThatGoesEndsAllWaits() {
        try (FakeQmp fake = FakeQmp.polite((_, _) -> "");
                Qmp qmp = connect(fake)) {
            CompletableFuture<QmpEvent> wait = qmp.next(event -> true);
            CompletableFuture<Json> command =
                    CompletableFuture.supplyAsync(() -> qmp.execute("x", WAIT));
            while (fake.commands.size() < 2) {
                Thread.onSpinWait();
            }

            fake.hangUp();

            assertThatThrownBy(() -> command.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(VmmException.class);
            assertThatThrownBy(() -> wait.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(VmmException.class);
            assertThat(qmp.closed().join().category()).isEqualTo(VmmException.Category.PEER_CLOSED);
            assertThatThrownBy(() -> qmp.next(event -> true).get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(VmmException.class);
        }
    }

    @Test
    void eventsReachTheListenerInOrderAndTheFloodIsBounded() throws Exception {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch last = new CountDownLatch(1);
        StringBuilder flood = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            flood.append("{\"event\": \"E").append(i).append("\", \"data\": {}}\n");
        }
        try (FakeQmp fake = FakeQmp.polite((_, id) -> flood + FakeQmp.ok(id));
                Qmp qmp =
                        Qmp.over(
                                fake.client(),
                                WAIT,
                                event -> {
                                    heard.add(event.name());
                                    if (event.name().equals("LAST")) {
                                        last.countDown();
                                    }
                                })) {
            CompletableFuture<QmpEvent> wanted = qmp.next(event -> event.name().equals("E4999"));

            assertThat(qmp.execute("go", WAIT)).isEqualTo(Json.Obj.EMPTY);

            assertThat(wanted.get(20, TimeUnit.SECONDS).name()).isEqualTo("E4999");
            while (last.getCount() > 0) {
                fake.send("{\"event\": \"LAST\"}\n");
                boolean _ = last.await(20, TimeUnit.MILLISECONDS);
            }
            assertThat(heard.getFirst()).isEqualTo("E0");
        }
    }

    @Test
    void openFilesGoAlong() {
        try (UnixSocket.Pair pair = UnixSocket.pair();
                Fd memory = Fd.memory("test")) {
            CompletableFuture<Integer> received = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(() -> {
                        UnixSocket server = pair.second();
                        server.send(bytes(FakeQmp.GREETING), List.of(), WAIT);
                        ByteBuffer buffer = ByteBuffer.allocate(4096);
                        server.receive(buffer, 1, WAIT);
                        server.send(bytes(FakeQmp.ok(1)), List.of(), WAIT);
                        UnixSocket.Received got = server.receive(buffer, 1, WAIT);
                        got.descriptors().forEach(Fd::close);
                        server.send(bytes(FakeQmp.ok(2)), List.of(), WAIT);
                        received.complete(got.descriptors().size());
                    });
            try (Qmp qmp = Qmp.over(pair.first(), WAIT, event -> {})) {
                Json _ = qmp.execute("getfd", Json.Obj.of("fdname", "tap"), List.of(memory), WAIT);
                assertThat(received.join()).isEqualTo(1);
                assertThat(memory.isClosed()).isFalse();
            }
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.kumite.vmm;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;

/** The other end of a control socket, which says what a test wants it to say. */
final class FakeQmp implements AutoCloseable {

    static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}}, \"capabilities\": []}}\n";

    private static final Duration WAIT = Duration.ofSeconds(20);

    final ConcurrentLinkedQueue<String> commands = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Integer> descriptors = new ConcurrentLinkedQueue<>();
    private final UnixSocket.Pair pair = UnixSocket.pair();

    /**
     * @param answer the text to send for a command and its number; nothing if it is empty
     */
    FakeQmp(String greeting, BiFunction<String, Long, String> answer) {
        Thread.ofVirtual().start(() -> serve(greeting, answer));
    }

    /** {@return one that takes capabilities as QEMU does} */
    static FakeQmp polite(BiFunction<String, Long, String> answer) {
        return new FakeQmp(
                GREETING,
                (command, id) ->
                        command.equals("qmp_capabilities") ? ok(id) : answer.apply(command, id));
    }

    static String ok(long id) {
        return "{\"return\": {}, \"id\": " + id + "}\n";
    }

    private void serve(String greeting, BiFunction<String, Long, String> answer) {
        try {
            send(greeting);
            QmpLines lines = new QmpLines(pair.second());
            for (List<Json> line = lines.next(WAIT); !line.isEmpty(); line = lines.next(WAIT)) {
                Json command = line.getFirst();
                String name = command.get("execute").text().orElse("");
                commands.add(command.print());
                send(answer.apply(name, command.get("id").whole(-1)));
            }
        } catch (LinuxException e) {
            // the client has enough
        }
    }

    void send(String text) {
        if (!text.isEmpty()) {
            pair.second()
                    .send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), List.of(), WAIT);
        }
    }

    UnixSocket client() {
        return pair.first();
    }

    void hangUp() {
        pair.second().close();
    }

    @Override
    public void close() {
        pair.close();
    }
}

package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kumite.engine.Container;
import dev.kumite.engine.ContainerProcess;
import dev.kumite.engine.Engine;
import dev.kumite.engine.EngineException;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.engine.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code kumite ps}: the processes of a container, as they see themselves. */
final class PsCommand implements Command {

    private static final String FORMAT = "format";
    private static final String JSON = "json";

    private static final String SHELL = "/bin/sh";

    /** What the container may answer at most, in bytes. */
    private static final int MOST_BYTES = 1 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Prints one line for each process: its pid, its parent's, its state, its user, its command
     * line. Needs no program but the shell, since a container may have no other. The shell itself
     * is left out.
     */
    private static final String SCRIPT =
            """
            for d in /proc/[0-9]*; do
              pid=${d#/proc/}
              [ "$pid" = $$ ] && continue
              { read -r line <$d/stat; } 2>/dev/null || continue
              rest=${line##*) }
              comm=${line#*(}
              comm=${comm%)*}
              set -- $rest
              uid=
              while read -r key value more; do
                [ "$key" = Uid: ] && uid=$value && break
              done <$d/status
              command=$(tr '\\0' ' ' <$d/cmdline 2>/dev/null)
              echo "$pid $2 $1 ${uid%%[!0-9]*} ${command:-[$comm]}"
            done
            """;

    /** One process. */
    private record Row(String pid, String parent, String state, String uid, String command) {}

    @Override
    public String name() {
        return "ps";
    }

    @Override
    public String summary() {
        return "show the processes of a container";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Shows what runs in a container: pids, states, users and command lines as the container itself
                sees them. The host sees one process only, the machine's. Needs a shell in the container.\
                """,
                List.of(
                        Syntax.Option.of(
                                FORMAT,
                                new Syntax.Value.Words("FORMAT", List.of("table", JSON)),
                                "how they are shown, as a table unless said otherwise"),
                        EngineInput.root()),
                List.of(EngineInput.id()),
                List.of(new Syntax.Example("ps web", "shows the processes of a container")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        String id = arguments.operands().getFirst();
        Engine engine = EngineInput.finder(arguments);
        List<Row> rows;
        try (Sandbox sandbox = engine.attach(LogsCommand.sandbox(engine, id))) {
            rows = rows(sandbox.container(id).orElseGet(sandbox::container));
        } catch (EngineException failure) {
            EngineFailure.report(failure, id, arguments, console);
            if (String.valueOf(failure.getMessage()).contains(SHELL)) {
                console.err().line("  what to do: ps asks a shell in the container; it needs one");
            }
            return ExitCode.REFUSED;
        } catch (IOException failure) {
            console.note("error: the processes cannot be read: " + failure.getMessage());
            return ExitCode.REFUSED;
        }
        if (arguments.value(FORMAT, "table").equals(JSON)) {
            console.out().line(Unprintable.escaped(json(rows)));
            return ExitCode.DONE;
        }
        TextTable table = TextTable.of("PID", "PPID", "STATE", "UID", "COMMAND");
        for (Row row : rows) {
            table.row(row.pid(), row.parent(), row.state(), row.uid(), row.command());
        }
        table.write(console.out(), console.outColours());
        return ExitCode.DONE;
    }

    private static List<Row> rows(Container container) throws IOException {
        ContainerProcess shell = container.exec(ProcessSpec.command(SHELL, "-c", SCRIPT));
        shell.stdin().close();
        byte[] answer;
        try (InputStream out = shell.stdout()) {
            answer = out.readNBytes(MOST_BYTES);
        }
        int code = shell.await(PATIENCE).code();
        if (code != 0) {
            throw new IOException("the container's shell ended with exit code " + code);
        }
        return rows(new String(answer, UTF_8));
    }

    private static List<Row> rows(String answer) {
        List<Row> rows = new ArrayList<>();
        for (String line : answer.split("\n", -1)) {
            String[] words = line.split(" +", 5);
            // The container may be hostile, and its shell something else.
            if (words.length == 5 && isPid(words[0]) && isPid(words[1])) {
                rows.add(new Row(words[0], words[1], words[2], words[3], words[4].strip()));
            }
        }
        return rows;
    }

    private static boolean isPid(String text) {
        boolean digits = !text.isEmpty() && text.length() < 10;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return digits;
    }

    private static String json(List<Row> rows) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            for (Row row : rows) {
                json.writeStartObject();
                json.writeNumberProperty("pid", Integer.parseInt(row.pid()));
                json.writeNumberProperty("ppid", Integer.parseInt(row.parent()));
                json.writeStringProperty("state", row.state());
                json.writeStringProperty("uid", row.uid());
                json.writeStringProperty("command", row.command());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }
}

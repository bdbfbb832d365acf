package dev.kumite.cli;

import dev.kumite.engine.EngineException;
import dev.kumite.engine.SandboxStatus;
import dev.kumite.oci.State;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code kumite list}: the sandboxes and containers that there are. */
final class ListCommand implements Command {

    private static final String FORMAT = "format";
    private static final String QUIET = "quiet";
    private static final String JSON = "json";

    @Override
    public String name() {
        return "list";
    }

    @Override
    public String summary() {
        return "show the sandboxes and containers that there are";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Shows each container with the sandbox that it is in, whatever process made it. A sandbox is
                "orphaned" if its owner was killed and its machine still runs, "dead" if files are left only;
                "kumite gc" releases both. The pid is that of the process that stands for the container's, or the
                machine's. With --format json, members have the names that runc's list has.\
                """,
                List.of(
                        Syntax.Option.of(
                                        FORMAT,
                                        new Syntax.Value.Words("FORMAT", List.of("table", JSON)),
                                        "how they are shown, as a table unless said otherwise")
                                .withLetter('f'),
                        Syntax.Option.flag(QUIET, "print ids only, one a line").withLetter('q'),
                        EngineInput.root()),
                List.of(),
                List.of(
                        new Syntax.Example("list", "shows all"),
                        new Syntax.Example("list --format json", "tells programs of them")));
    }

    /**
     * A container, or a sandbox without any.
     *
     * @param state as the specification has it
     * @param created when it was made
     * @param sandbox where it is; empty if its machine is gone
     */
    private record Row(State state, Instant created, Optional<SandboxStatus> sandbox) {

        String machine() {
            return sandbox.map(found -> found.state().word()).orElse("-");
        }
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        List<Row> rows;
        try {
            rows =
                    rows(
                            EngineInput.finder(arguments).list(),
                            SupervisedStates.in(EngineInput.root(arguments)));
        } catch (EngineException failure) {
            EngineFailure.report(failure, "", arguments, console);
            return ExitCode.REFUSED;
        }
        if (arguments.has(QUIET)) {
            rows.forEach(row -> console.out().line(ProblemText.printable(row.state().id())));
        } else if (arguments.value(FORMAT, "table").equals(JSON)) {
            console.out().line(Unprintable.escaped(json(rows)));
        } else {
            table(rows).write(console.out(), console.outColours());
        }
        return ExitCode.DONE;
    }

    private static List<Row> rows(
            List<SandboxStatus> sandboxes, Map<String, SupervisedStates.Supervised> supervised) {
        List<Row> rows = new ArrayList<>();
        Map<String, SupervisedStates.Supervised> left = new TreeMap<>(supervised);
        for (SandboxStatus sandbox : sandboxes) {
            if (sandbox.containers().isEmpty() && !supervised.containsKey(sandbox.id())) {
                boolean starting = sandbox.state() == SandboxStatus.State.STARTING;
                String status = starting ? "creating" : "stopped";
                rows.add(
                        new Row(
                                state(sandbox.id(), status, sandbox.qemuPid(), ""),
                                sandbox.created(),
                                Optional.of(sandbox)));
            }
            for (SandboxStatus.ContainerStatus container : sandbox.containers()) {
                SupervisedStates.Supervised known = left.remove(container.id());
                State state =
                        known == null
                                ? state(
                                        container.id(),
                                        container.status(),
                                        sandbox.qemuPid(),
                                        container.bundle())
                                : known.state();
                rows.add(new Row(state, container.created(), Optional.of(sandbox)));
            }
        }
        left.values()
                .forEach(gone -> rows.add(new Row(gone.state(), gone.created(), Optional.empty())));
        return rows;
    }

    private static State state(String id, String status, long pid, String bundle) {
        return new State(FeaturesCommand.NEWEST_SPECIFICATION, id, status, pid, bundle, Map.of());
    }

    private static TextTable table(List<Row> rows) {
        TextTable table =
                TextTable.of("ID", "SANDBOX", "MACHINE", "STATUS", "PID", "CREATED", "BUNDLE");
        for (Row row : rows) {
            State state = row.state();
            table.row(
                    state.id(),
                    row.sandbox().map(SandboxStatus::id).orElse("-"),
                    row.machine(),
                    state.status(),
                    state.pid() == 0 ? "-" : Long.toString(state.pid()),
                    row.created().toString(),
                    state.bundle().isEmpty() ? "-" : state.bundle());
        }
        return table;
    }

    /** runc's members first, then ours. */
    private static String json(List<Row> rows) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            for (Row row : rows) {
                State state = row.state();
                json.writeStartObject();
                json.writeStringProperty("ociVersion", state.ociVersion());
                json.writeStringProperty("id", state.id());
                json.writeNumberProperty("pid", state.pid());
                json.writeStringProperty("status", state.status());
                json.writeStringProperty("bundle", state.bundle());
                json.writeStringProperty("created", row.created().toString());
                json.writeObjectPropertyStart("annotations");
                state.annotations().forEach(json::writeStringProperty);
                json.writeEndObject();
                json.writeStringProperty("machine", row.machine());
                if (row.sandbox().isPresent()) {
                    SandboxStatus sandbox = row.sandbox().get();
                    json.writeStringProperty("sandbox", sandbox.id());
                    json.writeNumberProperty("ownerPid", sandbox.ownerPid());
                    json.writeNumberProperty("qemuPid", sandbox.qemuPid());
                    json.writeStringProperty("directory", sandbox.directory().toString());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }
}

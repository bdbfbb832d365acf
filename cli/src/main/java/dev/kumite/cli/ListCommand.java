package dev.kumite.cli;

import dev.kumite.engine.EngineException;
import dev.kumite.engine.SandboxStatus;
import java.io.StringWriter;
import java.util.List;
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
                "kumite gc" releases both.\
                """,
                List.of(
                        Syntax.Option.of(
                                FORMAT,
                                new Syntax.Value.Words("FORMAT", List.of("table", JSON)),
                                "how they are shown, as a table unless said otherwise"),
                        Syntax.Option.flag(QUIET, "print ids only, one a line").withLetter('q'),
                        EngineInput.root()),
                List.of(),
                List.of(
                        new Syntax.Example("list", "shows all"),
                        new Syntax.Example("list --format json", "tells programs of them")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        List<SandboxStatus> sandboxes;
        try {
            sandboxes = EngineInput.finder(arguments).list();
        } catch (EngineException failure) {
            EngineFailure.report(failure, "", arguments, console);
            return ExitCode.REFUSED;
        }
        if (arguments.has(QUIET)) {
            for (SandboxStatus sandbox : sandboxes) {
                quiet(sandbox, console.out());
            }
        } else if (arguments.value(FORMAT, "table").equals(JSON)) {
            console.out().line(Unprintable.escaped(json(sandboxes)));
        } else {
            table(sandboxes).write(console.out(), console.outColours());
        }
        return ExitCode.DONE;
    }

    private static void quiet(SandboxStatus sandbox, Output out) {
        boolean named = false;
        for (SandboxStatus.ContainerStatus container : sandbox.containers()) {
            out.line(ProblemText.printable(container.id()));
            named |= container.id().equals(sandbox.id());
        }
        if (!named) {
            out.line(ProblemText.printable(sandbox.id()));
        }
    }

    private static TextTable table(List<SandboxStatus> sandboxes) {
        TextTable table =
                TextTable.of("ID", "SANDBOX", "MACHINE", "CONTAINER", "PID", "CREATED", "BUNDLE");
        for (SandboxStatus sandbox : sandboxes) {
            String machine = sandbox.state().word();
            String pid = sandbox.qemuPid() == 0 ? "-" : Long.toString(sandbox.qemuPid());
            if (sandbox.containers().isEmpty()) {
                table.row(
                        sandbox.id(),
                        sandbox.id(),
                        machine,
                        "-",
                        pid,
                        sandbox.created().toString(),
                        "-");
            }
            for (SandboxStatus.ContainerStatus container : sandbox.containers()) {
                table.row(
                        container.id(),
                        sandbox.id(),
                        machine,
                        container.status(),
                        pid,
                        container.created().toString(),
                        container.bundle());
            }
        }
        return table;
    }

    private static String json(List<SandboxStatus> sandboxes) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            for (SandboxStatus sandbox : sandboxes) {
                json.writeStartObject();
                json.writeStringProperty("id", sandbox.id());
                json.writeStringProperty("state", sandbox.state().word());
                json.writeStringProperty("created", sandbox.created().toString());
                json.writeNumberProperty("ownerPid", sandbox.ownerPid());
                json.writeNumberProperty("qemuPid", sandbox.qemuPid());
                json.writeStringProperty("directory", sandbox.directory().toString());
                json.writeArrayPropertyStart("containers");
                for (SandboxStatus.ContainerStatus container : sandbox.containers()) {
                    json.writeStartObject();
                    json.writeStringProperty("id", container.id());
                    json.writeStringProperty("status", container.status());
                    json.writeStringProperty("bundle", container.bundle());
                    json.writeStringProperty("created", container.created().toString());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }
}

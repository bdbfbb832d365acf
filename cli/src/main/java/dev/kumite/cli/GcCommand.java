package dev.kumite.cli;

import dev.kumite.engine.EngineException;
import dev.kumite.engine.GarbageReport;
import java.util.List;

/** {@code kumite gc}: releases what killed processes left. */
final class GcCommand implements Command {

    @Override
    public String name() {
        return "gc";
    }

    @Override
    public String summary() {
        return "release what killed processes have left";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Ends the machines whose owner was killed, and releases all else that such a process took from the
                host: processes, mounts, sockets, directories. Their records stay for "kumite logs", as do those of
                starts that failed, until there are newer ones. Sandboxes with a living owner are not touched. Can
                be called at any time, also by several at once.\
                """,
                List.of(EngineInput.root()),
                List.of(),
                List.of(new Syntax.Example("gc", "releases all that is nobody's")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        GarbageReport report;
        try {
            report = EngineInput.finder(arguments).collectGarbage();
        } catch (EngineException failure) {
            EngineFailure.report(failure, "", arguments, console);
            return ExitCode.REFUSED;
        }
        for (String id : report.released()) {
            console.out().line("released " + ProblemText.printable(id));
        }
        for (String failure : report.failures()) {
            console.note("error: " + failure);
        }
        return report.failures().isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    }
}

package dev.kumite.cli;

import dev.kumite.engine.EngineException;
import java.nio.file.Path;
import java.util.List;

/** Tells people why something that the engine was asked for has failed. */
final class EngineFailure {

    /** Most lines of evidence that are shown; the record has all. */
    private static final int EVIDENCE_LINES = 12;

    private EngineFailure() {}

    /**
     * Writes what failed and why, what the machine said last, what to do, and where the record is.
     *
     * @param id the sandbox that it is about; empty if it is about none
     */
    static void report(EngineException failure, String id, Console console) {
        Output err = console.err();
        Colours colours = console.errColours();
        String text = String.valueOf(failure.getMessage());
        err.line(
                "kumite: "
                        + colours.error("error:")
                        + " "
                        + failure.step()
                                .map(step -> "step \"" + step.word() + "\" of the start failed: ")
                                .orElse("")
                        + ProblemText.printable(text));
        console.report(failure.problems(), Console.Format.TEXT);
        List<String> evidence = failure.evidence();
        int first = Math.max(0, evidence.size() - EVIDENCE_LINES);
        if (!evidence.isEmpty()) {
            err.line("  the last that was written:");
        }
        for (String line : evidence.subList(first, evidence.size())) {
            err.line(colours.faint("  | " + ProblemText.printable(line)));
        }
        if (!failure.remedy().isEmpty()) {
            err.line("  what to do: " + ProblemText.printable(failure.remedy()));
        }
        if (failure.record().isPresent() && !id.isEmpty()) {
            Path record = failure.record().get();
            err.line(
                    "  the whole record: kumite logs "
                            + rootOption(record)
                            + ProblemText.printable(id)
                            + " (in "
                            + record
                            + ")");
        }
    }

    private static String rootOption(Path record) {
        Path root = record.getParent();
        return root == null || root.equals(dev.kumite.engine.Engine.DEFAULT_ROOT)
                ? ""
                : "--root " + root + " ";
    }
}

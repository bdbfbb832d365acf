package dev.kumite.cli;

import dev.kumite.engine.Engine;
import dev.kumite.engine.EngineException;
import dev.kumite.oci.Problem;
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
     * @param arguments what was typed
     */
    static void report(EngineException failure, String id, Arguments arguments, Console console) {
        Output err = console.err();
        Colours colours = console.errColours();
        err.line("kumite: " + colours.error("error:") + " " + ProblemText.printable(what(failure)));
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
            Path root = EngineInput.root(arguments);
            err.line(
                    "  the whole record: kumite logs "
                            + (root.equals(Engine.DEFAULT_ROOT) ? "" : "--root " + root + " ")
                            + ProblemText.printable(id));
        }
    }

    /** {@return the message without the first problem, which follows with all the others} */
    private static String withoutProblem(EngineException failure) {
        String text = String.valueOf(failure.getMessage());
        for (Problem problem : failure.problems()) {
            String end = ": " + problem.describe();
            if (text.endsWith(end)) {
                return text.substring(0, text.length() - end.length());
            }
        }
        return text;
    }

    private static String what(EngineException failure) {
        String text = withoutProblem(failure);
        if (failure.step().isEmpty()) {
            return text;
        }
        String step = failure.step().get().word();
        // Some messages begin with the step themselves.
        String rest = text.startsWith(step + ": ") ? text.substring(step.length() + 2) : text;
        return "the start failed in step \"" + step + "\": " + rest;
    }
}

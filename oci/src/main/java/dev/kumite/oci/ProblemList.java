package dev.kumite.oci;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Collects problems of one input, and keeps no more of them than anybody reads: at most {@link
 * Limits#MAX_PROBLEMS}, of which errors take the places of warnings. Confined to one thread.
 */
public final class ProblemList {

    private final List<Problem> kept = new ArrayList<>(0);
    private int errorsKept;
    private long errors;
    private boolean leftOut;

    /** Makes a list without problems. */
    public ProblemList() {}

    /** Adds a problem. */
    public void add(Problem problem) {
        if (problem.isError()) {
            addError(() -> problem);
        } else {
            addWarning(() -> problem);
        }
    }

    /** Adds problems. */
    public void addAll(List<Problem> problems) {
        problems.forEach(this::add);
    }

    /**
     * Adds an error.
     *
     * @param problem makes it; asked only if it is kept
     */
    public void addError(Supplier<Problem> problem) {
        errors++;
        if (kept.size() == Limits.MAX_PROBLEMS) {
            leftOut = true;
            if (errorsKept == Limits.MAX_PROBLEMS) {
                return;
            }
            removeLastWarning();
        }
        errorsKept++;
        kept.add(problem.get());
    }

    /**
     * Adds a warning.
     *
     * @param problem makes it; asked only if it is kept
     */
    public void addWarning(Supplier<Problem> problem) {
        if (kept.size() == Limits.MAX_PROBLEMS) {
            leftOut = true;
            return;
        }
        kept.add(problem.get());
    }

    private void removeLastWarning() {
        int last = kept.size() - 1;
        while (kept.get(last).isError()) {
            last--;
        }
        kept.remove(last);
    }

    /** {@return how many errors were added, kept or not} */
    public long errorCount() {
        return errors;
    }

    /** {@return the problems that are kept, and if there were more, a last one that says so} */
    public List<Problem> list() {
        if (!leftOut) {
            return List.copyOf(kept);
        }
        List<Problem> all = new ArrayList<>(kept);
        all.add(
                new Problem(
                        errorsKept > 0 ? Problem.Severity.ERROR : Problem.Severity.WARNING,
                        kept.getFirst().where(),
                        "there are more than " + Limits.MAX_PROBLEMS + " problems",
                        errorsKept > 0
                                ? "only some are listed, errors before warnings"
                                : "only the first ones are listed",
                        "correct them and try again"));
        return List.copyOf(all);
    }
}

package dev.kumite.supervisor;

import dev.kumite.engine.EngineException;
import dev.kumite.oci.Problem;

/** Puts a failure of the engine into the one line that callers of an OCI runtime show. */
final class EngineFailure {

    private EngineFailure() {}

    /** {@return what failed and why, all that is wrong with the request, and what to do} */
    static String text(EngineException failure) {
        StringBuilder text = new StringBuilder(SupervisorException.reason(failure));
        for (Problem problem : failure.problems()) {
            // Some messages have the first of them in themselves.
            if (problem.isError() && text.indexOf(problem.describe()) < 0) {
                text.append("; ").append(problem.describe());
            }
        }
        if (!failure.remedy().isEmpty()) {
            text.append("; ").append(failure.remedy());
        }
        return text.toString();
    }
}

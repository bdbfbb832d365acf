package dev.kumite.shim;

import dev.kumite.engine.EngineException;
import dev.kumite.oci.Problem;

/** Says in one line what containerd's user is to read about a failure of the engine. */
final class FailureText {

    private FailureText() {}

    /** {@return what failed and why, all that is wrong with the request, and what to do} */
    static String of(EngineException failure) {
        StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
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

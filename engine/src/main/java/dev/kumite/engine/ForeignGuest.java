package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.AgentDetails;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.List;

/** What the agent of a guest that Kumite did not build does not do, and does not say. */
final class ForeignGuest {

    /** The first release whose agent runs {@code startContainer} hooks: 3.1. */
    private static final int HOOKS_MAJOR = 3;

    private static final int HOOKS_MINOR = 1;

    private static final int MOST_VERSION = 40;

    private ForeignGuest() {}

    /** {@return what of the container's specification its agent leaves out} */
    static List<Problem> omissions(Spec spec, AgentDetails agent) {
        List<Problem> problems = new ArrayList<>();
        String version = Texts.line(agent.getVersion(), MOST_VERSION);
        if (spec.linux().flatMap(linux -> linux.seccomp()).isPresent()
                && !agent.getSupportsSeccomp()) {
            problems.add(
                    omission(
                            "/linux/seccomp",
                            "the filter of system calls has no effect",
                            "the guest's agent (" + version + ") was built without seccomp",
                            "use a guest whose agent has it, such as that of \"kumite guest build\""));
        }
        boolean hooks = spec.hooks().filter(all -> !all.startContainer().isEmpty()).isPresent();
        if (hooks && !runsHooks(agent.getVersion())) {
            problems.add(
                    omission(
                            "/hooks/startContainer",
                            "these hooks do not run",
                            "the guest's agent (" + version + ") does not know them",
                            "use a guest of Kata Containers 3.1 or later, or that of \"kumite guest build\""));
        }
        return problems;
    }

    private static boolean runsHooks(String version) {
        String[] numbers = version.split("[^0-9]", 3);
        try {
            int major = Integer.parseInt(numbers[0]);
            int minor = numbers.length > 1 ? Integer.parseInt(numbers[1]) : 0;
            return major > HOOKS_MAJOR || (major == HOOKS_MAJOR && minor >= HOOKS_MINOR);
        } catch (NumberFormatException e) {
            // A version of a form that is not known is taken for a new one.
            return true;
        }
    }

    private static Problem omission(String pointer, String what, String why, String fix) {
        return Problem.warning(new Location.Text("config.json", 0, 0, pointer), what, why, fix);
    }
}

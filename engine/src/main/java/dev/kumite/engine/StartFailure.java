package dev.kumite.engine;

import dev.kumite.vmm.MachineExit;
import dev.kumite.vmm.VirtualMachine;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Why a start failed: the step, the likely cause, the evidence. */
final class StartFailure {

    private StartFailure() {}

    /**
     * {@return the failure with what is known about the machine}
     *
     * @param machine the machine, if it was started
     * @param silence finds out about a guest that did not answer
     */
    static EngineException explain(
            EngineException e,
            Step step,
            @Nullable VirtualMachine machine,
            Supplier<List<String>> silence) {
        boolean lost =
                switch (e.category()) {
                    case CLOSED, TIMEOUT, HYPERVISOR -> true;
                    default -> false;
                };
        if (machine == null || !lost) {
            return named(e, step, e.evidence());
        }
        Optional<MachineExit> exit =
                e.category() != EngineException.Category.TIMEOUT || machine.onExit().isDone()
                        ? MachineFailure.exit(machine)
                        : Optional.empty();
        if (exit.isPresent()) {
            return EngineException.builder(
                            EngineException.Category.HYPERVISOR,
                            step.word()
                                    + ": the machine ended while it started: "
                                    + MachineFailure.cause(exit.get()))
                    .step(step)
                    .evidence(MachineFailure.evidence(exit.get()))
                    .remedy(MachineFailure.remedy(exit.get()))
                    .cause(e)
                    .build();
        }
        // A guest that is silent, not a hypervisor that answers nonsense.
        if (e.category() == EngineException.Category.HYPERVISOR) {
            return named(e, step, e.evidence());
        }
        List<String> evidence = silence.get();
        return step == Step.AGENT
                ? silent(e, step, machine.consoleLines().isEmpty(), evidence)
                : named(e, step, evidence);
    }

    private static EngineException silent(
            EngineException e, Step step, boolean noConsole, List<String> evidence) {
        String cause =
                noConsole
                        ? "the guest wrote nothing to its console: its kernel probably does not run on this"
                                + " machine type or accelerator"
                        : "the guest booted, but its agent did not answer";
        return EngineException.builder(
                        EngineException.Category.TIMEOUT,
                        step.word() + ": no answer from the guest in time; " + cause)
                .step(step)
                .evidence(evidence)
                .remedy(
                        noConsole
                                ? "check that kernel and machine_type fit (\"kumite check\")"
                                : "raise dial_timeout in [agent.kata] on a slow host, or read the console's"
                                        + " last lines")
                .cause(e)
                .build();
    }

    /** {@return the failure with the step in its message} */
    private static EngineException named(EngineException e, Step step, List<String> evidence) {
        String message = String.valueOf(e.getMessage());
        return EngineException.builder(
                        e.category(), step == Step.PREPARE ? message : step.word() + ": " + message)
                .step(step)
                .problems(e.problems())
                .evidence(evidence)
                .remedy(e.remedy())
                .cause(e.getCause() == null ? e : e.getCause())
                .build();
    }
}

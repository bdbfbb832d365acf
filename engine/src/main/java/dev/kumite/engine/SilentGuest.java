package dev.kumite.engine;

import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.ProcessorState;
import dev.kumite.vmm.SandboxDirectory;
import dev.kumite.vmm.VirtualMachine;
import dev.kumite.vmm.VmmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be found out about a guest that did not answer in time. */
final class SilentGuest {

    /** For an answer that an idle agent gives at once, on a host that is busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private SilentGuest() {}

    /**
     * {@return the evidence} Takes a while; a guest that is only slow is left as it is.
     *
     * @param agent how its agent is reached; empty if that has never answered
     */
    static List<String> evidence(
            VirtualMachine machine, SandboxDirectory directory, Optional<AgentTransport> agent) {
        List<String> lines = new ArrayList<>();
        processors(machine, lines);
        agent.ifPresent(transport -> lines.add(otherPort(directory, transport)));
        processors(machine, lines);
        // Last: an agent that is late with an answer may have written why.
        MachineFailure.last(machine.consoleLines()).forEach(line -> lines.add("console: " + line));
        return lines;
    }

    private static void processors(VirtualMachine machine, List<String> lines) {
        try {
            for (ProcessorState processor : machine.processors()) {
                lines.add("qemu: " + processor.describe());
            }
        } catch (VmmException e) {
            lines.add("qemu: cannot tell what the processors do: " + e.getMessage());
        }
    }

    private static String otherPort(SandboxDirectory directory, AgentTransport transport) {
        Optional<AgentPort> free = AgentPort.free(directory, transport);
        if (free.isEmpty()) {
            return "agent: all of its ports are taken";
        }
        try (AgentPort port = free.get();
                GuestAgent _ = GuestAgent.connect(port, PATIENCE, PATIENCE, PATIENCE)) {
            return "agent: it answers on another port";
        } catch (EngineException e) {
            return "agent: it does not answer on another port either: " + e.getMessage();
        }
    }
}

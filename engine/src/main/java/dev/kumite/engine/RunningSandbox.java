package dev.kumite.engine;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Plan;
import dev.kumite.config.SandboxConfig;
import dev.kumite.config.SandboxFields;
import dev.kumite.config.Settings;
import dev.kumite.oci.Outcome;
import dev.kumite.vmm.Accelerator;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.HostFacts;
import dev.kumite.vmm.MachinePlan;
import dev.kumite.vmm.SandboxDirectory;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * What is to be known of a sandbox that was started before. The plan is a pure function of request
 * and configuration, so it comes out as it was; nothing is looked for on the host, because what the
 * sandbox was made of may be gone, and it runs all the same.
 *
 * @param config its plan
 * @param machine its machine, as far as changes of it need it
 */
record RunningSandbox(SandboxConfig config, MachinePlan machine) {

    /**
     * {@return what it is}
     *
     * @param request its first container
     * @param agent how the agent in its guest is reached
     * @throws EngineException REFUSED if the configuration does not allow it, and so is another one
     */
    static RunningSandbox of(
            Engine engine, ContainerRequest request, Path directory, AgentTransport agent) {
        Outcome<Plan> planned = engine.planOfRunning(request);
        if (!(planned.value().orElse(null) instanceof Plan.NewSandbox plan)) {
            throw EngineException.refused(
                    "sandbox \"" + request.id() + "\" is not what the configuration makes of it",
                    planned.problems());
        }
        SandboxConfig config = plan.sandbox();
        HostFacts host = HostFacts.probe();
        Settings<HypervisorConfig> hypervisor =
                MachineSize.withRoomFor(plan.container().resources(), config, host.memoryMib());
        MachinePlan machine =
                MachinePlan.builder(request.id(), hypervisor, new SandboxDirectory(directory), host)
                        .accelerator(
                                Accelerator.decide(engine.runtime().accelerator(), host)
                                        .accelerator())
                        .guest(BootFiles.of(hypervisor, new ArrayList<>()).kind())
                        .agentTransport(agent)
                        .staticSizing(config.settings().get(SandboxFields.STATIC_RESOURCE_MGMT))
                        .build();
        return new RunningSandbox(config, machine);
    }
}

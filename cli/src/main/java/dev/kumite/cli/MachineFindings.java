package dev.kumite.cli;

import dev.kumite.config.Plan;
import dev.kumite.engine.Engine;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.vmm.Accelerator;
import dev.kumite.vmm.HostFacts;
import dev.kumite.vmm.MachinePlan;
import dev.kumite.vmm.SandboxDirectory;
import dev.kumite.vmm.VmmFindings;
import java.util.List;

/** What a plan asks of the machine and does not get. */
final class MachineFindings {

    /** Memory of a host that is planned for but not there, in MiB; more than any plan asks for. */
    private static final long AMPLE_MEMORY_MIB = 1 << 24;

    private static final int HUGE_PAGE_KIB = 2048;

    private MachineFindings() {}

    /** {@return a warning for each setting that has no effect; none if no machine is made} */
    static List<Problem> of(PlanInputs inputs, Outcome<Plan> plan) {
        if (!(plan.value().orElse(null) instanceof Plan.NewSandbox made)) {
            return List.of();
        }
        HostFacts host =
                inputs.runtime().filesAssumed()
                        ? capable(inputs.host().cpuCount())
                        : HostFacts.probe();
        return VmmFindings.of(
                MachinePlan.builder(
                                inputs.request().id(),
                                made.sandbox().hypervisorConfig(),
                                new SandboxDirectory(Engine.DEFAULT_ROOT.resolve("x")),
                                host)
                        .accelerator(
                                Accelerator.decide(inputs.runtime().accelerator(), host)
                                        .accelerator())
                        .build());
    }

    /** Another host, of which nothing is known, lacks nothing. */
    private static HostFacts capable(int cpus) {
        return new HostFacts(
                HostFacts.Architecture.X86_64,
                cpus,
                AMPLE_MEMORY_MIB,
                true,
                "",
                true,
                true,
                true,
                true,
                AMPLE_MEMORY_MIB,
                HUGE_PAGE_KIB,
                true);
    }
}

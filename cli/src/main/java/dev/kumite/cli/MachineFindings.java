package dev.kumite.cli;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Plan;
import dev.kumite.config.Settings;
import dev.kumite.engine.Engine;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.vmm.Accelerator;
import dev.kumite.vmm.HostFacts;
import dev.kumite.vmm.MachinePlan;
import dev.kumite.vmm.SandboxDirectory;
import dev.kumite.vmm.VmmFindings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        List<Problem> findings = new ArrayList<>();
        without9p(inputs, made.sandbox().hypervisorConfig()).ifPresent(findings::add);
        findings.addAll(
                VmmFindings.of(
                        MachinePlan.builder(
                                        inputs.request().id(),
                                        made.sandbox().hypervisorConfig(),
                                        new SandboxDirectory(Engine.DEFAULT_ROOT.resolve("x")),
                                        host)
                                .accelerator(
                                        Accelerator.decide(inputs.runtime().accelerator(), host)
                                                .accelerator())
                                .build()));
        return findings;
    }

    private static Optional<Problem> without9p(
            PlanInputs inputs, Settings<HypervisorConfig> machine) {
        if (inputs.runtime().filesAssumed()
                || !machine.get(HypervisorConfig.SHARED_FS).equals("virtio-9p")) {
            return Optional.empty();
        }
        Path guest = Path.of(machine.get(HypervisorConfig.KERNEL_PATH)).toAbsolutePath();
        return GuestPlace.lacks9p(guest.resolveSibling("."))
                ? Optional.of(
                        Problem.warning(
                                new Location.Argument("shared_fs"),
                                "the guest's kernel has no 9p, so the container will not start",
                                "shared_fs is \"virtio-9p\"",
                                "set shared_fs = \"virtio-fs\", or build the guest with another kernel: kumite guest"
                                        + " build --kernel linux-image-amd64"))
                : Optional.empty();
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

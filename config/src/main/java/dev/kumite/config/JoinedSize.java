package dev.kumite.config;

import dev.kumite.oci.Spec;

/** How a container that joins a machine changes its size. */
final class JoinedSize {

    private JoinedSize() {}

    static Explanation.Section section(Plan.JoinSandbox joined, RuntimeConfig runtime, Spec spec) {
        Sizing sizing = Sizing.ofContainer(spec);
        SectionBuilder section = new SectionBuilder("CPU and memory");
        if (runtime.settings().get(RuntimeFields.STATIC_SANDBOX_RESOURCE_MGMT)) {
            section.say(
                    "The pod's machine was made as large as it will ever be (static_sandbox_resource_mgmt is on);"
                            + " this container does not change that.");
        } else if (sizing.cpus() == 0 && sizing.memoryMib() == 0) {
            section.say(
                    "The container has no limit of CPU time or memory, so the pod's machine keeps its size. CPU shares,"
                            + " if there are any, are a weight: the plan counts no vCPU for them.");
        } else {
            section.say(
                    "The pod's machine grows by "
                            + MachineSections.size(sizing.cpus(), sizing.memoryMib())
                            + ", memory rounded up to the guest's memory blocks. CPU quotas of all the pod's containers"
                            + " are added up before they are rounded up.");
        }
        section.add(
                "SandboxID", SummaryText.sandboxId(joined), new Origin.SpecPath("/annotations"));
        if (sizing.cpus() > 0) {
            section.add(
                    "CPUs",
                    Wording.vcpus(sizing.cpus()),
                    sizing.cpuOrigin(),
                    MachineSections.cpuNote(spec));
        }
        if (sizing.memoryMib() > 0) {
            section.add("MemMB", Wording.mib(sizing.memoryMib()), sizing.memoryOrigin());
        }
        return section.build();
    }
}

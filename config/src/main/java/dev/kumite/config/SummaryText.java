package dev.kumite.config;

import java.util.ArrayList;
import java.util.List;

/** The few sentences that an explanation begins with. */
final class SummaryText {

    private SummaryText() {}

    static String of(Plan plan) {
        return switch (plan) {
            case Plan.NewSandbox made -> newSandbox(made);
            case Plan.JoinSandbox joined -> join(joined);
        };
    }

    /** {@return the id of the sandbox that is joined, or "(not named)"} */
    static String sandboxId(Plan plan) {
        return switch (plan) {
            case Plan.JoinSandbox(String id, _) -> id.isEmpty() ? "(not named)" : id;
            case Plan.NewSandbox(_, SandboxConfig sandbox) ->
                    sandbox.settings().get(SandboxFields.ID);
        };
    }

    private static String newSandbox(Plan.NewSandbox made) {
        SandboxConfig sandbox = made.sandbox();
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        String machine = vm.get(HypervisorConfig.HYPERVISOR_MACHINE_TYPE);
        List<String> sentences = new ArrayList<>();
        sentences.add(
                Wording.hypervisor(sandbox.settings().get(SandboxFields.HYPERVISOR_TYPE))
                        + (machine.isEmpty() ? "" : " (" + machine + ")")
                        + " starts a virtual machine with "
                        + MachineSections.size(
                                vm.get(HypervisorConfig.NUM_VCPUS),
                                vm.get(HypervisorConfig.MEMORY_SIZE))
                        + " of memory, with a kernel of its own.");
        if (made.type() == ContainerType.POD_SANDBOX) {
            sentences.add(
                    "This is the first container of a pod; the pod's other containers will join the machine.");
        } else {
            long cpus = MachineSections.finalVcpus(sandbox);
            long memory = sandbox.sandboxResources().get(SandboxResources.WORKLOAD_MEM_MB);
            boolean grows =
                    !MachineSections.isStatic(sandbox)
                            && MachineSections.canGrow(sandbox)
                            && (cpus > vm.get(HypervisorConfig.NUM_VCPUS) || memory > 0);
            if (grows) {
                sentences.add(
                        "It grows to "
                                + MachineSections.size(
                                        cpus, vm.get(HypervisorConfig.MEMORY_SIZE) + memory)
                                + " for the container's limits.");
            }
            sentences.add("The container is alone in it.");
        }
        sentences.add(files(vm) + " " + network(sandbox));
        return String.join(" ", sentences);
    }

    private static String files(Settings<HypervisorConfig> vm) {
        String sharedFs = vm.get(HypervisorConfig.SHARED_FS);
        return FileSharing.isNone(sharedFs)
                ? "It shares no files with the host."
                : "Its files are shared by " + sharedFs + ".";
    }

    private static String network(SandboxConfig sandbox) {
        Settings<NetworkConfig> network = sandbox.networkConfig();
        if (network.get(NetworkConfig.INTERWORKING_MODEL) == InterworkingModel.NONE) {
            return "It has no network.";
        }
        String path = network.get(NetworkConfig.NETWORK_ID);
        return path.isEmpty()
                ? "Its network is a new namespace."
                : "Its network is what the namespace " + path + " has.";
    }

    private static String join(Plan.JoinSandbox joined) {
        return "No virtual machine is made: this container is started in the one of pod "
                + Wording.shortId(sandboxId(joined))
                + ", beside the pod's other containers. They share its kernel, its memory and its network; what holds"
                + " between them is what holds between ordinary containers.";
    }
}

package dev.kumite.config;

import dev.kumite.oci.Linux;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Spec;
import dev.kumite.oci.Uint64;
import java.util.List;
import java.util.Optional;

/** The sections that tell of the virtual machine itself. Confined to one thread. */
final class MachineSections {

    private final SandboxConfig sandbox;
    private final ContainerType type;
    private final Spec spec;
    private final Host host;

    MachineSections(SandboxConfig sandbox, ContainerType type, Spec spec, Host host) {
        this.sandbox = sandbox;
        this.type = type;
        this.spec = spec;
        this.host = host;
    }

    /** How the size of the machine came about. */
    Explanation.Section size() {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        Settings<SandboxResources> sizes = sandbox.sandboxResources();
        boolean fixed = isStatic(sandbox);
        long most = vm.get(HypervisorConfig.DEFAULT_MAX_VCPUS);
        SectionBuilder section = new SectionBuilder("CPU and memory").say(sizeStory());
        section.field(
                vm,
                HypervisorConfig.NUM_VCPUS,
                Wording.vcpus(vm.get(HypervisorConfig.NUM_VCPUS)),
                "");
        section.field(
                vm,
                HypervisorConfig.MEMORY_SIZE,
                Wording.mib(vm.get(HypervisorConfig.MEMORY_SIZE)),
                "");
        if (fixed) {
            section.field(
                    sizes,
                    SandboxResources.BASE_CPUS,
                    Wording.vcpus(sizes.get(SandboxResources.BASE_CPUS)),
                    "");
            section.field(
                    sizes,
                    SandboxResources.BASE_MEM_MB,
                    Wording.mib(sizes.get(SandboxResources.BASE_MEM_MB)),
                    "");
        }
        boolean asked =
                !sizes.isZero(SandboxResources.WORKLOAD_CPUS)
                        || !sizes.isZero(SandboxResources.WORKLOAD_MEM_MB);
        if (asked) {
            section.add(
                    SandboxResources.WORKLOAD_CPUS.name(),
                    Wording.vcpus(sizes.get(SandboxResources.WORKLOAD_CPUS)),
                    sizes.origin(SandboxResources.WORKLOAD_CPUS),
                    cpuNote(spec));
            section.add(
                    SandboxResources.WORKLOAD_MEM_MB.name(),
                    Wording.mib(sizes.get(SandboxResources.WORKLOAD_MEM_MB)),
                    sizes.origin(SandboxResources.WORKLOAD_MEM_MB));
        }
        if (!fixed && most > 0) {
            section.field(vm, HypervisorConfig.DEFAULT_MAX_VCPUS, Wording.vcpus(most), "");
        }
        section.unlessZero(vm, HypervisorConfig.MEM_PREALLOC, "the host gives all memory at boot");
        section.unlessZero(
                vm, HypervisorConfig.HUGE_PAGES, "the host must have that many huge pages free");
        section.unlessZero(vm, HypervisorConfig.VIRTIO_MEM, "");
        section.unlessZero(vm, HypervisorConfig.GUEST_SWAP, "");
        section.unlessZero(vm, HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR, "");
        return section.build();
    }

    private String sizeStory() {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        Settings<SandboxResources> sizes = sandbox.sandboxResources();
        long cpus = sizes.get(SandboxResources.WORKLOAD_CPUS);
        long memory = sizes.get(SandboxResources.WORKLOAD_MEM_MB);
        if (isStatic(sandbox)) {
            return "The machine is made as large as it will ever be (static_sandbox_resource_mgmt is on): "
                    + size(
                            sizes.get(SandboxResources.BASE_CPUS),
                            sizes.get(SandboxResources.BASE_MEM_MB))
                    + " of its own, and "
                    + size(cpus, memory)
                    + " that the workload asks for. Nothing is plugged in later.";
        }
        String base = "The machine starts with its base size. ";
        if (!canGrow(sandbox)) {
            return base + "Firecracker cannot plug anything in, so it stays that large.";
        }
        if (type == ContainerType.POD_SANDBOX) {
            String asked =
                    cpus == 0 && memory == 0
                            ? ""
                            : " The pod as a whole asks for " + size(cpus, memory) + ".";
            return base
                    + "Whenever a container of the pod is created, what its limits ask for is plugged in on top."
                    + asked;
        }
        if (cpus == 0 && memory == 0) {
            return base
                    + "The container has no limit of CPU time or memory, so nothing is plugged in later. "
                    + "CPU shares, if there are any, are a weight: the plan counts no vCPU for them.";
        }
        return base
                + "When the container is created, what its limits ask for is plugged in on top: "
                + size(finalVcpus(sandbox), vm.get(HypervisorConfig.MEMORY_SIZE) + memory)
                + " in the end, memory rounded up to the guest's memory blocks."
                + (isCapped(sandbox) ? " DefaultMaxVCPUs is the limit for vCPUs." : "");
    }

    static String size(long vcpus, long mib) {
        return Wording.vcpus(vcpus) + " and " + Wording.mib(mib);
    }

    static boolean isStatic(SandboxConfig sandbox) {
        return sandbox.settings().get(SandboxFields.STATIC_RESOURCE_MGMT);
    }

    /** Source: Kata Containers, Firecracker's hypervisor driver has no hot-plug. */
    static boolean canGrow(SandboxConfig sandbox) {
        return !sandbox.settings().get(SandboxFields.HYPERVISOR_TYPE).equals("firecracker");
    }

    /**
     * What the machine has once a container of its own is there. Source: {@code
     * Sandbox.updateResources}.
     */
    static long finalVcpus(SandboxConfig sandbox) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        long boot = vm.get(HypervisorConfig.NUM_VCPUS);
        if (isStatic(sandbox) || !canGrow(sandbox)) {
            return boot;
        }
        long sum = boot + sandbox.sandboxResources().get(SandboxResources.WORKLOAD_CPUS);
        long most = vm.get(HypervisorConfig.DEFAULT_MAX_VCPUS);
        return most == 0 ? sum : Math.max(boot, Math.min(sum, most));
    }

    private static boolean isCapped(SandboxConfig sandbox) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        long sum =
                vm.get(HypervisorConfig.NUM_VCPUS)
                        + sandbox.sandboxResources().get(SandboxResources.WORKLOAD_CPUS);
        return finalVcpus(sandbox) < sum;
    }

    /** {@return the rule of rounding, where a quota was rounded; empty else} */
    static String cpuNote(Spec spec) {
        Optional<Resources.Cpu> cpu =
                spec.linux().flatMap(Linux::resources).flatMap(Resources::cpu);
        if (cpu.isEmpty() || cpu.get().quota().isEmpty() || cpu.get().period().isEmpty()) {
            return "";
        }
        long quota = cpu.get().quota().get();
        Uint64 period = cpu.get().period().get();
        if (quota <= 0 || period.bits() <= 0) {
            return "";
        }
        return quota % period.bits() == 0
                ? ""
                : "a quota of "
                        + quota
                        + " \u00b5s in "
                        + period
                        + " \u00b5s, rounded up to whole CPUs";
    }

    /** What boots. */
    Explanation.Section boot() {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        SectionBuilder section = new SectionBuilder("Boot").say(bootStory());
        path(section, HypervisorConfig.HYPERVISOR_PATH);
        section.unlessZero(vm, HypervisorConfig.HYPERVISOR_MACHINE_TYPE, "");
        asset(section, HypervisorConfig.KERNEL_PATH, "kernel");
        asset(section, HypervisorConfig.IMAGE_PATH, "image");
        asset(section, HypervisorConfig.INITRD_PATH, "initrd");
        asset(section, HypervisorConfig.FIRMWARE_PATH, "firmware");
        section.unlessZero(vm, HypervisorConfig.KERNEL_PARAMS, "");
        section.unlessZero(vm, HypervisorConfig.CONFIDENTIAL_GUEST, "");
        section.unlessZero(vm, HypervisorConfig.ROOTLESS, "");
        return section.build();
    }

    private String bootStory() {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        String name = Wording.hypervisor(sandbox.settings().get(SandboxFields.HYPERVISOR_TYPE));
        boolean image = !vm.isZero(HypervisorConfig.IMAGE_PATH) || isAsked("image");
        boolean initrd = !vm.isZero(HypervisorConfig.INITRD_PATH) || isAsked("initrd");
        String start =
                name
                        + " boots the guest's own kernel; the agent in the guest then makes the containers. ";
        if (image && initrd) {
            return start
                    + "Both an image and an initrd are named, and only one can be the guest's root file system.";
        }
        if (initrd) {
            return start + "The guest's root file system is an initrd, unpacked into its memory.";
        }
        if (!image) {
            return start + "Nothing is named as the guest's root file system.";
        }
        return start
                + (vm.get(HypervisorConfig.DISABLE_IMAGE_NVDIMM)
                                || !sandbox.settings()
                                        .get(SandboxFields.HYPERVISOR_TYPE)
                                        .equals("qemu")
                        ? "The guest's root file system is a disk image, attached as a block device."
                        : "The guest's root file system is a disk image, attached as NVDIMM, so that all machines"
                                + " share its pages in the host's memory.");
    }

    private boolean isAsked(String asset) {
        return sandbox.annotations().containsKey(AnnotationTable.HYPERVISOR + asset);
    }

    private void asset(SectionBuilder section, Field<HypervisorConfig, String> field, String name) {
        String key = AnnotationTable.HYPERVISOR + name;
        String asked = sandbox.annotations().get(key);
        if (asked == null) {
            path(section, field);
            return;
        }
        boolean hashed =
                AnnotationReader.isHash(sandbox.annotations().getOrDefault(key + "_hash", ""));
        section.add(
                field.name(),
                asked,
                new Origin.Annotation(key),
                hashed
                        ? "must have the SHA-512 that " + name + "_hash gives"
                        : "any file of the host; no hash is given");
    }

    private void path(SectionBuilder section, Field<HypervisorConfig, String> field) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        if (!vm.isZero(field)) {
            String path = vm.get(field);
            boolean there = host.resolve(path) instanceof Host.Resolution.Found;
            section.field(vm, field, path, there ? "" : "there is no such file on this host");
        }
    }

    /** How the network reaches the guest. */
    Explanation.Section network() {
        Settings<NetworkConfig> network = sandbox.networkConfig();
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        SectionBuilder section = new SectionBuilder("Network").say(networkStory());
        section.unlessZero(network, NetworkConfig.NETWORK_ID, "");
        InterworkingModel model = network.get(NetworkConfig.INTERWORKING_MODEL);
        section.field(network, NetworkConfig.INTERWORKING_MODEL, model.word(), "");
        section.unlessZero(network, NetworkConfig.DISABLE_NEW_NETWORK, "");
        section.unlessZero(
                vm,
                HypervisorConfig.DISABLE_VHOST_NET,
                "packets are copied by the hypervisor's process");
        section.unlessZero(
                vm,
                HypervisorConfig.RX_RATE_LIMITER_MAX_RATE,
                "bits per second, towards the guest");
        section.unlessZero(
                vm, HypervisorConfig.TX_RATE_LIMITER_MAX_RATE, "bits per second, from the guest");
        return section.build();
    }

    private String networkStory() {
        Settings<NetworkConfig> network = sandbox.networkConfig();
        String path = network.get(NetworkConfig.NETWORK_ID);
        String namespace = path.isEmpty() ? madeNamespace() : givenNamespace(path);
        return switch (network.get(NetworkConfig.INTERWORKING_MODEL)) {
            case NONE ->
                    "The machine gets no network interface, whatever the network namespace has.";
            case DEFAULT, TCFILTER ->
                    namespace
                            + " Each interface in it gets a tap device beside it, tc filters pass all packets"
                            + " between the two, and the guest has an interface with the same addresses.";
            case MACVTAP ->
                    namespace
                            + " Each interface in it is opened as a macvtap device, and the guest has an interface with"
                            + " the same addresses.";
        };
    }

    private static String givenNamespace(String path) {
        return path.startsWith("/proc/")
                ? "The network namespace is that of a process that runs already. If this process has a machine of its"
                        + " own, the two cannot share an interface."
                : "The container manager has prepared a network namespace.";
    }

    private String madeNamespace() {
        List<Namespace> namespaces = spec.linux().map(Linux::namespaces).orElse(List.of());
        boolean asked =
                namespaces.stream().anyMatch(namespace -> namespace.type().equals("network"));
        return (asked
                        ? ""
                        : "The specification names no network namespace, which means the host's own; but no"
                                + " machine gets that. ")
                + "A new network namespace is made, with nothing but loopback in it unless a hook adds an interface.";
    }
}

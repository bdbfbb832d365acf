package dev.kumite.config;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Estimates the {@link Overhead} of a machine. The constants say where they come from; none is a
 * promise.
 */
final class OverheadEstimate {

    /**
     * QEMU's own resident memory beside the guest's, with one vCPU, in MiB. Source: assumed, an
     * order of magnitude for q35 with virtio devices; to be replaced by a measurement.
     */
    static final long QEMU_USUAL_MIB = 60;

    /** The same with many devices, queues and hot-plugged memory. Source: assumed. */
    static final long QEMU_MOST_MIB = 100;

    /** Source: KubeVirt, {@code GetMemoryOverhead}: 8 MiB per vCPU. */
    static final long PER_VCPU_MIB = 8;

    /**
     * Page tables of the host for the guest's memory. Source: KubeVirt, {@code GetMemoryOverhead}:
     * a 512th of it.
     */
    static final long MEMORY_PER_PAGE_TABLE = 512;

    /** Source: Firecracker, SPECIFICATION.md: overhead of the VMM at most 5 MiB. */
    static final long FIRECRACKER_MIB = 5;

    /** Source: Kata's RuntimeClass kata-clh, which reserves 30 MiB less than kata-qemu. */
    static final long CLH_USUAL_MIB = 30;

    /** The same with many devices and hot-plugged memory. Source: assumed. */
    static final long CLH_MOST_MIB = 70;

    /** One virtiofsd after its start. Source: assumed, an order of magnitude. */
    static final long VIRTIOFSD_USUAL_MIB = 10;

    /**
     * One virtiofsd that keeps many files open: it holds a descriptor and an inode for each.
     * Source: assumed.
     */
    static final long VIRTIOFSD_MOST_MIB = 30;

    /**
     * The guest's kernel and its agent, after boot, without what grows with the memory. Source: a
     * guest with an agent in Java was seen to use about 15 MB beside its page cache; the rest is
     * assumed for the kernel and the pages of its image.
     */
    static final long GUEST_SYSTEM_MIB = 40;

    /**
     * What the guest's kernel keeps about each page: 64 bytes for 4096. Source: Linux, {@code
     * struct page}.
     */
    static final long MEMORY_PER_STRUCT_PAGE = 64;

    /** Source: Kata Containers, tools/packaging/kata-deploy/runtimeclasses, kata-qemu.yaml. */
    static final String KATA_QEMU_POD_FIXED = "memory 160Mi and cpu 250m";

    /**
     * Source: Kata Containers, tools/packaging/kata-deploy/runtimeclasses, kata-clh.yaml and
     * kata-fc.yaml.
     */
    static final String KATA_OTHER_POD_FIXED = "memory 130Mi and cpu 250m";

    private OverheadEstimate() {}

    /** {@return the estimate for a container that joins a machine} */
    static Overhead ofJoining() {
        return new Overhead(
                List.of(),
                List.of(
                        "The machine is paid for once, by the pod: this container costs the host only what it uses"
                                + " itself, and what its limits make the machine grow."));
    }

    /** {@return the estimate for a machine that is made} */
    static Overhead of(SandboxConfig sandbox, Host host) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        List<Overhead.Figure> figures = new ArrayList<>();
        figures.add(vmm(sandbox));
        if (vm.get(HypervisorConfig.SHARED_FS).startsWith("virtio-fs")) {
            figures.add(
                    new Overhead.Figure(
                            "virtiofsd",
                            VIRTIOFSD_USUAL_MIB,
                            VIRTIOFSD_MOST_MIB,
                            "assumed: one process for each machine, which grows with the files that are open"));
        }
        figures.add(guest(sandbox, host));
        return new Overhead(figures, notes(sandbox, figures));
    }

    private static Overhead.Figure vmm(SandboxConfig sandbox) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        long memory = finalMemory(sandbox);
        long growing =
                PER_VCPU_MIB * Math.max(0, vm.get(HypervisorConfig.NUM_VCPUS) - 1)
                        + memory / MEMORY_PER_PAGE_TABLE;
        String rule =
                PER_VCPU_MIB
                        + " MiB for each further vCPU and a "
                        + MEMORY_PER_PAGE_TABLE
                        + "th of the memory for page tables (KubeVirt's rule)";
        String kind = sandbox.settings().get(SandboxFields.HYPERVISOR_TYPE);
        return switch (kind) {
            case "firecracker" ->
                    new Overhead.Figure(
                            "Firecracker process",
                            FIRECRACKER_MIB + memory / MEMORY_PER_PAGE_TABLE,
                            FIRECRACKER_MIB + growing,
                            "Firecracker's specification promises "
                                    + FIRECRACKER_MIB
                                    + " MiB; page tables on top");
            case "clh" ->
                    new Overhead.Figure(
                            "Cloud Hypervisor process",
                            CLH_USUAL_MIB + growing,
                            CLH_MOST_MIB + growing,
                            "assumed: "
                                    + CLH_USUAL_MIB
                                    + " to "
                                    + CLH_MOST_MIB
                                    + " MiB with one vCPU; "
                                    + rule);
            default ->
                    new Overhead.Figure(
                            Wording.hypervisor(kind) + " process",
                            QEMU_USUAL_MIB + growing,
                            QEMU_MOST_MIB + growing,
                            "assumed: "
                                    + QEMU_USUAL_MIB
                                    + " to "
                                    + QEMU_MOST_MIB
                                    + " MiB beside the guest's memory with one vCPU; "
                                    + rule);
        };
    }

    private static Overhead.Figure guest(SandboxConfig sandbox, Host host) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        long base = baseMemory(sandbox);
        long initrd = initrdMib(vm, host);
        long used = GUEST_SYSTEM_MIB + finalMemory(sandbox) / MEMORY_PER_STRUCT_PAGE + initrd;
        if (isTakenAtBoot(vm)) {
            return new Overhead.Figure(
                    "guest memory",
                    base,
                    base,
                    "the whole base size of "
                            + base
                            + " MiB is taken at boot (enable_mem_prealloc or enable_hugepages)");
        }
        String basis =
                "assumed: kernel and agent "
                        + GUEST_SYSTEM_MIB
                        + " MiB, and a "
                        + MEMORY_PER_STRUCT_PAGE
                        + "th of the memory for the kernel's page descriptors"
                        + (initrd > 0 ? ", and the initrd's " + initrd + " MiB" : "")
                        + "; at most the base size of "
                        + base
                        + " MiB, if the guest touches all of it";
        return new Overhead.Figure("guest kernel and agent", Math.min(used, base), base, basis);
    }

    private static List<String> notes(SandboxConfig sandbox, List<Overhead.Figure> figures) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        List<String> notes = new ArrayList<>();
        long usual = figures.stream().mapToLong(Overhead.Figure::usualMib).sum();
        boolean qemu = sandbox.settings().get(SandboxFields.HYPERVISOR_TYPE).equals("qemu");
        notes.add(
                "By this estimate, a RuntimeClass whose overhead.podFixed reserves less memory than "
                        + usual
                        + "Mi is too small for this machine even while it idles; measure before you rely on it."
                        + " For comparison, the one that comes with Kata Containers reserves "
                        + (qemu ? KATA_QEMU_POD_FIXED : KATA_OTHER_POD_FIXED)
                        + ".");
        if (!isTakenAtBoot(vm)) {
            notes.add(
                    "The host gives memory to the guest only when the guest touches it first, and does not get it back"
                            + " before the machine ends.");
        }
        notes.add(
                sandbox.settings().get(SandboxFields.SANDBOX_CGROUP_ONLY)
                        ? "sandbox_cgroup_only is on: all of this counts against the pod's cgroup, so podFixed must"
                                + " cover it or the machine is killed when the pod reaches its limit."
                        : "sandbox_cgroup_only is off: the hypervisor's own threads and virtiofsd stay outside the"
                                + " pod's cgroup, so Kubernetes does not see them; podFixed only makes the scheduler"
                                + " leave room.");
        notes.add(
                "Not counted: the runtime's own process, and the host's page cache of shared files.");
        return notes;
    }

    private static boolean isTakenAtBoot(Settings<HypervisorConfig> vm) {
        return vm.get(HypervisorConfig.MEM_PREALLOC) || vm.get(HypervisorConfig.HUGE_PAGES);
    }

    private static long initrdMib(Settings<HypervisorConfig> vm, Host host) {
        String initrd = vm.get(HypervisorConfig.INITRD_PATH);
        if (initrd.isEmpty() || !vm.get(HypervisorConfig.IMAGE_PATH).isEmpty()) {
            return 0;
        }
        OptionalLong bytes = host.size(initrd);
        return bytes.isPresent() ? Math.max(0, bytes.getAsLong()) >> 20 : 0;
    }

    /** What the machine has without what the workload asked for. */
    private static long baseMemory(SandboxConfig sandbox) {
        return sandbox.settings().get(SandboxFields.STATIC_RESOURCE_MGMT)
                ? sandbox.sandboxResources().get(SandboxResources.BASE_MEM_MB)
                : sandbox.hypervisorConfig().get(HypervisorConfig.MEMORY_SIZE);
    }

    private static long finalMemory(SandboxConfig sandbox) {
        return baseMemory(sandbox)
                + sandbox.sandboxResources().get(SandboxResources.WORKLOAD_MEM_MB);
    }
}

package dev.kumite.vmm;

import dev.kumite.config.Field;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.Param;
import dev.kumite.config.Settings;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the configuration asks for and does not get: because this implementation has it not, because
 * the machine type has it not, or because this host has it not. A pure function of the settings and
 * the host.
 */
public final class VmmFindings {

    private static final Set<String> MACHINES = Set.of("q35", "pc", "virt", "microvm");

    private final MachinePlan plan;
    private final Settings<HypervisorConfig> vm;
    private final List<Problem> problems = new ArrayList<>();

    private VmmFindings(MachinePlan plan) {
        this.plan = plan;
        this.vm = plan.hypervisor();
    }

    /**
     * {@return a warning for each setting that has no effect, in the order of the reference page}
     */
    public static List<Problem> of(MachinePlan plan) {
        VmmFindings findings = new VmmFindings(plan);
        findings.machine();
        findings.memory();
        findings.disks();
        findings.shares();
        findings.networks();
        findings.guest();
        return List.copyOf(findings.problems);
    }

    private void machine() {
        String type = plan.machineType();
        if (!MACHINES.contains(type) && !type.startsWith("pc-") && !type.startsWith("virt-")) {
            warn(
                    HypervisorConfig.HYPERVISOR_MACHINE_TYPE,
                    "machine_type is \"" + type + "\"",
                    "only q35, pc, virt and microvm are known to work",
                    "use one of them");
        }
        if (vm.get(HypervisorConfig.MACHINE_ACCELERATORS).contains("accel=")) {
            warn(
                    HypervisorConfig.MACHINE_ACCELERATORS,
                    "accel= in machine_accelerators has no effect",
                    "what runs the guest is decided by accelerator",
                    "set accelerator, and remove it here");
        }
        if (Machines.isMicrovm(plan)) {
            if (plan.accelerator() == Accelerator.TCG && plan.guest() == GuestKind.KUMITE) {
                warn(
                        HypervisorConfig.HYPERVISOR_MACHINE_TYPE,
                        "machine_type is \"microvm\"",
                        "without KVM all its devices are virtio-mmio, which Kumite's own guest does not look for: it will not boot",
                        "set machine_type = \"q35\"");
            }
            warnIfMore(
                    HypervisorConfig.DEFAULT_BRIDGES,
                    1,
                    "default_bridges",
                    "nothing can be plugged into a microvm while it runs");
        }
        if (!Machines.canGrow(plan)
                && vm.get(HypervisorConfig.DEFAULT_MAX_VCPUS) > Machines.vcpus(plan)) {
            warn(
                    HypervisorConfig.DEFAULT_MAX_VCPUS,
                    "default_maxvcpus has no effect",
                    plan.staticSizing()
                            ? "under static sizing the machine has the CPUs that it boots with"
                            : "CPUs cannot be plugged into this machine while it runs",
                    "");
        }
        if (!Machines.isExpress(plan)) {
            warnIfMore(
                    HypervisorConfig.PCIE_ROOT_PORT,
                    0,
                    "pcie_root_port",
                    "only q35 and virt have PCI Express");
        }
        if (vm.get(HypervisorConfig.IOMMU) && !Machines.hasIommu(plan)) {
            none(HypervisorConfig.IOMMU, "enable_iommu", "only q35 has one here");
        }
        ifOn(
                HypervisorConfig.CONFIDENTIAL_GUEST,
                "confidential_guest",
                "the guest is NOT protected from the host: TDX, SEV and SE are not supported");
        ifOn(
                HypervisorConfig.ENABLE_VHOST_USER_STORE,
                "enable_vhost_user_store",
                "vhost-user devices are not supported");
        ifOn(
                HypervisorConfig.HOTPLUG_VFIO_ON_ROOT_BUS,
                "hotplug_vfio_on_root_bus",
                "passing devices through is not supported");
        if (vm.get(HypervisorConfig.ROOTLESS) && vm.get(HypervisorConfig.UID) == 0) {
            none(HypervisorConfig.ROOTLESS, "rootless", "there is no user to run as");
        }
        if (vm.get(HypervisorConfig.SGX_EPC_SIZE) != 0) {
            none(HypervisorConfig.SGX_EPC_SIZE, "sgx_epc_size", "SGX is not supported");
        }
    }

    private void memory() {
        if (vm.get(HypervisorConfig.HUGE_PAGES)) {
            long needed = vm.get(HypervisorConfig.MEMORY_SIZE) << 10;
            long free = plan.host().hugePagesFree() * plan.host().hugePageSizeKib();
            if (free < needed) {
                warn(
                        HypervisorConfig.HUGE_PAGES,
                        "enable_hugepages is true",
                        "the host has "
                                + (free >> 10)
                                + " MiB of free huge pages, and the machine needs "
                                + (needed >> 10)
                                + ": it will not start",
                        "write more to /proc/sys/vm/nr_hugepages, or set enable_hugepages = false");
            }
            if (!vm.get(HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR).isEmpty()) {
                none(
                        HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR,
                        "file_mem_backend",
                        "enable_hugepages decides where memory is");
            }
        }
        ifOn(
                HypervisorConfig.VIRTIO_MEM,
                "enable_virtio_mem",
                "memory grows by slots (memory_slots)");
        ifOn(HypervisorConfig.GUEST_SWAP, "enable_guest_swap", "no disk for swapping is made");
        if (!vm.get(HypervisorConfig.GUEST_MEMORY_DUMP_PATH).isEmpty()) {
            none(
                    HypervisorConfig.GUEST_MEMORY_DUMP_PATH,
                    "guest_memory_dump_path",
                    "no dump is made when the guest's kernel panics");
        }
        ifOn(
                HypervisorConfig.BOOT_FROM_TEMPLATE,
                "enable_template",
                "machines are not made from templates");
    }

    private void disks() {
        String driver = vm.get(HypervisorConfig.BLOCK_DEVICE_DRIVER);
        boolean mmio = driver.equals("virtio-mmio") && !Machines.isMicrovm(plan);
        boolean nvdimm = driver.equals("nvdimm") && Machines.isMicrovm(plan);
        if (mmio || nvdimm || driver.equals("virtio-blk-ccw")) {
            warn(
                    HypervisorConfig.BLOCK_DEVICE_DRIVER,
                    "block_device_driver is \"" + driver + "\"",
                    "a " + plan.machineType() + " machine has it not; virtio-blk is used",
                    "set block_device_driver = \"virtio-blk\"");
        }
        if (vm.get(HypervisorConfig.ENABLE_IO_THREADS) && !Machines.hasIoThread(plan)) {
            none(
                    HypervisorConfig.ENABLE_IO_THREADS,
                    "enable_iothreads",
                    "without KVM, devices that are not on a PCI bus have no thread of their own");
        }
        if (!vm.get(HypervisorConfig.BLOCK_DEVICE_CACHE_SET)) {
            String why = "block_device_cache_set is false";
            ifOn(HypervisorConfig.BLOCK_DEVICE_CACHE_DIRECT, "block_device_cache_direct", why);
            ifOn(HypervisorConfig.BLOCK_DEVICE_CACHE_NOFLUSH, "block_device_cache_noflush", why);
        }
    }

    private void shares() {
        if (vm.get(HypervisorConfig.SHARED_FS).equals("virtio-fs-nydus")) {
            warn(
                    HypervisorConfig.SHARED_FS,
                    "shared_fs is \"virtio-fs-nydus\"",
                    "nydus images are not supported; virtio_fs_daemon is started as virtiofsd",
                    "set shared_fs = \"virtio-fs\"");
        }
        if (plan.sharesByVirtioFs() && vm.get(HypervisorConfig.VIRTIO_FS_CACHE_SIZE) > 0) {
            none(
                    HypervisorConfig.VIRTIO_FS_CACHE_SIZE,
                    "virtio_fs_cache_size",
                    "QEMU has no DAX window for virtio-fs");
        }
    }

    private void networks() {
        boolean vhostAsked =
                !vm.get(HypervisorConfig.DISABLE_VHOST_NET)
                        && !(vm.origin(HypervisorConfig.DISABLE_VHOST_NET)
                                instanceof Origin.BuiltIn);
        if (vhostAsked && !plan.host().vhostNet()) {
            warn(
                    HypervisorConfig.DISABLE_VHOST_NET,
                    "disable_vhost_net is false",
                    "/dev/vhost-net does not open, so QEMU handles network packets itself",
                    "modprobe vhost_net");
        }
        String why = "network traffic is not limited";
        if (vm.get(HypervisorConfig.RX_RATE_LIMITER_MAX_RATE).bits() != 0) {
            none(HypervisorConfig.RX_RATE_LIMITER_MAX_RATE, "rx_rate_limiter_max_rate", why);
        }
        if (vm.get(HypervisorConfig.TX_RATE_LIMITER_MAX_RATE).bits() != 0) {
            none(HypervisorConfig.TX_RATE_LIMITER_MAX_RATE, "tx_rate_limiter_max_rate", why);
        }
    }

    private void guest() {
        for (Param param : vm.get(HypervisorConfig.KERNEL_PARAMS)) {
            if (param.key().equals("agent.trace") && plan.guest() == GuestKind.KUMITE) {
                warn(
                        HypervisorConfig.KERNEL_PARAMS,
                        "enable_tracing in [agent] has no effect",
                        "the agent of Kumite's guest sends no traces; those of the start tell how long it took",
                        "remove it, and set enable_tracing in [runtime]");
            }
            if (param.key().equals("agent.debug_console_vport")
                    && plan.agentTransport() instanceof AgentTransport.VirtioSerial) {
                warn(
                        HypervisorConfig.KERNEL_PARAMS,
                        "debug_console_enabled has no effect",
                        "the agent's debug console needs vsock, which a machine of Kumite's guest has not",
                        "remove it");
            }
        }
    }

    private void ifOn(Field<HypervisorConfig, Boolean> field, String key, String why) {
        if (vm.get(field)) {
            none(field, key, why);
        }
    }

    private void warnIfMore(
            Field<HypervisorConfig, Long> field, long usual, String key, String why) {
        if (vm.get(field) > usual) {
            none(field, key, why);
        }
    }

    private void none(Field<HypervisorConfig, ?> field, String key, String why) {
        warn(field, key + " has no effect", why, "remove it");
    }

    private void warn(Field<HypervisorConfig, ?> field, String what, String why, String fix) {
        problems.add(Problem.warning(where(vm.origin(field), field), what, why, fix));
    }

    private static Location where(Origin origin, Field<HypervisorConfig, ?> field) {
        return switch (origin) {
            case Origin.Configuration(String file, int line, int column, String key) ->
                    new Location.Text(file, line, column, key);
            case Origin.Annotation(String key) -> new Location.Annotation(key);
            case Origin.Argument(String name) -> new Location.Argument(name);
            case Origin.Rule(_, List<Origin> from) when !from.isEmpty() ->
                    where(from.getFirst(), field);
            case Origin.Rule _, Origin.BuiltIn _, Origin.SpecPath _ ->
                    new Location.Argument(field.toString());
        };
    }
}

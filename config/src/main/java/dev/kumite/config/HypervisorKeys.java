package dev.kumite.config;

import dev.kumite.config.ConfigurationKey.BuildPlace;
import dev.kumite.config.ConfigurationKey.Place;
import dev.kumite.config.ConfigurationKey.Rule;
import java.util.EnumSet;
import java.util.List;

/**
 * The rows of {@code [hypervisor.KIND]}: files, the machine, its CPUs and memory. The rest: {@link
 * HypervisorDeviceKeys}.
 */
final class HypervisorKeys {

    /** Highest value of a number without a limit of its own. */
    static final long MAX_UINT32 = 0xFFFF_FFFFL;

    static final Place ALL = new Place.Hypervisor(EnumSet.allOf(HypervisorKind.class));
    static final Place QEMU = new Place.Hypervisor(EnumSet.of(HypervisorKind.QEMU));
    static final Place CLH = new Place.Hypervisor(EnumSet.of(HypervisorKind.CLH));
    static final Place FIRECRACKER = new Place.Hypervisor(EnumSet.of(HypervisorKind.FIRECRACKER));
    static final Place ACRN = new Place.Hypervisor(EnumSet.of(HypervisorKind.ACRN));
    static final Place QEMU_CLH =
            new Place.Hypervisor(EnumSet.of(HypervisorKind.QEMU, HypervisorKind.CLH));
    static final Place QEMU_CLH_FIRECRACKER =
            new Place.Hypervisor(EnumSet.complementOf(EnumSet.of(HypervisorKind.ACRN)));
    static final Place QEMU_FIRECRACKER =
            new Place.Hypervisor(EnumSet.of(HypervisorKind.QEMU, HypervisorKind.FIRECRACKER));
    static final Place QEMU_ACRN =
            new Place.Hypervisor(EnumSet.of(HypervisorKind.QEMU, HypervisorKind.ACRN));

    /**
     * Source: {@code defaultMemSize}, {@code defaultMemSlots}, {@code defaultBridgesCount}, {@code
     * maxPCIBridges}.
     */
    private static final long DEFAULT_MEMORY_MIB = 2048;

    private static final long DEFAULT_MEMORY_SLOTS = 10;
    private static final long DEFAULT_BRIDGES = 1;
    private static final long MAX_BRIDGES = 5;

    private HypervisorKeys() {}

    static void addTo(List<ConfigurationKey> rows) {
        addFiles(rows);
        addFirmware(rows);
        addAllowLists(rows);
        addMachine(rows);
        addCpus(rows);
        addConfinement(rows);
        addGuest(rows);
        addMemory(rows);
        addBacking(rows);
    }

    static void row(
            List<ConfigurationKey> rows, Place place, String name, Rule rule, String meaning) {
        rows.add(new ConfigurationKey(place, name, rule, meaning));
    }

    static void bool(
            List<ConfigurationKey> rows,
            Place place,
            String name,
            Field<?, Boolean> field,
            String meaning) {
        row(rows, place, name, new Rule.Bool(field), meaning);
    }

    private static void addFiles(List<ConfigurationKey> rows) {
        row(
                rows,
                ALL,
                "path",
                new Rule.HostFile(HypervisorConfig.HYPERVISOR_PATH, BuildPlace.HYPERVISOR),
                "The hypervisor's binary");
        row(
                rows,
                FIRECRACKER,
                "jailer_path",
                new Rule.HostFile(HypervisorConfig.JAILER_PATH, BuildPlace.NONE),
                "The jailer's binary; without it Firecracker runs unjailed");
        row(
                rows,
                ACRN,
                "ctlpath",
                new Rule.HostFile(HypervisorConfig.HYPERVISOR_CTL_PATH, BuildPlace.HYPERVISOR_CTL),
                "The hypervisor's control binary");
        row(
                rows,
                ALL,
                "kernel",
                new Rule.HostFile(HypervisorConfig.KERNEL_PATH, BuildPlace.KERNEL),
                "The guest's kernel");
        row(
                rows,
                QEMU_CLH_FIRECRACKER,
                "initrd",
                new Rule.BootMedium(HypervisorConfig.INITRD_PATH),
                "The guest's root file system as an archive that is unpacked to memory. It must fit the guest's memory");
        row(
                rows,
                ALL,
                "image",
                new Rule.BootMedium(HypervisorConfig.IMAGE_PATH),
                "The guest's root file system as a disk image. Set this or initrd, not both");
        row(
                rows,
                ALL,
                "firmware",
                new Rule.HostFile(HypervisorConfig.FIRMWARE_PATH, BuildPlace.FIRMWARE),
                "The machine's firmware, where the hypervisor's own does not do");
    }

    private static void addFirmware(List<ConfigurationKey> rows) {
        row(
                rows,
                QEMU,
                "firmware_volume",
                new Rule.HostFile(
                        HypervisorConfig.FIRMWARE_VOLUME_PATH, BuildPlace.FIRMWARE_VOLUME),
                "The firmware's variable store");
        row(
                rows,
                QEMU,
                "pflashes",
                new Rule.HostFiles(HypervisorConfig.PFLASH),
                "Images for the machine's flash memory, in order");
        row(
                rows,
                ALL,
                "kernel_params",
                new Rule.KernelParams(HypervisorConfig.KERNEL_PARAMS),
                "Parameters of the guest's kernel, after those that the runtime sets itself, so they win");
    }

    private static void addAllowLists(List<ConfigurationKey> rows) {
        row(
                rows,
                ALL,
                "enable_annotations",
                new Rule.Patterns(HypervisorConfig.ENABLE_ANNOTATIONS),
                "Which io.katacontainers.config.hypervisor annotations a pod may use: regular expressions (RE2) for the last part of their keys. They need not match all of it: path also admits jailer_path; write ^path$ to mean only that");
        row(
                rows,
                ALL,
                "valid_hypervisor_paths",
                new Rule.Globs(HypervisorConfig.HYPERVISOR_PATH_LIST),
                "What the annotation path may name");
        row(
                rows,
                FIRECRACKER,
                "valid_jailer_paths",
                new Rule.Globs(HypervisorConfig.JAILER_PATH_LIST),
                "What the annotation jailer_path may name");
        row(
                rows,
                ACRN,
                "valid_ctlpaths",
                new Rule.Globs(HypervisorConfig.HYPERVISOR_CTL_PATH_LIST),
                "What the annotation ctlpath may name");
        row(
                rows,
                QEMU_CLH,
                "valid_virtio_fs_daemon_paths",
                new Rule.Globs(HypervisorConfig.VIRTIO_FS_DAEMON_LIST),
                "What the annotation virtio_fs_daemon may name");
        row(
                rows,
                QEMU,
                "valid_vhost_user_store_paths",
                new Rule.Globs(HypervisorConfig.VHOST_USER_STORE_PATH_LIST),
                "What the annotation vhost_user_store_path may name");
        row(
                rows,
                QEMU_CLH,
                "valid_file_mem_backends",
                new Rule.Globs(HypervisorConfig.FILE_BACKED_MEM_ROOT_LIST),
                "What the annotation file_mem_backend may name");
        row(
                rows,
                ALL,
                "valid_entropy_sources",
                new Rule.Globs(HypervisorConfig.ENTROPY_SOURCE_LIST),
                "What the annotation entropy_source may name");
    }

    private static void addMachine(List<ConfigurationKey> rows) {
        row(
                rows,
                QEMU_CLH,
                "machine_type",
                new Rule.Text(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, "q35"),
                "The machine type. With microvm the image is never attached as NVDIMM");
        row(
                rows,
                QEMU_CLH,
                "machine_accelerators",
                new Rule.CommaList(HypervisorConfig.MACHINE_ACCELERATORS),
                "Options added to the machine type, between commas");
        row(
                rows,
                QEMU,
                "cpu_features",
                new Rule.CommaList(HypervisorConfig.CPU_FEATURES),
                "CPU features to add or take away, between commas, such as pmu=off");
    }

    private static void addCpus(List<ConfigurationKey> rows) {
        row(
                rows,
                QEMU,
                "accelerator",
                new Rule.Accelerator(),
                "What runs the guest's instructions: kvm, the host's CPU; tcg, QEMU's translation, which needs nothing and is much slower; auto, kvm where /dev/kvm opens and the CPU shows vmx or svm, tcg otherwise");
        row(
                rows,
                ALL,
                "default_vcpus",
                new Rule.VcpuCount(HypervisorConfig.NUM_VCPUS),
                "Virtual CPUs at boot. -1 asks for as many as the host has");
        row(
                rows,
                ALL,
                "default_maxvcpus",
                new Rule.VcpuLimit(HypervisorConfig.DEFAULT_MAX_VCPUS),
                "Most virtual CPUs that the machine can ever have");
    }

    private static void addConfinement(List<ConfigurationKey> rows) {
        bool(
                rows,
                QEMU_CLH,
                "confidential_guest",
                HypervisorConfig.CONFIDENTIAL_GUEST,
                "Protects the guest from the host where the CPU can (TDX, SEV, Secure Execution)");
        bool(
                rows,
                QEMU,
                "rootless",
                HypervisorConfig.ROOTLESS,
                "Runs the hypervisor as an ordinary user");
        bool(
                rows,
                CLH,
                "disable_seccomp",
                HypervisorConfig.DISABLE_SECCOMP,
                "Switches the hypervisor's own seccomp filter off");
        bool(
                rows,
                CLH,
                "disable_selinux",
                HypervisorConfig.DISABLE_SELINUX,
                "Runs the hypervisor without an SELinux label");
        bool(
                rows,
                ALL,
                "disable_nesting_checks",
                HypervisorConfig.DISABLE_NESTING_CHECKS,
                "Does not look whether the host is a virtual machine itself");
        bool(
                rows,
                ALL,
                "enable_debug",
                HypervisorConfig.DEBUG,
                "Lets the hypervisor and the guest's kernel log more");
    }

    private static void addGuest(List<ConfigurationKey> rows) {
        bool(
                rows,
                QEMU,
                "use_legacy_serial",
                HypervisorConfig.LEGACY_SERIAL,
                "Makes the console a legacy serial device instead of a virtio one");
        row(
                rows,
                ALL,
                "guest_hook_path",
                new Rule.Text(HypervisorConfig.GUEST_HOOK_PATH, ""),
                "Directory of OCI hooks inside the guest");
        row(
                rows,
                QEMU,
                "guest_memory_dump_path",
                new Rule.Text(HypervisorConfig.GUEST_MEMORY_DUMP_PATH, ""),
                "Directory of the host that gets a memory dump when the guest's kernel panics; empty for none");
        bool(
                rows,
                QEMU,
                "guest_memory_dump_paging",
                HypervisorConfig.GUEST_MEMORY_DUMP_PAGING,
                "Writes such a dump with the guest's page tables applied");
    }

    private static void addMemory(List<ConfigurationKey> rows) {
        row(
                rows,
                ALL,
                "default_memory",
                new Rule.WholeNumber(
                        HypervisorConfig.MEMORY_SIZE,
                        AnnotationTable.MIN_MEMORY_MIB,
                        DEFAULT_MEMORY_MIB,
                        MAX_UINT32),
                "Memory at boot, in MiB");
        row(
                rows,
                ALL,
                "memory_slots",
                new Rule.WholeNumber(
                        HypervisorConfig.MEM_SLOTS, 1, DEFAULT_MEMORY_SLOTS, MAX_UINT32),
                "Number of slots for memory that is plugged in later");
        row(
                rows,
                QEMU_CLH,
                "memory_offset",
                new Rule.Wrapping(HypervisorConfig.MEM_OFFSET),
                "Size of the address space kept for non-volatile memory, in MiB");
        bool(
                rows,
                QEMU_CLH,
                "enable_virtio_mem",
                HypervisorConfig.VIRTIO_MEM,
                "Resizes memory by virtio-mem instead of slots");
        bool(
                rows,
                QEMU_CLH,
                "enable_mem_prealloc",
                HypervisorConfig.MEM_PREALLOC,
                "Takes all memory from the host at boot");
        bool(
                rows,
                ALL,
                "enable_hugepages",
                HypervisorConfig.HUGE_PAGES,
                "Backs memory by huge pages of the host");
    }

    private static void addBacking(List<ConfigurationKey> rows) {
        row(
                rows,
                QEMU_CLH,
                "file_mem_backend",
                new Rule.Text(HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR, ""),
                "Directory of files that back the guest's memory");
        bool(
                rows,
                QEMU,
                "enable_guest_swap",
                HypervisorConfig.GUEST_SWAP,
                "Lets containers swap to a disk that is made for it");
        row(
                rows,
                ALL,
                "default_bridges",
                new Rule.WholeNumber(
                        HypervisorConfig.DEFAULT_BRIDGES, 1, DEFAULT_BRIDGES, MAX_BRIDGES),
                "Number of PCI bridges for devices that are plugged in later");
    }
}

package dev.kumite.config;

import dev.kumite.config.AnnotationKey.CpuLimit;
import dev.kumite.config.AnnotationKey.Gate;
import dev.kumite.config.AnnotationKey.Kind;
import java.util.List;

/** The rows of the annotations for the hypervisor. The rest: {@link OtherAnnotations}. */
final class HypervisorAnnotations {

    private static final List<String> SHARED_FILE_SYSTEMS = List.of("virtio-9p", "virtio-fs");

    private HypervisorAnnotations() {}

    static void addTo(List<AnnotationKey> rows) {
        rows.addAll(cpus());
        rows.addAll(memory());
        rows.addAll(machineOptions());
        rows.addAll(blockDevices());
        rows.addAll(sharedFiles());
        rows.addAll(cpuAndNetwork());
        rows.addAll(binaries());
        rows.addAll(machine());
        rows.addAll(otherDevices());
        rows.addAll(assets());
    }

    private static List<AnnotationKey> cpus() {
        return List.of(
                row(
                        "default_vcpus",
                        new Kind.Uint32(HypervisorConfig.NUM_VCPUS, 0, false, CpuLimit.HOST),
                        "virtual CPUs at boot"),
                row(
                        "default_max_vcpus",
                        new Kind.Uint32(
                                HypervisorConfig.DEFAULT_MAX_VCPUS,
                                0,
                                false,
                                CpuLimit.HOST_AND_HYPERVISOR),
                        "most virtual CPUs that the machine can ever have (the configuration's key is default_maxvcpus)"));
    }

    private static List<AnnotationKey> memory() {
        return List.of(
                row(
                        "default_memory",
                        new Kind.Uint32(
                                HypervisorConfig.MEMORY_SIZE,
                                AnnotationTable.MIN_MEMORY_MIB,
                                false,
                                CpuLimit.NONE),
                        "memory at boot, in MiB"),
                row(
                        "memory_slots",
                        new Kind.Uint32(HypervisorConfig.MEM_SLOTS, 0, true, CpuLimit.NONE),
                        "number of memory slots for hot-plug"),
                row(
                        "memory_offset",
                        new Kind.Unsigned64(HypervisorConfig.MEM_OFFSET, true),
                        "offset of the non-volatile memory device, in MiB"),
                bool(
                        "enable_virtio_mem",
                        HypervisorConfig.VIRTIO_MEM,
                        "whether memory is resized by virtio-mem"),
                bool(
                        "enable_mem_prealloc",
                        HypervisorConfig.MEM_PREALLOC,
                        "whether all memory is taken from the host at boot"),
                row(
                        "file_mem_backend",
                        new Kind.AllowedPath(
                                HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR,
                                HypervisorConfig.FILE_BACKED_MEM_ROOT_LIST,
                                "valid_file_mem_backends",
                                false),
                        "directory of files that back the guest's memory"),
                bool(
                        "enable_hugepages",
                        HypervisorConfig.HUGE_PAGES,
                        "whether memory is backed by huge pages"));
    }

    private static List<AnnotationKey> machineOptions() {
        return List.of(
                bool("enable_iommu", HypervisorConfig.IOMMU, "whether the machine has an IOMMU"),
                bool(
                        "enable_iommu_platform",
                        HypervisorConfig.IOMMU_PLATFORM,
                        "whether virtio devices use the IOMMU"),
                bool(
                        "enable_guest_swap",
                        HypervisorConfig.GUEST_SWAP,
                        "whether the guest may swap"),
                bool(
                        "rootless",
                        HypervisorConfig.ROOTLESS,
                        "whether the hypervisor runs as an ordinary user"));
    }

    private static List<AnnotationKey> blockDevices() {
        return List.of(
                row(
                        "block_device_driver",
                        new Kind.Word(
                                HypervisorConfig.BLOCK_DEVICE_DRIVER,
                                AnnotationTable.BLOCK_DEVICE_DRIVERS),
                        "how block devices are attached"),
                bool(
                        "disable_block_device_use",
                        HypervisorConfig.DISABLE_BLOCK_DEVICE_USE,
                        "whether a block-based root file system is shared instead of attached"),
                bool(
                        "enable_iothreads",
                        HypervisorConfig.ENABLE_IO_THREADS,
                        "whether block devices get a thread of their own"),
                bool(
                        "block_device_cache_set",
                        HypervisorConfig.BLOCK_DEVICE_CACHE_SET,
                        "whether the two other cache options are passed on"),
                bool(
                        "block_device_cache_direct",
                        HypervisorConfig.BLOCK_DEVICE_CACHE_DIRECT,
                        "whether the host's page cache is bypassed"),
                bool(
                        "block_device_cache_noflush",
                        HypervisorConfig.BLOCK_DEVICE_CACHE_NOFLUSH,
                        "whether flush requests are ignored"));
    }

    private static List<AnnotationKey> sharedFiles() {
        return List.of(
                row(
                        "shared_fs",
                        new Kind.Word(HypervisorConfig.SHARED_FS, SHARED_FILE_SYSTEMS),
                        "how files are shared with the guest"),
                row(
                        "virtio_fs_daemon",
                        new Kind.AllowedPath(
                                HypervisorConfig.VIRTIO_FS_DAEMON,
                                HypervisorConfig.VIRTIO_FS_DAEMON_LIST,
                                "valid_virtio_fs_daemon_paths",
                                false),
                        "the virtiofsd binary"),
                row(
                        "virtio_fs_extra_args",
                        new Kind.JsonStrings(HypervisorConfig.VIRTIO_FS_EXTRA_ARGS),
                        "further arguments of virtiofsd"),
                row(
                        "virtio_fs_cache",
                        new Kind.Text(HypervisorConfig.VIRTIO_FS_CACHE, false),
                        "cache mode of virtio-fs"),
                row(
                        "virtio_fs_cache_size",
                        new Kind.Uint32(
                                HypervisorConfig.VIRTIO_FS_CACHE_SIZE, 0, false, CpuLimit.NONE),
                        "size of the virtio-fs DAX window, in MiB"),
                row(
                        "msize_9p",
                        new Kind.Uint32(HypervisorConfig.MSIZE_9P, 1, false, CpuLimit.NONE),
                        "packet size of 9p, in bytes"));
    }

    private static List<AnnotationKey> cpuAndNetwork() {
        return List.of(
                row(
                        "cpu_features",
                        new Kind.Text(HypervisorConfig.CPU_FEATURES, true),
                        "CPU features to add or take away, such as pmu=off"),
                bool(
                        "disable_vhost_net",
                        HypervisorConfig.DISABLE_VHOST_NET,
                        "whether vhost-net is left out"),
                row(
                        "rx_rate_limiter_max_rate",
                        new Kind.Unsigned64(HypervisorConfig.RX_RATE_LIMITER_MAX_RATE, false),
                        "limit of inbound network traffic, in bits per second"),
                row(
                        "tx_rate_limiter_max_rate",
                        new Kind.Unsigned64(HypervisorConfig.TX_RATE_LIMITER_MAX_RATE, false),
                        "limit of outbound network traffic, in bits per second"));
    }

    private static List<AnnotationKey> binaries() {
        return List.of(
                row(
                        "path",
                        new Kind.AllowedPath(
                                HypervisorConfig.HYPERVISOR_PATH,
                                HypervisorConfig.HYPERVISOR_PATH_LIST,
                                "valid_hypervisor_paths",
                                true),
                        "the hypervisor's binary"),
                row(
                        "jailer_path",
                        new Kind.AllowedPath(
                                HypervisorConfig.JAILER_PATH,
                                HypervisorConfig.JAILER_PATH_LIST,
                                "valid_jailer_paths",
                                true),
                        "the jailer's binary (firecracker)"),
                row(
                        "ctlpath",
                        new Kind.AllowedPath(
                                HypervisorConfig.HYPERVISOR_CTL_PATH,
                                HypervisorConfig.HYPERVISOR_CTL_PATH_LIST,
                                "valid_ctlpaths",
                                true),
                        "the hypervisor's control binary (acrn)"));
    }

    private static List<AnnotationKey> machine() {
        return List.of(
                row(
                        "kernel_params",
                        new Kind.KernelParams(HypervisorConfig.KERNEL_PARAMS),
                        "further parameters of the guest's kernel"),
                row(
                        "machine_type",
                        new Kind.Text(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, true),
                        "the machine type"),
                row(
                        "machine_accelerators",
                        new Kind.Text(HypervisorConfig.MACHINE_ACCELERATORS, true),
                        "options added to the machine type"));
    }

    private static List<AnnotationKey> otherDevices() {
        return List.of(
                row(
                        "vhost_user_store_path",
                        new Kind.AllowedPath(
                                HypervisorConfig.VHOST_USER_STORE_PATH,
                                HypervisorConfig.VHOST_USER_STORE_PATH_LIST,
                                "valid_vhost_user_store_paths",
                                false),
                        "directory of vhost-user devices"),
                bool(
                        "enable_vhost_user_store",
                        HypervisorConfig.ENABLE_VHOST_USER_STORE,
                        "whether vhost-user devices are used"),
                row(
                        "guest_hook_path",
                        new Kind.Text(HypervisorConfig.GUEST_HOOK_PATH, true),
                        "directory of OCI hooks inside the guest"),
                bool(
                        "disable_image_nvdimm",
                        HypervisorConfig.DISABLE_IMAGE_NVDIMM,
                        "whether the image is attached as a block device and not as NVDIMM"),
                bool(
                        "hotplug_vfio_on_root_bus",
                        HypervisorConfig.HOTPLUG_VFIO_ON_ROOT_BUS,
                        "whether VFIO devices are plugged into the root bus"),
                bool(
                        "use_legacy_serial",
                        HypervisorConfig.LEGACY_SERIAL,
                        "whether the console is a legacy serial device"),
                row(
                        "pcie_root_port",
                        new Kind.Uint32(HypervisorConfig.PCIE_ROOT_PORT, 0, false, CpuLimit.NONE),
                        "number of PCIe root ports"),
                row(
                        "entropy_source",
                        new Kind.AllowedPath(
                                HypervisorConfig.ENTROPY_SOURCE,
                                HypervisorConfig.ENTROPY_SOURCE_LIST,
                                "valid_entropy_sources",
                                false),
                        "the host's source of entropy for the guest's random device"));
    }

    private static List<AnnotationKey> assets() {
        return List.of(
                asset("kernel", "the guest's kernel"),
                hash("kernel_hash", "SHA-512 of the guest's kernel"),
                asset("image", "the guest's root file system as a disk image"),
                hash("image_hash", "SHA-512 of the guest's root file system as a disk image"),
                asset("initrd", "the guest's root file system as an initrd"),
                hash("initrd_hash", "SHA-512 of the guest's root file system as an initrd"),
                asset("firmware", "the machine's firmware"),
                hash("firmware_hash", "SHA-512 of the machine's firmware"),
                asset("firmware_volume", "the firmware's variable store"),
                hash("firmware_volume_hash", "SHA-512 of the firmware's variable store"),
                hash("hypervisor_hash", "SHA-512 of the hypervisor's binary"),
                hash("hypervisorctl_hash", "SHA-512 of the hypervisor's control binary"),
                hash("jailer_hash", "SHA-512 of the jailer's binary"));
    }

    private static AnnotationKey row(String name, Kind kind, String meaning) {
        return new AnnotationKey(AnnotationTable.HYPERVISOR + name, Gate.ENABLED, kind, meaning);
    }

    private static AnnotationKey bool(
            String name, Field<HypervisorConfig, Boolean> field, String meaning) {
        return row(name, new Kind.Bool(field), meaning);
    }

    private static AnnotationKey asset(String name, String meaning) {
        return row(name, new Kind.Asset(), meaning);
    }

    private static AnnotationKey hash(String name, String meaning) {
        return row(name, new Kind.AssetHash(), meaning);
    }
}

package dev.kumite.config;

import static dev.kumite.config.HypervisorKeys.bool;
import static dev.kumite.config.HypervisorKeys.row;

import dev.kumite.config.ConfigurationKey.Rule;
import java.util.List;

/**
 * The rows of {@code [hypervisor.KIND]}: devices, and keys of other versions. The rest: {@link
 * HypervisorKeys}.
 */
final class HypervisorDeviceKeys {

    /**
     * Source: {@code sharedFS} in {@code pkg/katautils/config.go}; {@code none} is of later
     * versions.
     */
    static final List<String> SHARED_FILE_SYSTEMS =
            List.of("virtio-9p", "virtio-fs", "virtio-fs-nydus", HypervisorConfig.NO_SHARED_FS);

    /** Source: {@code defaultMsize9p}. */
    private static final long DEFAULT_MSIZE_9P = 8192;

    private static final String LATER = "it came with a later version of Kata Containers";
    private static final String EARLIER = "it belongs to an earlier version of Kata Containers";

    private HypervisorDeviceKeys() {}

    static void addTo(List<ConfigurationKey> rows) {
        addDisks(rows);
        addSharing(rows);
        addNetwork(rows);
        addBuses(rows);
        addOtherVersions(rows);
    }

    private static void addDisks(List<ConfigurationKey> rows) {
        row(
                rows,
                HypervisorKeys.ALL,
                "block_device_driver",
                new Rule.Word(
                        HypervisorConfig.BLOCK_DEVICE_DRIVER,
                        AnnotationTable.BLOCK_DEVICE_DRIVERS,
                        "virtio-scsi"),
                "How block devices are attached");
        bool(
                rows,
                HypervisorKeys.QEMU_CLH,
                "disable_block_device_use",
                HypervisorConfig.DISABLE_BLOCK_DEVICE_USE,
                "Shares a container's root file system even where it is a block device that could be attached");
        bool(
                rows,
                HypervisorKeys.QEMU_CLH,
                "block_device_cache_set",
                HypervisorConfig.BLOCK_DEVICE_CACHE_SET,
                "Passes the two following options on");
        bool(
                rows,
                HypervisorKeys.QEMU_CLH,
                "block_device_cache_direct",
                HypervisorConfig.BLOCK_DEVICE_CACHE_DIRECT,
                "Bypasses the host's page cache");
        bool(
                rows,
                HypervisorKeys.QEMU_CLH,
                "block_device_cache_noflush",
                HypervisorConfig.BLOCK_DEVICE_CACHE_NOFLUSH,
                "Ignores the guest's requests to flush; a crash of the host can lose what the guest believes written");
        bool(
                rows,
                HypervisorKeys.QEMU_CLH_FIRECRACKER,
                "enable_iothreads",
                HypervisorConfig.ENABLE_IO_THREADS,
                "Gives block devices a thread of their own (virtio-scsi)");
        bool(
                rows,
                HypervisorKeys.QEMU,
                "disable_image_nvdimm",
                HypervisorConfig.DISABLE_IMAGE_NVDIMM,
                "Attaches the image as a block device instead of as NVDIMM");
        rate(
                rows,
                "disk_rate_limiter_bw",
                HypervisorConfig.DISK_RATE_LIMITER_BW_MAX_RATE,
                HypervisorConfig.DISK_RATE_LIMITER_BW_ONE_TIME_BURST,
                "disk bandwidth, in bits per second");
        rate(
                rows,
                "disk_rate_limiter_ops",
                HypervisorConfig.DISK_RATE_LIMITER_OPS_MAX_RATE,
                HypervisorConfig.DISK_RATE_LIMITER_OPS_ONE_TIME_BURST,
                "disk operations per second");
    }

    private static void addSharing(List<ConfigurationKey> rows) {
        row(
                rows,
                HypervisorKeys.QEMU_CLH,
                "shared_fs",
                new Rule.Word(HypervisorConfig.SHARED_FS, SHARED_FILE_SYSTEMS, "virtio-fs"),
                "How files of the host are shared with the guest. virtio-fs and virtio-fs-nydus need virtio_fs_daemon; Cloud Hypervisor has no virtio-9p. none: small files are copied, and the root file system must be a block device");
        row(
                rows,
                HypervisorKeys.QEMU_CLH,
                "virtio_fs_daemon",
                new Rule.Text(HypervisorConfig.VIRTIO_FS_DAEMON, ""),
                "The virtiofsd binary");
        row(
                rows,
                HypervisorKeys.QEMU_CLH,
                "virtio_fs_cache",
                new Rule.QemuText(HypervisorConfig.VIRTIO_FS_CACHE, "none"),
                "How much virtio-fs caches in the guest: none, auto or always");
        row(
                rows,
                HypervisorKeys.QEMU_CLH,
                "virtio_fs_cache_size",
                number(HypervisorConfig.VIRTIO_FS_CACHE_SIZE),
                "Size of the DAX window of virtio-fs, in MiB; 0 for none");
        row(
                rows,
                HypervisorKeys.QEMU_CLH,
                "virtio_fs_extra_args",
                new Rule.Strings(HypervisorConfig.VIRTIO_FS_EXTRA_ARGS),
                "Further arguments of virtiofsd");
        row(
                rows,
                HypervisorKeys.QEMU_CLH,
                "msize_9p",
                new Rule.WholeNumber(
                        HypervisorConfig.MSIZE_9P, 1, DEFAULT_MSIZE_9P, HypervisorKeys.MAX_UINT32),
                "Packet size of 9p, in bytes");
        bool(
                rows,
                HypervisorKeys.QEMU,
                "enable_vhost_user_store",
                HypervisorConfig.ENABLE_VHOST_USER_STORE,
                "Looks for vhost-user devices");
        row(
                rows,
                HypervisorKeys.QEMU,
                "vhost_user_store_path",
                new Rule.Text(
                        HypervisorConfig.VHOST_USER_STORE_PATH,
                        "/var/run/kata-containers/vhost-user/"),
                "Directory of vhost-user devices");
    }

    private static void addNetwork(List<ConfigurationKey> rows) {
        bool(
                rows,
                HypervisorKeys.QEMU_ACRN,
                "disable_vhost_net",
                HypervisorConfig.DISABLE_VHOST_NET,
                "Handles network packets in the hypervisor instead of the host's kernel. Always so with Cloud Hypervisor and Firecracker");
        row(
                rows,
                HypervisorKeys.QEMU_FIRECRACKER,
                "rx_rate_limiter_max_rate",
                new Rule.Wrapping(HypervisorConfig.RX_RATE_LIMITER_MAX_RATE),
                "Limit of inbound network traffic, in bits per second; 0 for none");
        row(
                rows,
                HypervisorKeys.QEMU_FIRECRACKER,
                "tx_rate_limiter_max_rate",
                new Rule.Wrapping(HypervisorConfig.TX_RATE_LIMITER_MAX_RATE),
                "Limit of outbound network traffic, in bits per second; 0 for none");
        rate(
                rows,
                "net_rate_limiter_bw",
                HypervisorConfig.NET_RATE_LIMITER_BW_MAX_RATE,
                HypervisorConfig.NET_RATE_LIMITER_BW_ONE_TIME_BURST,
                "network bandwidth, in bits per second");
        rate(
                rows,
                "net_rate_limiter_ops",
                HypervisorConfig.NET_RATE_LIMITER_OPS_MAX_RATE,
                HypervisorConfig.NET_RATE_LIMITER_OPS_ONE_TIME_BURST,
                "network operations per second");
    }

    private static void addBuses(List<ConfigurationKey> rows) {
        row(
                rows,
                HypervisorKeys.ALL,
                "entropy_source",
                new Rule.Text(HypervisorConfig.ENTROPY_SOURCE, "/dev/urandom"),
                "The host's source of entropy for the guest's random device");
        bool(
                rows,
                HypervisorKeys.QEMU,
                "enable_iommu",
                HypervisorConfig.IOMMU,
                "Gives the machine an IOMMU");
        bool(
                rows,
                HypervisorKeys.QEMU,
                "enable_iommu_platform",
                HypervisorConfig.IOMMU_PLATFORM,
                "Lets virtio devices use the IOMMU");
        bool(
                rows,
                HypervisorKeys.QEMU_CLH,
                "hotplug_vfio_on_root_bus",
                HypervisorConfig.HOTPLUG_VFIO_ON_ROOT_BUS,
                "Plugs passed-through devices into the root bus instead of a bridge, for devices with large memory windows");
        row(
                rows,
                HypervisorKeys.QEMU_CLH,
                "pcie_root_port",
                number(HypervisorConfig.PCIE_ROOT_PORT),
                "Number of PCIe root ports; needed for devices on the root bus of q35");
    }

    private static void addOtherVersions(List<ConfigurationKey> rows) {
        notRead(rows, "enable_swap", EARLIER);
        notRead(
                rows,
                "use_vsock",
                EARLIER
                        + "; a guest of Kata's own is reached over vsock, Kumite's over virtio-serial");
        notRead(rows, "enable_blk_mount", EARLIER);
        notRead(rows, "block_device_aio", LATER);
        notRead(rows, "rootfs_type", LATER);
        notRead(rows, "seccompsandbox", LATER);
        notRead(rows, "disable_guest_selinux", LATER);
        notRead(rows, "sev_snp_guest", LATER);
        notRead(rows, "hot_plug_vfio", LATER);
        notRead(rows, "cold_plug_vfio", LATER);
        notRead(rows, "reclaim_guest_freed_memory", LATER);
        notRead(rows, "default_maxmemory", LATER);
        notRead(rows, "virtio_fs_queue_size", LATER);
    }

    private static void notRead(List<ConfigurationKey> rows, String name, String why) {
        row(rows, HypervisorKeys.ALL, name, new Rule.NotRead(why), "");
    }

    private static Rule number(Field<?, Long> field) {
        return new Rule.WholeNumber(field, 0, 0, HypervisorKeys.MAX_UINT32);
    }

    private static void rate(
            List<ConfigurationKey> rows,
            String name,
            Field<?, Long> rate,
            Field<?, Long> burst,
            String what) {
        String limitKey = name + "_max_rate";
        row(
                rows,
                HypervisorKeys.CLH,
                limitKey,
                new Rule.Signed(rate),
                "Limit of " + what + "; 0 for none");
        row(
                rows,
                HypervisorKeys.CLH,
                name + "_one_time_burst",
                new Rule.Burst(burst, rate, limitKey),
                "Burst above the limit of " + what + ", granted once");
    }
}

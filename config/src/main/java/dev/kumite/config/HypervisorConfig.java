package dev.kumite.config;

import dev.kumite.oci.Uint64;
import java.util.List;

/**
 * The settings of the virtual machine: {@code Settings<HypervisorConfig>} holds a value for each
 * constant of this class.
 *
 * <p>Source: Kata Containers, Go runtime, {@code virtcontainers.HypervisorConfig}.
 */
public final class HypervisorConfig {

    /** All fields of this class. */
    public static final Schema<HypervisorConfig> SCHEMA = new Schema<>("HypervisorConfig");

    /** The guest's kernel, on the host. */
    public static final Field<HypervisorConfig, String> KERNEL_PATH = SCHEMA.string("KernelPath");

    /** The guest's root file system as a disk image; empty if an initrd is used. */
    public static final Field<HypervisorConfig, String> IMAGE_PATH = SCHEMA.string("ImagePath");

    /** The guest's root file system as an initrd; empty if an image is used. */
    public static final Field<HypervisorConfig, String> INITRD_PATH = SCHEMA.string("InitrdPath");

    /** The machine's firmware; empty for the hypervisor's own. */
    public static final Field<HypervisorConfig, String> FIRMWARE_PATH =
            SCHEMA.string("FirmwarePath");

    /** The firmware's variable store. */
    public static final Field<HypervisorConfig, String> FIRMWARE_VOLUME_PATH =
            SCHEMA.string("FirmwareVolumePath");

    /** Options added to the machine type. */
    public static final Field<HypervisorConfig, String> MACHINE_ACCELERATORS =
            SCHEMA.string("MachineAccelerators");

    /** CPU features to add or take away, such as {@code pmu=off}. */
    public static final Field<HypervisorConfig, String> CPU_FEATURES = SCHEMA.string("CPUFeatures");

    /** The hypervisor's binary. */
    public static final Field<HypervisorConfig, String> HYPERVISOR_PATH =
            SCHEMA.string("HypervisorPath");

    /** The hypervisor's control binary (acrn). */
    public static final Field<HypervisorConfig, String> HYPERVISOR_CTL_PATH =
            SCHEMA.string("HypervisorCtlPath");

    /** The jailer's binary (firecracker). */
    public static final Field<HypervisorConfig, String> JAILER_PATH = SCHEMA.string("JailerPath");

    /** How block devices are attached. */
    public static final Field<HypervisorConfig, String> BLOCK_DEVICE_DRIVER =
            SCHEMA.string("BlockDeviceDriver");

    /** The machine type. */
    public static final Field<HypervisorConfig, String> HYPERVISOR_MACHINE_TYPE =
            SCHEMA.string("HypervisorMachineType");

    /** Memory file of a template. */
    public static final Field<HypervisorConfig, String> MEMORY_PATH = SCHEMA.string("MemoryPath");

    /** Device state file of a template. */
    public static final Field<HypervisorConfig, String> DEVICES_STATE_PATH =
            SCHEMA.string("DevicesStatePath");

    /** The host's source of entropy for the guest's random device. */
    public static final Field<HypervisorConfig, String> ENTROPY_SOURCE =
            SCHEMA.string("EntropySource");

    /** Value of {@link #SHARED_FS}: no files are shared; they are copied. */
    public static final String NO_SHARED_FS = "none";

    /** How files are shared with the guest. */
    public static final Field<HypervisorConfig, String> SHARED_FS = SCHEMA.string("SharedFS");

    /** The shared directory, on the host. */
    public static final Field<HypervisorConfig, String> SHARED_PATH = SCHEMA.string("SharedPath");

    /** The virtiofsd binary. */
    public static final Field<HypervisorConfig, String> VIRTIO_FS_DAEMON =
            SCHEMA.string("VirtioFSDaemon");

    /** Cache mode of virtio-fs. */
    public static final Field<HypervisorConfig, String> VIRTIO_FS_CACHE =
            SCHEMA.string("VirtioFSCache");

    /** Directory of files that back the guest's memory. */
    public static final Field<HypervisorConfig, String> FILE_BACKED_MEM_ROOT_DIR =
            SCHEMA.string("FileBackedMemRootDir");

    /** Directory of vhost-user devices. */
    public static final Field<HypervisorConfig, String> VHOST_USER_STORE_PATH =
            SCHEMA.string("VhostUserStorePath");

    /** Directory for memory dumps of a guest that panicked. */
    public static final Field<HypervisorConfig, String> GUEST_MEMORY_DUMP_PATH =
            SCHEMA.string("GuestMemoryDumpPath");

    /** Directory of OCI hooks inside the guest. */
    public static final Field<HypervisorConfig, String> GUEST_HOOK_PATH =
            SCHEMA.string("GuestHookPath");

    /** Identity of the machine, set when it is made. */
    public static final Field<HypervisorConfig, String> VM_ID = SCHEMA.string("VMid");

    /** Directory of the machine's state. */
    public static final Field<HypervisorConfig, String> VM_STORE_PATH =
            SCHEMA.string("VMStorePath");

    /** Directory of the sandbox's state. */
    public static final Field<HypervisorConfig, String> RUN_STORE_PATH =
            SCHEMA.string("RunStorePath");

    /** SELinux label of the hypervisor process. */
    public static final Field<HypervisorConfig, String> SELINUX_PROCESS_LABEL =
            SCHEMA.string("SELinuxProcessLabel");

    /** Globs of hypervisor binaries that an annotation may ask for. */
    public static final Field<HypervisorConfig, List<String>> HYPERVISOR_PATH_LIST =
            SCHEMA.strings("HypervisorPathList");

    /** Globs of control binaries that an annotation may ask for. */
    public static final Field<HypervisorConfig, List<String>> HYPERVISOR_CTL_PATH_LIST =
            SCHEMA.strings("HypervisorCtlPathList");

    /** Globs of jailers that an annotation may ask for. */
    public static final Field<HypervisorConfig, List<String>> JAILER_PATH_LIST =
            SCHEMA.strings("JailerPathList");

    /** Globs of entropy sources that an annotation may ask for. */
    public static final Field<HypervisorConfig, List<String>> ENTROPY_SOURCE_LIST =
            SCHEMA.strings("EntropySourceList");

    /** Globs of virtiofsd binaries that an annotation may ask for. */
    public static final Field<HypervisorConfig, List<String>> VIRTIO_FS_DAEMON_LIST =
            SCHEMA.strings("VirtioFSDaemonList");

    /** Further arguments of virtiofsd. */
    public static final Field<HypervisorConfig, List<String>> VIRTIO_FS_EXTRA_ARGS =
            SCHEMA.strings("VirtioFSExtraArgs");

    /** Patterns (RE2) of the hypervisor annotations that are read. */
    public static final Field<HypervisorConfig, List<String>> ENABLE_ANNOTATIONS =
            SCHEMA.strings("EnableAnnotations");

    /** Globs of memory directories that an annotation may ask for. */
    public static final Field<HypervisorConfig, List<String>> FILE_BACKED_MEM_ROOT_LIST =
            SCHEMA.strings("FileBackedMemRootList");

    /** Flash images of the machine. */
    public static final Field<HypervisorConfig, List<String>> PFLASH = SCHEMA.strings("PFlash");

    /** Globs of vhost-user directories that an annotation may ask for. */
    public static final Field<HypervisorConfig, List<String>> VHOST_USER_STORE_PATH_LIST =
            SCHEMA.strings("VhostUserStorePathList");

    /** Parameters of the guest's kernel, in order. */
    public static final Field<HypervisorConfig, List<Param>> KERNEL_PARAMS =
            SCHEMA.params("KernelParams");

    /** Further parameters of the hypervisor. */
    public static final Field<HypervisorConfig, List<Param>> HYPERVISOR_PARAMS =
            SCHEMA.params("HypervisorParams");

    /** Further groups of the hypervisor process when rootless. */
    public static final Field<HypervisorConfig, List<Long>> GROUPS = SCHEMA.uint32s("Groups");

    /** Number of PCIe root ports. */
    public static final Field<HypervisorConfig, Long> PCIE_ROOT_PORT =
            SCHEMA.uint32("PCIeRootPort");

    /** Virtual CPUs at boot. */
    public static final Field<HypervisorConfig, Long> NUM_VCPUS = SCHEMA.uint32("NumVCPUs");

    /** Most virtual CPUs that the machine can ever have. */
    public static final Field<HypervisorConfig, Long> DEFAULT_MAX_VCPUS =
            SCHEMA.uint32("DefaultMaxVCPUs");

    /** Memory at boot, in MiB. */
    public static final Field<HypervisorConfig, Long> MEMORY_SIZE = SCHEMA.uint32("MemorySize");

    /** Number of PCI bridges. */
    public static final Field<HypervisorConfig, Long> DEFAULT_BRIDGES =
            SCHEMA.uint32("DefaultBridges");

    /** Packet size of 9p, in bytes. */
    public static final Field<HypervisorConfig, Long> MSIZE_9P = SCHEMA.uint32("Msize9p");

    /** Number of memory slots for hot-plug. */
    public static final Field<HypervisorConfig, Long> MEM_SLOTS = SCHEMA.uint32("MemSlots");

    /** Size of the virtio-fs DAX window, in MiB. */
    public static final Field<HypervisorConfig, Long> VIRTIO_FS_CACHE_SIZE =
            SCHEMA.uint32("VirtioFSCacheSize");

    /** User of the hypervisor process when rootless. */
    public static final Field<HypervisorConfig, Long> UID = SCHEMA.uint32("Uid");

    /** Group of the hypervisor process when rootless. */
    public static final Field<HypervisorConfig, Long> GID = SCHEMA.uint32("Gid");

    /** Size of the SGX enclave page cache, in bytes. */
    public static final Field<HypervisorConfig, Long> SGX_EPC_SIZE = SCHEMA.int64("SGXEPCSize");

    /** Limit of disk bandwidth, in bits per second; 0 for none. */
    public static final Field<HypervisorConfig, Long> DISK_RATE_LIMITER_BW_MAX_RATE =
            SCHEMA.int64("DiskRateLimiterBwMaxRate");

    /** Initial burst above the limit of disk bandwidth, in bits. */
    public static final Field<HypervisorConfig, Long> DISK_RATE_LIMITER_BW_ONE_TIME_BURST =
            SCHEMA.int64("DiskRateLimiterBwOneTimeBurst");

    /** Limit of disk operations per second; 0 for none. */
    public static final Field<HypervisorConfig, Long> DISK_RATE_LIMITER_OPS_MAX_RATE =
            SCHEMA.int64("DiskRateLimiterOpsMaxRate");

    /** Initial burst above the limit of disk operations. */
    public static final Field<HypervisorConfig, Long> DISK_RATE_LIMITER_OPS_ONE_TIME_BURST =
            SCHEMA.int64("DiskRateLimiterOpsOneTimeBurst");

    /** Limit of network bandwidth, in bits per second; 0 for none. */
    public static final Field<HypervisorConfig, Long> NET_RATE_LIMITER_BW_MAX_RATE =
            SCHEMA.int64("NetRateLimiterBwMaxRate");

    /** Initial burst above the limit of network bandwidth, in bits. */
    public static final Field<HypervisorConfig, Long> NET_RATE_LIMITER_BW_ONE_TIME_BURST =
            SCHEMA.int64("NetRateLimiterBwOneTimeBurst");

    /** Limit of network operations per second; 0 for none. */
    public static final Field<HypervisorConfig, Long> NET_RATE_LIMITER_OPS_MAX_RATE =
            SCHEMA.int64("NetRateLimiterOpsMaxRate");

    /** Initial burst above the limit of network operations. */
    public static final Field<HypervisorConfig, Long> NET_RATE_LIMITER_OPS_ONE_TIME_BURST =
            SCHEMA.int64("NetRateLimiterOpsOneTimeBurst");

    /** Limit of inbound network traffic, in bits per second; 0 for none. */
    public static final Field<HypervisorConfig, Uint64> RX_RATE_LIMITER_MAX_RATE =
            SCHEMA.uint64("RxRateLimiterMaxRate");

    /** Limit of outbound network traffic, in bits per second; 0 for none. */
    public static final Field<HypervisorConfig, Uint64> TX_RATE_LIMITER_MAX_RATE =
            SCHEMA.uint64("TxRateLimiterMaxRate");

    /** Offset of the non-volatile memory device, in MiB. */
    public static final Field<HypervisorConfig, Uint64> MEM_OFFSET = SCHEMA.uint64("MemOffset");

    /** Whether the two other cache options are passed on. */
    public static final Field<HypervisorConfig, Boolean> BLOCK_DEVICE_CACHE_SET =
            SCHEMA.bool("BlockDeviceCacheSet");

    /** Whether the host's page cache is bypassed. */
    public static final Field<HypervisorConfig, Boolean> BLOCK_DEVICE_CACHE_DIRECT =
            SCHEMA.bool("BlockDeviceCacheDirect");

    /** Whether flush requests are ignored. */
    public static final Field<HypervisorConfig, Boolean> BLOCK_DEVICE_CACHE_NOFLUSH =
            SCHEMA.bool("BlockDeviceCacheNoflush");

    /** Whether a block-based root file system is shared instead of attached. */
    public static final Field<HypervisorConfig, Boolean> DISABLE_BLOCK_DEVICE_USE =
            SCHEMA.bool("DisableBlockDeviceUse");

    /** Whether block devices get a thread of their own. */
    public static final Field<HypervisorConfig, Boolean> ENABLE_IO_THREADS =
            SCHEMA.bool("EnableIOThreads");

    /** Whether the hypervisor and the guest's kernel log more. */
    public static final Field<HypervisorConfig, Boolean> DEBUG = SCHEMA.bool("Debug");

    /** Whether all memory is taken from the host at boot. */
    public static final Field<HypervisorConfig, Boolean> MEM_PREALLOC = SCHEMA.bool("MemPrealloc");

    /** Whether memory is backed by huge pages. */
    public static final Field<HypervisorConfig, Boolean> HUGE_PAGES = SCHEMA.bool("HugePages");

    /** Whether memory is resized by virtio-mem. */
    public static final Field<HypervisorConfig, Boolean> VIRTIO_MEM = SCHEMA.bool("VirtioMem");

    /** Whether the machine has an IOMMU. */
    public static final Field<HypervisorConfig, Boolean> IOMMU = SCHEMA.bool("IOMMU");

    /** Whether virtio devices use the IOMMU. */
    public static final Field<HypervisorConfig, Boolean> IOMMU_PLATFORM =
            SCHEMA.bool("IOMMUPlatform");

    /** Whether the checks for nested virtualization are left out. */
    public static final Field<HypervisorConfig, Boolean> DISABLE_NESTING_CHECKS =
            SCHEMA.bool("DisableNestingChecks");

    /** Whether the image is attached as a block device and not as NVDIMM. */
    public static final Field<HypervisorConfig, Boolean> DISABLE_IMAGE_NVDIMM =
            SCHEMA.bool("DisableImageNvdimm");

    /** Whether VFIO devices are plugged into the root bus. */
    public static final Field<HypervisorConfig, Boolean> HOTPLUG_VFIO_ON_ROOT_BUS =
            SCHEMA.bool("HotplugVFIOOnRootBus");

    /** Whether paging is applied to memory dumps. */
    public static final Field<HypervisorConfig, Boolean> GUEST_MEMORY_DUMP_PAGING =
            SCHEMA.bool("GuestMemoryDumpPaging");

    /** Whether the guest is protected from the host (TDX, SEV, SE). */
    public static final Field<HypervisorConfig, Boolean> CONFIDENTIAL_GUEST =
            SCHEMA.bool("ConfidentialGuest");

    /** Whether the machine is to be a template. */
    public static final Field<HypervisorConfig, Boolean> BOOT_TO_BE_TEMPLATE =
            SCHEMA.bool("BootToBeTemplate");

    /** Whether the machine is made from a template. */
    public static final Field<HypervisorConfig, Boolean> BOOT_FROM_TEMPLATE =
            SCHEMA.bool("BootFromTemplate");

    /** Whether vhost-net is left out. */
    public static final Field<HypervisorConfig, Boolean> DISABLE_VHOST_NET =
            SCHEMA.bool("DisableVhostNet");

    /** Whether vhost-user devices are used. */
    public static final Field<HypervisorConfig, Boolean> ENABLE_VHOST_USER_STORE =
            SCHEMA.bool("EnableVhostUserStore");

    /** Whether the guest may swap. */
    public static final Field<HypervisorConfig, Boolean> GUEST_SWAP = SCHEMA.bool("GuestSwap");

    /** Whether the hypervisor runs as an ordinary user. */
    public static final Field<HypervisorConfig, Boolean> ROOTLESS = SCHEMA.bool("Rootless");

    /** Whether the hypervisor's own seccomp filter is off (clh). */
    public static final Field<HypervisorConfig, Boolean> DISABLE_SECCOMP =
            SCHEMA.bool("DisableSeccomp");

    /** Whether SELinux is off for the hypervisor (clh). */
    public static final Field<HypervisorConfig, Boolean> DISABLE_SELINUX =
            SCHEMA.bool("DisableSeLinux");

    /** Whether the console is a legacy serial device. */
    public static final Field<HypervisorConfig, Boolean> LEGACY_SERIAL =
            SCHEMA.bool("LegacySerial");

    private HypervisorConfig() {}
}

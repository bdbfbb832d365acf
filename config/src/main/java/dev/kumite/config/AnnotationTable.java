package dev.kumite.config;

import dev.kumite.config.AnnotationKey.CpuLimit;
import dev.kumite.config.AnnotationKey.Gate;
import dev.kumite.config.AnnotationKey.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All annotations that mean something, one row each. Parsing, checking, gating, explanations, the
 * reference page and shell completion are made from this table and nothing else.
 *
 * <p>Source: Kata Containers, Go runtime, {@code virtcontainers/pkg/annotations} and {@code
 * pkg/oci}, mid-2022.
 */
public final class AnnotationTable {

    /** What all annotations of Kata Containers begin with. */
    public static final String PREFIX = "io.katacontainers.";

    /** What annotations for the hypervisor begin with. */
    public static final String HYPERVISOR = PREFIX + "config.hypervisor.";

    /** What annotations for the runtime begin with. */
    public static final String RUNTIME = PREFIX + "config.runtime.";

    /** What annotations for the agent begin with. */
    public static final String AGENT = PREFIX + "config.agent.";

    /** Set by the runtime on every container: the bundle's path. */
    public static final String BUNDLE_PATH = PREFIX + "pkg.oci.bundle_path";

    /** Set by the runtime on every container: its type. */
    public static final String CONTAINER_TYPE = PREFIX + "pkg.oci.container_type";

    /** Asks for a configuration file; never honoured. */
    public static final String CONFIG_PATH = PREFIX + "config_path";

    /** Size of the SGX enclave page cache. */
    public static final String SGX_EPC = "sgx.intel.com/epc";

    /**
     * The least memory that a machine may be asked for, in MiB. Source: {@code
     * vc.MinHypervisorMemory}.
     */
    static final long MIN_MEMORY_MIB = 256;

    /** Source: {@code pkg/device/config}. */
    static final List<String> BLOCK_DEVICE_DRIVERS =
            List.of("virtio-scsi", "virtio-blk", "virtio-mmio", "nvdimm", "virtio-blk-ccw");

    private static final List<String> SHARED_FILE_SYSTEMS = List.of("virtio-9p", "virtio-fs");

    private static final List<AnnotationKey> ROWS = rows();
    private static final Map<String, AnnotationKey> BY_KEY = byKey();
    private static final Map<String, List<String>> NAMES = new ConcurrentHashMap<>();

    private AnnotationTable() {}

    /** {@return all rows, in the order of the reference page} */
    public static List<AnnotationKey> all() {
        return ROWS;
    }

    /** {@return the row of a key, if it means something} */
    public static Optional<AnnotationKey> find(String key) {
        return Optional.ofNullable(BY_KEY.get(key));
    }

    /** {@return the names of all hypervisor annotations, without their common prefix} */
    public static List<String> hypervisorNames() {
        return names(HYPERVISOR);
    }

    /**
     * {@return what follows the prefix in all keys that begin with it}
     *
     * @param prefix one of the constants above, or empty; each is remembered
     */
    static List<String> names(String prefix) {
        return NAMES.computeIfAbsent(prefix, AnnotationTable::namesAfter);
    }

    private static List<String> namesAfter(String prefix) {
        return ROWS.stream()
                .map(AnnotationKey::key)
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .toList();
    }

    private static Map<String, AnnotationKey> byKey() {
        Map<String, AnnotationKey> byKey = HashMap.newHashMap(ROWS.size());
        for (AnnotationKey row : ROWS) {
            byKey.put(row.key(), row);
        }
        return Map.copyOf(byKey);
    }

    private static List<AnnotationKey> rows() {
        List<AnnotationKey> rows = new ArrayList<>();
        addHypervisor(rows);
        addAssets(rows);
        addRuntimeAndAgent(rows);
        addOthers(rows);
        return List.copyOf(rows);
    }

    private static void hypervisor(
            List<AnnotationKey> rows, String name, Kind kind, String meaning) {
        rows.add(new AnnotationKey(HYPERVISOR + name, Gate.ENABLED, kind, meaning));
    }

    private static void runtime(List<AnnotationKey> rows, String name, Kind kind, String meaning) {
        rows.add(new AnnotationKey(RUNTIME + name, Gate.ENABLED_IF_STRICT, kind, meaning));
    }

    private static void agent(List<AnnotationKey> rows, String name, Kind kind, String meaning) {
        rows.add(new AnnotationKey(AGENT + name, Gate.ENABLED_IF_STRICT, kind, meaning));
    }

    private static void other(List<AnnotationKey> rows, String key, Kind kind, String meaning) {
        rows.add(new AnnotationKey(key, Gate.NONE, kind, meaning));
    }

    private static void addHypervisor(List<AnnotationKey> rows) {
        hypervisor(
                rows,
                "default_vcpus",
                new Kind.Uint32(HypervisorConfig.NUM_VCPUS, 0, false, CpuLimit.HOST),
                "virtual CPUs at boot");
        hypervisor(
                rows,
                "default_max_vcpus",
                new Kind.Uint32(
                        HypervisorConfig.DEFAULT_MAX_VCPUS, 0, false, CpuLimit.HOST_AND_HYPERVISOR),
                "most virtual CPUs that the machine can ever have (the configuration's key is default_maxvcpus)");
        hypervisor(
                rows,
                "default_memory",
                new Kind.Uint32(HypervisorConfig.MEMORY_SIZE, MIN_MEMORY_MIB, false, CpuLimit.NONE),
                "memory at boot, in MiB");
        hypervisor(
                rows,
                "memory_slots",
                new Kind.Uint32(HypervisorConfig.MEM_SLOTS, 0, true, CpuLimit.NONE),
                "number of memory slots for hot-plug");
        hypervisor(
                rows,
                "memory_offset",
                new Kind.Unsigned64(HypervisorConfig.MEM_OFFSET, true),
                "offset of the non-volatile memory device, in MiB");
        hypervisor(
                rows,
                "enable_virtio_mem",
                new Kind.Bool(HypervisorConfig.VIRTIO_MEM),
                "whether memory is resized by virtio-mem");
        hypervisor(
                rows,
                "enable_mem_prealloc",
                new Kind.Bool(HypervisorConfig.MEM_PREALLOC),
                "whether all memory is taken from the host at boot");
        hypervisor(
                rows,
                "file_mem_backend",
                new Kind.AllowedPath(
                        HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR,
                        HypervisorConfig.FILE_BACKED_MEM_ROOT_LIST,
                        "valid_file_mem_backends",
                        false),
                "directory of files that back the guest's memory");
        hypervisor(
                rows,
                "enable_hugepages",
                new Kind.Bool(HypervisorConfig.HUGE_PAGES),
                "whether memory is backed by huge pages");
        hypervisor(
                rows,
                "enable_iommu",
                new Kind.Bool(HypervisorConfig.IOMMU),
                "whether the machine has an IOMMU");
        hypervisor(
                rows,
                "enable_iommu_platform",
                new Kind.Bool(HypervisorConfig.IOMMU_PLATFORM),
                "whether virtio devices use the IOMMU");
        hypervisor(
                rows,
                "enable_guest_swap",
                new Kind.Bool(HypervisorConfig.GUEST_SWAP),
                "whether the guest may swap");
        hypervisor(
                rows,
                "rootless",
                new Kind.Bool(HypervisorConfig.ROOTLESS),
                "whether the hypervisor runs as an ordinary user");
        hypervisor(
                rows,
                "block_device_driver",
                new Kind.Word(HypervisorConfig.BLOCK_DEVICE_DRIVER, BLOCK_DEVICE_DRIVERS),
                "how block devices are attached");
        hypervisor(
                rows,
                "disable_block_device_use",
                new Kind.Bool(HypervisorConfig.DISABLE_BLOCK_DEVICE_USE),
                "whether a block-based root file system is shared instead of attached");
        hypervisor(
                rows,
                "enable_iothreads",
                new Kind.Bool(HypervisorConfig.ENABLE_IO_THREADS),
                "whether block devices get a thread of their own");
        hypervisor(
                rows,
                "block_device_cache_set",
                new Kind.Bool(HypervisorConfig.BLOCK_DEVICE_CACHE_SET),
                "whether the two other cache options are passed on");
        hypervisor(
                rows,
                "block_device_cache_direct",
                new Kind.Bool(HypervisorConfig.BLOCK_DEVICE_CACHE_DIRECT),
                "whether the host's page cache is bypassed");
        hypervisor(
                rows,
                "block_device_cache_noflush",
                new Kind.Bool(HypervisorConfig.BLOCK_DEVICE_CACHE_NOFLUSH),
                "whether flush requests are ignored");
        hypervisor(
                rows,
                "shared_fs",
                new Kind.Word(HypervisorConfig.SHARED_FS, SHARED_FILE_SYSTEMS),
                "how files are shared with the guest");
        hypervisor(
                rows,
                "virtio_fs_daemon",
                new Kind.AllowedPath(
                        HypervisorConfig.VIRTIO_FS_DAEMON,
                        HypervisorConfig.VIRTIO_FS_DAEMON_LIST,
                        "valid_virtio_fs_daemon_paths",
                        false),
                "the virtiofsd binary");
        hypervisor(
                rows,
                "virtio_fs_extra_args",
                new Kind.JsonStrings(HypervisorConfig.VIRTIO_FS_EXTRA_ARGS),
                "further arguments of virtiofsd");
        hypervisor(
                rows,
                "virtio_fs_cache",
                new Kind.Text(HypervisorConfig.VIRTIO_FS_CACHE, false),
                "cache mode of virtio-fs");
        hypervisor(
                rows,
                "virtio_fs_cache_size",
                new Kind.Uint32(HypervisorConfig.VIRTIO_FS_CACHE_SIZE, 0, false, CpuLimit.NONE),
                "size of the virtio-fs DAX window, in MiB");
        hypervisor(
                rows,
                "msize_9p",
                new Kind.Uint32(HypervisorConfig.MSIZE_9P, 1, false, CpuLimit.NONE),
                "packet size of 9p, in bytes");
        hypervisor(
                rows,
                "cpu_features",
                new Kind.Text(HypervisorConfig.CPU_FEATURES, true),
                "CPU features to add or take away, such as pmu=off");
        hypervisor(
                rows,
                "disable_vhost_net",
                new Kind.Bool(HypervisorConfig.DISABLE_VHOST_NET),
                "whether vhost-net is left out");
        hypervisor(
                rows,
                "rx_rate_limiter_max_rate",
                new Kind.Unsigned64(HypervisorConfig.RX_RATE_LIMITER_MAX_RATE, false),
                "limit of inbound network traffic, in bits per second");
        hypervisor(
                rows,
                "tx_rate_limiter_max_rate",
                new Kind.Unsigned64(HypervisorConfig.TX_RATE_LIMITER_MAX_RATE, false),
                "limit of outbound network traffic, in bits per second");
        hypervisor(
                rows,
                "path",
                new Kind.AllowedPath(
                        HypervisorConfig.HYPERVISOR_PATH,
                        HypervisorConfig.HYPERVISOR_PATH_LIST,
                        "valid_hypervisor_paths",
                        true),
                "the hypervisor's binary");
        hypervisor(
                rows,
                "jailer_path",
                new Kind.AllowedPath(
                        HypervisorConfig.JAILER_PATH,
                        HypervisorConfig.JAILER_PATH_LIST,
                        "valid_jailer_paths",
                        true),
                "the jailer's binary (firecracker)");
        hypervisor(
                rows,
                "ctlpath",
                new Kind.AllowedPath(
                        HypervisorConfig.HYPERVISOR_CTL_PATH,
                        HypervisorConfig.HYPERVISOR_CTL_PATH_LIST,
                        "valid_ctlpaths",
                        true),
                "the hypervisor's control binary (acrn)");
        hypervisor(
                rows,
                "kernel_params",
                new Kind.KernelParams(HypervisorConfig.KERNEL_PARAMS),
                "further parameters of the guest's kernel");
        hypervisor(
                rows,
                "machine_type",
                new Kind.Text(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, true),
                "the machine type");
        hypervisor(
                rows,
                "machine_accelerators",
                new Kind.Text(HypervisorConfig.MACHINE_ACCELERATORS, true),
                "options added to the machine type");
        hypervisor(
                rows,
                "vhost_user_store_path",
                new Kind.AllowedPath(
                        HypervisorConfig.VHOST_USER_STORE_PATH,
                        HypervisorConfig.VHOST_USER_STORE_PATH_LIST,
                        "valid_vhost_user_store_paths",
                        false),
                "directory of vhost-user devices");
        hypervisor(
                rows,
                "enable_vhost_user_store",
                new Kind.Bool(HypervisorConfig.ENABLE_VHOST_USER_STORE),
                "whether vhost-user devices are used");
        hypervisor(
                rows,
                "guest_hook_path",
                new Kind.Text(HypervisorConfig.GUEST_HOOK_PATH, true),
                "directory of OCI hooks inside the guest");
        hypervisor(
                rows,
                "disable_image_nvdimm",
                new Kind.Bool(HypervisorConfig.DISABLE_IMAGE_NVDIMM),
                "whether the image is attached as a block device and not as NVDIMM");
        hypervisor(
                rows,
                "hotplug_vfio_on_root_bus",
                new Kind.Bool(HypervisorConfig.HOTPLUG_VFIO_ON_ROOT_BUS),
                "whether VFIO devices are plugged into the root bus");
        hypervisor(
                rows,
                "use_legacy_serial",
                new Kind.Bool(HypervisorConfig.LEGACY_SERIAL),
                "whether the console is a legacy serial device");
        hypervisor(
                rows,
                "pcie_root_port",
                new Kind.Uint32(HypervisorConfig.PCIE_ROOT_PORT, 0, false, CpuLimit.NONE),
                "number of PCIe root ports");
        hypervisor(
                rows,
                "entropy_source",
                new Kind.AllowedPath(
                        HypervisorConfig.ENTROPY_SOURCE,
                        HypervisorConfig.ENTROPY_SOURCE_LIST,
                        "valid_entropy_sources",
                        false),
                "the host's source of entropy for the guest's random device");
    }

    private static void addAssets(List<AnnotationKey> rows) {
        hypervisor(rows, "kernel", new Kind.Asset(), "the guest's kernel");
        hypervisor(rows, "kernel_hash", new Kind.AssetHash(), "SHA-512 of the guest's kernel");
        hypervisor(rows, "image", new Kind.Asset(), "the guest's root file system as a disk image");
        hypervisor(
                rows,
                "image_hash",
                new Kind.AssetHash(),
                "SHA-512 of the guest's root file system as a disk image");
        hypervisor(rows, "initrd", new Kind.Asset(), "the guest's root file system as an initrd");
        hypervisor(
                rows,
                "initrd_hash",
                new Kind.AssetHash(),
                "SHA-512 of the guest's root file system as an initrd");
        hypervisor(rows, "firmware", new Kind.Asset(), "the machine's firmware");
        hypervisor(
                rows, "firmware_hash", new Kind.AssetHash(), "SHA-512 of the machine's firmware");
        hypervisor(rows, "firmware_volume", new Kind.Asset(), "the firmware's variable store");
        hypervisor(
                rows,
                "firmware_volume_hash",
                new Kind.AssetHash(),
                "SHA-512 of the firmware's variable store");
        hypervisor(
                rows,
                "hypervisor_hash",
                new Kind.AssetHash(),
                "SHA-512 of the hypervisor's binary");
        hypervisor(
                rows,
                "hypervisorctl_hash",
                new Kind.AssetHash(),
                "SHA-512 of the hypervisor's control binary");
        hypervisor(rows, "jailer_hash", new Kind.AssetHash(), "SHA-512 of the jailer's binary");
    }

    private static void addRuntimeAndAgent(List<AnnotationKey> rows) {
        runtime(
                rows,
                "disable_guest_seccomp",
                new Kind.Bool(SandboxFields.DISABLE_GUEST_SECCOMP),
                "whether seccomp filters are left out in the guest");
        runtime(
                rows,
                "sandbox_cgroup_only",
                new Kind.Bool(SandboxFields.SANDBOX_CGROUP_ONLY),
                "whether all of the sandbox's processes are in the pod's cgroup");
        runtime(
                rows,
                "experimental",
                new Kind.Features(SandboxFields.EXPERIMENTAL),
                "experimental features to switch on");
        runtime(
                rows,
                "disable_new_netns",
                new Kind.Bool(NetworkConfig.DISABLE_NEW_NETWORK),
                "whether the hypervisor stays in the host's network namespace");
        runtime(
                rows,
                "internetworking_model",
                new Kind.Model(NetworkConfig.INTERWORKING_MODEL),
                "how network interfaces are connected to the machine");
        runtime(
                rows,
                "vfio_mode",
                new Kind.Vfio(SandboxFields.VFIO_MODE),
                "how VFIO devices appear to containers");
        agent(
                rows,
                "kernel_modules",
                new Kind.Separated(AgentConfig.KERNEL_MODULES),
                "modules that the guest's kernel loads, each with its parameters");
        agent(
                rows,
                "enable_tracing",
                new Kind.Bool(AgentConfig.TRACE),
                "whether the agent sends traces");
        agent(
                rows,
                "container_pipe_size",
                new Kind.Uint32(AgentConfig.CONTAINER_PIPE_SIZE, 0, false, CpuLimit.NONE),
                "size of the pipes to and from containers, in bytes");
    }

    private static void addOthers(List<AnnotationKey> rows) {
        other(
                rows,
                SGX_EPC,
                new Kind.BinaryQuantity(HypervisorConfig.SGX_EPC_SIZE),
                "size of the SGX enclave page cache");
        other(
                rows,
                "io.kubernetes.cri.container-type",
                new Kind.ReadElsewhere("containerd's CRI"),
                "container type: sandbox or container");
        other(
                rows,
                "io.kubernetes.cri-o.ContainerType",
                new Kind.ReadElsewhere("CRI-O"),
                "container type: sandbox or container");
        other(
                rows,
                "io.kubernetes.docker.type",
                new Kind.ReadElsewhere("dockershim"),
                "container type: podsandbox or container");
        other(
                rows,
                "io.kubernetes.cri.sandbox-id",
                new Kind.ReadElsewhere("containerd's CRI"),
                "id of the sandbox that a container joins");
        other(
                rows,
                "io.kubernetes.cri-o.SandboxID",
                new Kind.ReadElsewhere("CRI-O"),
                "id of the sandbox that a container joins");
        other(
                rows,
                "io.kubernetes.sandbox.id",
                new Kind.ReadElsewhere("dockershim"),
                "id of the sandbox that a container joins");
        other(
                rows,
                "io.kubernetes.cri.sandbox-cpu-period",
                new Kind.ReadElsewhere("sandbox sizing"),
                "CPU period of the whole pod, in microseconds");
        other(
                rows,
                "io.kubernetes.cri.sandbox-cpu-quota",
                new Kind.ReadElsewhere("sandbox sizing"),
                "CPU quota of the whole pod, in microseconds per period");
        other(
                rows,
                "io.kubernetes.cri.sandbox-memory",
                new Kind.ReadElsewhere("sandbox sizing"),
                "memory limit of the whole pod, in bytes");
        other(
                rows,
                "io.katacontainers.container.resource.swappiness",
                new Kind.ReadElsewhere("the guest's agent"),
                "swappiness of the container in the guest");
        other(
                rows,
                "io.katacontainers.container.resource.swap_in_bytes",
                new Kind.ReadElsewhere("the guest's agent"),
                "swap of the container in the guest, in bytes");
        other(
                rows,
                BUNDLE_PATH,
                new Kind.NoEffect("the runtime sets it itself"),
                "the bundle's path");
        other(
                rows,
                CONTAINER_TYPE,
                new Kind.NoEffect("the runtime sets it itself"),
                "the container's type");
        other(
                rows,
                CONFIG_PATH,
                new Kind.NoEffect("a pod must not choose files of the host (CVE-2026-50540)"),
                "a configuration file to use");
        other(
                rows,
                PREFIX + "asset_hash_type",
                new Kind.NoEffect("asset hashes are always SHA-512"),
                "hash algorithm of asset hashes");
        other(
                rows,
                RUNTIME + "enable_pprof",
                new Kind.NoEffect("profiling is configured by enable_pprof in [runtime] only"),
                "whether profiling is offered");
    }
}

package dev.kumite.config;

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

    /** Set by containerd's CRI: sandbox or container. */
    static final String CRI_CONTAINER_TYPE = "io.kubernetes.cri.container-type";

    /** Set by CRI-O: sandbox or container. */
    static final String CRIO_CONTAINER_TYPE = "io.kubernetes.cri-o.ContainerType";

    /** Set by dockershim: podsandbox or container. */
    static final String DOCKER_TYPE = "io.kubernetes.docker.type";

    /** Set by containerd's CRI: the sandbox that a container joins. */
    static final String CRI_SANDBOX_ID = "io.kubernetes.cri.sandbox-id";

    /** Set by CRI-O: the sandbox that a container joins. */
    static final String CRIO_SANDBOX_ID = "io.kubernetes.cri-o.SandboxID";

    /** Set by dockershim: the sandbox that a container joins. */
    static final String DOCKER_SANDBOX_ID = "io.kubernetes.sandbox.id";

    /** CPU period of the whole pod, in microseconds. */
    static final String SANDBOX_CPU_PERIOD = "io.kubernetes.cri.sandbox-cpu-period";

    /** CPU quota of the whole pod, in microseconds per period. */
    static final String SANDBOX_CPU_QUOTA = "io.kubernetes.cri.sandbox-cpu-quota";

    /** Memory limit of the whole pod, in bytes. */
    static final String SANDBOX_MEMORY = "io.kubernetes.cri.sandbox-memory";

    /**
     * The least memory that a machine may be asked for, in MiB. Source: {@code
     * vc.MinHypervisorMemory}.
     */
    static final long MIN_MEMORY_MIB = 256;

    /** Source: {@code pkg/device/config}. */
    static final List<String> BLOCK_DEVICE_DRIVERS =
            List.of("virtio-scsi", "virtio-blk", "virtio-mmio", "nvdimm", "virtio-blk-ccw");

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
        HypervisorAnnotations.addTo(rows);
        OtherAnnotations.addTo(rows);
        return List.copyOf(rows);
    }
}

package dev.kumite.config;

import dev.kumite.config.AnnotationKey.CpuLimit;
import dev.kumite.config.AnnotationKey.Gate;
import dev.kumite.config.AnnotationKey.Kind;
import java.util.List;

/** The rows of all annotations but the hypervisor's, which are {@link HypervisorAnnotations}. */
final class OtherAnnotations {

    private OtherAnnotations() {}

    static void addTo(List<AnnotationKey> rows) {
        rows.addAll(runtime());
        rows.addAll(agent());
        rows.addAll(containerManagers());
        rows.addAll(containers());
        rows.addAll(ignored());
    }

    private static List<AnnotationKey> runtime() {
        return List.of(
                runtime(
                        "disable_guest_seccomp",
                        new Kind.Bool(SandboxFields.DISABLE_GUEST_SECCOMP),
                        "whether seccomp filters are left out in the guest"),
                runtime(
                        "sandbox_cgroup_only",
                        new Kind.Bool(SandboxFields.SANDBOX_CGROUP_ONLY),
                        "whether all of the sandbox's processes are in the pod's cgroup"),
                runtime(
                        "experimental",
                        new Kind.Features(SandboxFields.EXPERIMENTAL),
                        "experimental features to switch on"),
                runtime(
                        "disable_new_netns",
                        new Kind.Bool(NetworkConfig.DISABLE_NEW_NETWORK),
                        "whether the hypervisor stays in the host's network namespace"),
                runtime(
                        "internetworking_model",
                        new Kind.Model(NetworkConfig.INTERWORKING_MODEL),
                        "how network interfaces are connected to the machine"),
                runtime(
                        "vfio_mode",
                        new Kind.Vfio(SandboxFields.VFIO_MODE),
                        "how VFIO devices appear to containers"));
    }

    private static List<AnnotationKey> agent() {
        return List.of(
                agent(
                        "kernel_modules",
                        new Kind.Separated(AgentConfig.KERNEL_MODULES),
                        "modules that the guest's kernel loads, each with its parameters"),
                agent(
                        "enable_tracing",
                        new Kind.Bool(AgentConfig.TRACE),
                        "whether the agent sends traces"),
                agent(
                        "container_pipe_size",
                        new Kind.Uint32(AgentConfig.CONTAINER_PIPE_SIZE, 0, false, CpuLimit.NONE),
                        "size of the pipes to and from containers, in bytes"));
    }

    private static List<AnnotationKey> containerManagers() {
        return List.of(
                other(
                        AnnotationTable.SGX_EPC,
                        new Kind.BinaryQuantity(HypervisorConfig.SGX_EPC_SIZE),
                        "size of the SGX enclave page cache"),
                readElsewhere(
                        AnnotationTable.CRI_CONTAINER_TYPE,
                        "containerd's CRI",
                        "container type: sandbox or container"),
                readElsewhere(
                        AnnotationTable.CRIO_CONTAINER_TYPE,
                        "CRI-O",
                        "container type: sandbox or container"),
                readElsewhere(
                        AnnotationTable.DOCKER_TYPE,
                        "dockershim",
                        "container type: podsandbox or container"),
                readElsewhere(
                        AnnotationTable.CRI_SANDBOX_ID,
                        "containerd's CRI",
                        "id of the sandbox that a container joins"),
                readElsewhere(
                        AnnotationTable.CRIO_SANDBOX_ID,
                        "CRI-O",
                        "id of the sandbox that a container joins"),
                readElsewhere(
                        AnnotationTable.DOCKER_SANDBOX_ID,
                        "dockershim",
                        "id of the sandbox that a container joins"),
                readElsewhere(
                        AnnotationTable.SANDBOX_CPU_PERIOD,
                        "sandbox sizing",
                        "CPU period of the whole pod, in microseconds"),
                readElsewhere(
                        AnnotationTable.SANDBOX_CPU_QUOTA,
                        "sandbox sizing",
                        "CPU quota of the whole pod, in microseconds per period"),
                readElsewhere(
                        AnnotationTable.SANDBOX_MEMORY,
                        "sandbox sizing",
                        "memory limit of the whole pod, in bytes"));
    }

    private static List<AnnotationKey> containers() {
        return List.of(
                readElsewhere(
                        "io.katacontainers.container.resource.swappiness",
                        "the guest's agent",
                        "swappiness of the container in the guest"),
                readElsewhere(
                        "io.katacontainers.container.resource.swap_in_bytes",
                        "the guest's agent",
                        "swap of the container in the guest, in bytes"));
    }

    private static List<AnnotationKey> ignored() {
        return List.of(
                withoutEffect(
                        AnnotationTable.BUNDLE_PATH,
                        "the runtime sets it itself",
                        "the bundle's path"),
                withoutEffect(
                        AnnotationTable.CONTAINER_TYPE,
                        "the runtime sets it itself",
                        "the container's type"),
                withoutEffect(
                        AnnotationTable.CONFIG_PATH,
                        "a pod must not choose files of the host (CVE-2026-50540)",
                        "a configuration file to use"),
                withoutEffect(
                        AnnotationTable.PREFIX + "asset_hash_type",
                        "asset hashes are always SHA-512",
                        "hash algorithm of asset hashes"),
                withoutEffect(
                        AnnotationTable.RUNTIME + "enable_pprof",
                        "profiling is configured by enable_pprof in [runtime] only",
                        "whether profiling is offered"));
    }

    private static AnnotationKey runtime(String name, Kind kind, String meaning) {
        return new AnnotationKey(
                AnnotationTable.RUNTIME + name, Gate.ENABLED_IF_STRICT, kind, meaning);
    }

    private static AnnotationKey agent(String name, Kind kind, String meaning) {
        return new AnnotationKey(
                AnnotationTable.AGENT + name, Gate.ENABLED_IF_STRICT, kind, meaning);
    }

    private static AnnotationKey other(String key, Kind kind, String meaning) {
        return new AnnotationKey(key, Gate.NONE, kind, meaning);
    }

    private static AnnotationKey readElsewhere(String key, String by, String meaning) {
        return other(key, new Kind.ReadElsewhere(by), meaning);
    }

    private static AnnotationKey withoutEffect(String key, String why, String meaning) {
        return other(key, new Kind.NoEffect(why), meaning);
    }
}

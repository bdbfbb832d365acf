package dev.kumite.config;

import java.util.HashMap;
import java.util.Map;

/**
 * What the fields of a plan are for, in a few words each; those that an annotation can set, in its
 * row's words.
 */
final class Meanings {

    private static final Map<Field<?, ?>, String> MEANINGS = meanings();

    private Meanings() {}

    /** {@return what the field is for; empty if its name says it} */
    static String of(Field<?, ?> field) {
        return MEANINGS.getOrDefault(field, "");
    }

    private static Map<Field<?, ?>, String> meanings() {
        Map<Field<?, ?>, String> meanings = new HashMap<>();
        for (AnnotationKey row : AnnotationTable.all()) {
            row.kind().target().ifPresent(field -> meanings.putIfAbsent(field, row.meaning()));
        }
        addHypervisor(meanings);
        addOthers(meanings);
        return Map.copyOf(meanings);
    }

    private static void addHypervisor(Map<Field<?, ?>, String> meanings) {
        meanings.put(HypervisorConfig.KERNEL_PATH, "the guest's kernel");
        meanings.put(HypervisorConfig.IMAGE_PATH, "the guest's root file system as a disk image");
        meanings.put(HypervisorConfig.INITRD_PATH, "the guest's root file system as an initrd");
        meanings.put(HypervisorConfig.FIRMWARE_PATH, "the machine's firmware");
        meanings.put(HypervisorConfig.FIRMWARE_VOLUME_PATH, "the firmware's variable store");
        meanings.put(HypervisorConfig.KERNEL_PARAMS, "the guest kernel's command line");
        meanings.put(HypervisorConfig.SHARED_PATH, "the shared directory on the host");
        meanings.put(
                HypervisorConfig.GUEST_MEMORY_DUMP_PATH,
                "where a guest that panicked leaves its memory");
        meanings.put(
                HypervisorConfig.GUEST_MEMORY_DUMP_PAGING,
                "whether paging is applied to memory dumps");
        meanings.put(
                HypervisorConfig.DEFAULT_BRIDGES, "PCI bridges that hot-plugged devices go to");
        meanings.put(
                HypervisorConfig.DEFAULT_MAX_VCPUS,
                "most virtual CPUs that the machine can ever have");
        meanings.put(
                HypervisorConfig.ENABLE_ANNOTATIONS,
                "patterns of the hypervisor annotations that are read");
        meanings.put(
                HypervisorConfig.HYPERVISOR_PATH_LIST,
                "hypervisor binaries that an annotation may ask for");
        meanings.put(
                HypervisorConfig.HYPERVISOR_CTL_PATH_LIST,
                "control binaries that an annotation may ask for");
        meanings.put(HypervisorConfig.JAILER_PATH_LIST, "jailers that an annotation may ask for");
        meanings.put(
                HypervisorConfig.ENTROPY_SOURCE_LIST,
                "entropy sources that an annotation may ask for");
        meanings.put(
                HypervisorConfig.VIRTIO_FS_DAEMON_LIST,
                "virtiofsd binaries that an annotation may ask for");
        meanings.put(
                HypervisorConfig.FILE_BACKED_MEM_ROOT_LIST,
                "memory directories that an annotation may ask for");
        meanings.put(
                HypervisorConfig.VHOST_USER_STORE_PATH_LIST,
                "vhost-user directories that an annotation may ask for");
        meanings.put(HypervisorConfig.PFLASH, "flash images of the machine");
        meanings.put(
                HypervisorConfig.DEBUG, "whether the hypervisor and the guest's kernel log more");
        meanings.put(
                HypervisorConfig.DISABLE_NESTING_CHECKS,
                "whether the checks for nested virtualization are left out");
        meanings.put(
                HypervisorConfig.CONFIDENTIAL_GUEST,
                "whether the guest is protected from the host");
        meanings.put(
                HypervisorConfig.DISABLE_SECCOMP,
                "whether the hypervisor's own seccomp filter is off");
        meanings.put(HypervisorConfig.DISABLE_SELINUX, "whether SELinux is off for the hypervisor");
    }

    private static void addOthers(Map<Field<?, ?>, String> meanings) {
        meanings.put(SandboxFields.ID, "identity of the sandbox");
        meanings.put(SandboxFields.HOSTNAME, "host name in the guest");
        meanings.put(SandboxFields.HYPERVISOR_TYPE, "which hypervisor runs the machine");
        meanings.put(
                SandboxFields.SANDBOX_BIND_MOUNTS,
                "host paths that are shown read-only in the sandbox");
        meanings.put(SandboxFields.SHM_SIZE, "size of the guest's /dev/shm, in bytes");
        meanings.put(
                SandboxFields.STATIC_RESOURCE_MGMT,
                "whether the machine is made as large as it will ever be needed");
        meanings.put(SandboxFields.SYSTEMD_CGROUP, "whether cgroups are made by systemd");
        meanings.put(
                NetworkConfig.NETWORK_ID,
                "the network namespace that the container manager prepared");
        meanings.put(SandboxResources.WORKLOAD_CPUS, "CPUs that the workload asks for");
        meanings.put(SandboxResources.WORKLOAD_MEM_MB, "memory that the workload asks for, in MiB");
        meanings.put(SandboxResources.BASE_CPUS, "CPUs of the machine without the workload's");
        meanings.put(
                SandboxResources.BASE_MEM_MB,
                "memory of the machine without the workload's, in MiB");
        meanings.put(AgentConfig.DIAL_TIMEOUT, "how long the agent is waited for, in seconds");
        meanings.put(
                AgentConfig.LONG_LIVE_CONN, "whether the connection to the agent is kept open");
        meanings.put(AgentConfig.DEBUG, "whether the agent logs more");
        meanings.put(AgentConfig.ENABLE_DEBUG_CONSOLE, "whether the guest offers a debug console");
        meanings.put(RuntimeFields.JAEGER_ENDPOINT, "where traces go, by OpenTelemetry's protocol");
        meanings.put(RuntimeFields.JAEGER_USER, "user for the tracing endpoint");
        meanings.put(RuntimeFields.JAEGER_PASSWORD, "password for the tracing endpoint");
        meanings.put(RuntimeFields.DEBUG, "whether the runtime logs more");
        meanings.put(
                RuntimeFields.TRACE,
                "whether a trace of each start is sent to jaeger_endpoint, or else to OTEL_EXPORTER_OTLP_ENDPOINT");
        meanings.put(RuntimeFields.ENABLE_PPROF, "whether profiling is offered");
        meanings.put(
                RuntimeFields.DISABLE_GUEST_EMPTY_DIR,
                "whether emptyDir volumes are shared from the host");
        meanings.put(FactoryConfig.TEMPLATE, "whether machines are cloned from a template");
        meanings.put(FactoryConfig.TEMPLATE_PATH, "directory of the template");
        meanings.put(FactoryConfig.VM_CACHE_NUMBER, "number of machines kept ready");
        meanings.put(FactoryConfig.VM_CACHE_ENDPOINT, "socket of the cache of machines");
    }
}

package dev.kumite.config;

/**
 * How the machine's size came about: {@code Settings<SandboxResources>} holds a value for each
 * constant of this class.
 *
 * <p>Source: Kata Containers, Go runtime, {@code virtcontainers.SandboxResourceSizing}.
 */
public final class SandboxResources {

    /** All fields of this class. */
    public static final Schema<SandboxResources> SCHEMA = new Schema<>("SandboxResources");

    /** CPUs that the workload asks for. */
    public static final Field<SandboxResources, Long> WORKLOAD_CPUS = SCHEMA.uint32("WorkloadCPUs");

    /** CPUs that the machine has without the workload's; set with static resource management. */
    public static final Field<SandboxResources, Long> BASE_CPUS = SCHEMA.uint32("BaseCPUs");

    /** Memory that the workload asks for, in MiB. */
    public static final Field<SandboxResources, Long> WORKLOAD_MEM_MB =
            SCHEMA.uint32("WorkloadMemMB");

    /**
     * Memory that the machine has without the workload's, in MiB; set with static resource
     * management.
     */
    public static final Field<SandboxResources, Long> BASE_MEM_MB = SCHEMA.uint32("BaseMemMB");

    private SandboxResources() {}
}

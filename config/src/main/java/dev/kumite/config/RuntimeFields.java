package dev.kumite.config;

import java.util.List;

/**
 * The settings of the runtime itself: {@code Settings<RuntimeFields>} holds a value for each
 * constant of this class.
 *
 * <p>Source: Kata Containers, Go runtime, {@code oci.RuntimeConfig}.
 */
public final class RuntimeFields {

    /** All fields of this class. */
    public static final Schema<RuntimeFields> SCHEMA = new Schema<>("RuntimeConfig");

    /** Host paths that are shown read-only in every sandbox. */
    public static final Field<RuntimeFields, List<String>> SANDBOX_BIND_MOUNTS =
            SCHEMA.strings("SandboxBindMounts");

    /** Experimental features that are switched on. */
    public static final Field<RuntimeFields, List<Feature>> EXPERIMENTAL =
            SCHEMA.features("Experimental");

    /** Where traces go. */
    public static final Field<RuntimeFields, String> JAEGER_ENDPOINT =
            SCHEMA.string("JaegerEndpoint");

    /** User for the tracing endpoint. */
    public static final Field<RuntimeFields, String> JAEGER_USER = SCHEMA.string("JaegerUser");

    /** Password for the tracing endpoint. */
    public static final Field<RuntimeFields, String> JAEGER_PASSWORD =
            SCHEMA.string("JaegerPassword");

    /** The kind of hypervisor: {@code qemu}, {@code clh}, {@code firecracker} or {@code acrn}. */
    public static final Field<RuntimeFields, String> HYPERVISOR_TYPE =
            SCHEMA.string("HypervisorType");

    /** How network interfaces are connected to the machine. */
    public static final Field<RuntimeFields, InterworkingModel> INTER_NETWORK_MODEL =
            SCHEMA.interworkingModel("InterNetworkModel");

    /** How VFIO devices appear to containers. */
    public static final Field<RuntimeFields, VfioMode> VFIO_MODE = SCHEMA.vfioMode("VfioMode");

    /** Whether the runtime logs more. */
    public static final Field<RuntimeFields, Boolean> DEBUG = SCHEMA.bool("Debug");

    /** Whether the runtime sends traces. */
    public static final Field<RuntimeFields, Boolean> TRACE = SCHEMA.bool("Trace");

    /** Whether seccomp filters are left out in the guest. */
    public static final Field<RuntimeFields, Boolean> DISABLE_GUEST_SECCOMP =
            SCHEMA.bool("DisableGuestSeccomp");

    /** Whether the machine is made as large as it will ever be needed. */
    public static final Field<RuntimeFields, Boolean> STATIC_SANDBOX_RESOURCE_MGMT =
            SCHEMA.bool("StaticSandboxResourceMgmt");

    /** Whether the hypervisor stays in the host's network namespace. */
    public static final Field<RuntimeFields, Boolean> DISABLE_NEW_NET_NS =
            SCHEMA.bool("DisableNewNetNs");

    /** Whether all of the sandbox's processes are in the pod's cgroup. */
    public static final Field<RuntimeFields, Boolean> SANDBOX_CGROUP_ONLY =
            SCHEMA.bool("SandboxCgroupOnly");

    /** Whether profiling is offered. */
    public static final Field<RuntimeFields, Boolean> ENABLE_PPROF = SCHEMA.bool("EnablePprof");

    /** Whether emptyDir volumes are shared from the host and not made in the guest. */
    public static final Field<RuntimeFields, Boolean> DISABLE_GUEST_EMPTY_DIR =
            SCHEMA.bool("DisableGuestEmptyDir");

    private RuntimeFields() {}
}

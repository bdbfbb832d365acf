package dev.kumite.config;

import dev.kumite.oci.Uint64;
import java.util.List;

/**
 * The settings of the sandbox itself: {@code Settings<SandboxFields>} holds a value for each
 * constant of this class.
 *
 * <p>Source: Kata Containers, Go runtime, {@code virtcontainers.SandboxConfig}.
 */
public final class SandboxFields {

    /** All fields of this class. */
    public static final Schema<SandboxFields> SCHEMA = new Schema<>("SandboxConfig");

    /** Identity of the sandbox. */
    public static final Field<SandboxFields, String> ID = SCHEMA.string("ID");

    /** Host name in the guest. */
    public static final Field<SandboxFields, String> HOSTNAME = SCHEMA.string("Hostname");

    /** The kind of hypervisor: {@code qemu}, {@code clh}, {@code firecracker} or {@code acrn}. */
    public static final Field<SandboxFields, String> HYPERVISOR_TYPE =
            SCHEMA.string("HypervisorType");

    /** Host paths that are shown read-only in the sandbox. */
    public static final Field<SandboxFields, List<String>> SANDBOX_BIND_MOUNTS =
            SCHEMA.strings("SandboxBindMounts");

    /** Experimental features that are switched on. */
    public static final Field<SandboxFields, List<Feature>> EXPERIMENTAL =
            SCHEMA.features("Experimental");

    /** Size of the guest's {@code /dev/shm}, in bytes; 0 if the container mounts none. */
    public static final Field<SandboxFields, Uint64> SHM_SIZE = SCHEMA.uint64("ShmSize");

    /** How VFIO devices appear to containers. */
    public static final Field<SandboxFields, VfioMode> VFIO_MODE = SCHEMA.vfioMode("VfioMode");

    /** Whether the machine is made as large as it will ever be needed. */
    public static final Field<SandboxFields, Boolean> STATIC_RESOURCE_MGMT =
            SCHEMA.bool("StaticResourceMgmt");

    /** Whether the sandbox's containers share a process namespace; set later than the plan. */
    public static final Field<SandboxFields, Boolean> SHARE_PID_NS = SCHEMA.bool("SharePidNs");

    /** Whether cgroups are made by systemd. */
    public static final Field<SandboxFields, Boolean> SYSTEMD_CGROUP = SCHEMA.bool("SystemdCgroup");

    /** Whether all of the sandbox's processes are in the pod's cgroup. */
    public static final Field<SandboxFields, Boolean> SANDBOX_CGROUP_ONLY =
            SCHEMA.bool("SandboxCgroupOnly");

    /** Whether seccomp filters are left out in the guest. */
    public static final Field<SandboxFields, Boolean> DISABLE_GUEST_SECCOMP =
            SCHEMA.bool("DisableGuestSeccomp");

    private SandboxFields() {}
}

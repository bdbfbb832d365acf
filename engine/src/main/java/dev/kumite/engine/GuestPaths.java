package dev.kumite.engine;

/**
 * Where things are in the guest. Source: Kata Containers, {@code kata_agent.go}; its agents expect
 * them there.
 */
final class GuestPaths {

    /** Name of the shared file system; what the guest mounts. */
    static final String SHARE_TAG = "kataShared";

    /** Where the guest mounts the shared file system. */
    static final String SHARE = "/run/kata-containers/shared/containers/";

    /** Directory for what all containers of the sandbox share. */
    static final String SANDBOX = "/run/kata-containers/sandbox/";

    /** The sandbox's {@code /dev/shm}. */
    static final String SHM = SANDBOX + "shm";

    /** Directory for tmpfs volumes that the pod's containers share. */
    static final String EPHEMERAL = SANDBOX + "ephemeral/";

    /** Directory of the share for volumes of the whole sandbox. */
    static final String SANDBOX_MOUNTS = "sandbox-mounts";

    /** Directory for root file systems that are put together in the guest. */
    private static final String ROOTS = "/run/kata-containers/roots/";

    private GuestPaths() {}

    /** {@return the root file system of a container, with a layer of the guest's memory} */
    static String layeredRootfs(String containerId) {
        return ROOTS + containerId;
    }

    /** {@return the root file system of a container} */
    static String rootfs(String containerId) {
        return SHARE + containerId + "/rootfs";
    }

    /** {@return what has that name in the directory that the host shares} */
    static String shared(String name) {
        return SHARE + name;
    }

    /** {@return a directory that the pod's containers share} */
    static String local(String sandboxId, String name) {
        return SHARE + sandboxId + "/rootfs/local/" + name;
    }
}

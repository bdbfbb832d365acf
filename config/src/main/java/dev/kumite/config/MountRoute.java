package dev.kumite.config;

/**
 * How a mount reaches a container in the guest.
 *
 * <p>Source: Kata Containers, Go runtime, {@code Container.mountSharedDirMounts}, {@code
 * isSystemMount}, {@code isHostDevice}; {@code kataAgent.handleEphemeralStorage}, {@code
 * handleLocalStorage}.
 */
public enum MountRoute {
    /** A file or directory of the host, seen through the shared file system. */
    SHARED,
    /** A block device of the host, attached as a disk. */
    BLOCK,
    /** A file system that the guest's kernel makes: proc, sysfs, tmpfs and others. */
    GUEST,
    /** The guest's own /dev/shm, whatever lies behind it on the host. */
    GUEST_SHM,
    /** The guest's own /proc, /sys or /dev instead of the host's. */
    GUEST_SYSTEM,
    /** A tmpfs in the guest that the pod's containers share. */
    EPHEMERAL,
    /** A directory in the guest that the pod's containers share. */
    LOCAL;

    /** {@return the way of this mount} */
    public static MountRoute of(ContainerConfig.Mount mount) {
        switch (mount.type()) {
            case "ephemeral" -> {
                return EPHEMERAL;
            }
            case "local" -> {
                return LOCAL;
            }
            case "bind" -> {}
            default -> {
                return GUEST;
            }
        }
        if (mount.destination().equals("/dev/shm")) {
            return GUEST_SHM;
        }
        String source = LexicalPath.clean(mount.source());
        if (isBelow(source, "/proc") || isBelow(source, "/sys")) {
            return GUEST_SYSTEM;
        }
        if (LexicalPath.clean(mount.destination()).equals("/dev")) {
            return GUEST_SYSTEM;
        }
        return isBelow(source, "/dev") && !isBelow(source, "/dev/shm") ? BLOCK : SHARED;
    }

    private static boolean isBelow(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }
}

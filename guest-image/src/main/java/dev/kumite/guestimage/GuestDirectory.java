package dev.kumite.guestimage;

import java.nio.file.Path;
import java.util.Map;

/** Where guests lie, and what the files in a guest directory are called. */
public final class GuestDirectory {

    /** The kernel as Debian ships it. */
    public static final String KERNEL = "vmlinuz";

    /** The same kernel, not compressed, for its PVH entry; there where it could be taken out. */
    public static final String PLAIN_KERNEL = "vmlinux";

    /** First programs and drivers; mounts the root disk. */
    public static final String INITRD = "initrd.img";

    /** The root disk: EROFS without partitions, to be attached read-only. */
    public static final String ROOT = "root.img";

    /**
     * The serial number that the root disk must be attached with, as virtio-blk device: the initrd
     * finds it by this.
     */
    public static final String ROOT_SERIAL = GuestRecipe.ROOT_SERIAL;

    private GuestDirectory() {}

    /**
     * {@return the directory that a guest is built into if nothing else is said}
     *
     * @param root whether the user is root
     * @param environment for {@code XDG_DATA_HOME} and {@code HOME}
     */
    public static Path standard(boolean root, Map<String, String> environment) {
        return root
                ? Path.of("/var/lib/kumite/guest")
                : home(environment, "XDG_DATA_HOME", ".local/share").resolve("kumite/guest");
    }

    /**
     * {@return the directory that fetched packages are kept in}
     *
     * @param root whether the user is root
     * @param environment for {@code XDG_CACHE_HOME} and {@code HOME}
     */
    public static Path packageCache(boolean root, Map<String, String> environment) {
        return root
                ? Path.of("/var/cache/kumite/packages")
                : home(environment, "XDG_CACHE_HOME", ".cache").resolve("kumite/packages");
    }

    /** Relative values are ignored. Source: XDG Base Directory Specification 0.8. */
    private static Path home(Map<String, String> environment, String variable, String otherwise) {
        Path set = Path.of(environment.getOrDefault(variable, ""));
        return set.isAbsolute()
                ? set
                : Path.of(environment.getOrDefault("HOME", "/")).resolve(otherwise);
    }
}

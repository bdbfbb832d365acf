package dev.kumite.linux;

import java.nio.file.Path;

/**
 * Makes files that are not data: named pipes and devices. Permissions are subject to the umask.
 *
 * <p>Source: mknod(2), makedev(3).
 */
public final class FileNode {
    private static final int S_IFIFO = 0x1000;
    private static final int S_IFCHR = 0x2000;
    private static final int S_IFBLK = 0x6000;

    private FileNode() {}

    /**
     * Makes a named pipe.
     *
     * @param mode permissions, for example 0600 (octal)
     * @throws LinuxException with {@link Errno#EEXIST} if there is something already
     */
    public static void fifo(Path path, int mode) {
        make(path, S_IFIFO | mode, 0);
    }

    /** Makes a character device; needs CAP_MKNOD. */
    public static void characterDevice(Path path, int mode, int major, int minor) {
        make(path, S_IFCHR | mode, deviceNumber(major, minor));
    }

    /** Makes a block device; needs CAP_MKNOD. */
    public static void blockDevice(Path path, int mode, int major, int minor) {
        make(path, S_IFBLK | mode, deviceNumber(major, minor));
    }

    /**
     * {@return the number by which the kernel's interface names a device}
     *
     * <p>Source: Linux include/linux/kdev_t.h, new_encode_dev: system calls take 12 bits of major
     * and 20 bits of minor.
     */
    static long deviceNumber(int major, int minor) {
        if (major < 0 || major > 0xfff || minor < 0 || minor > 0xfffff) {
            throw new LinuxException(
                    "name device " + major + ":" + minor + ", beyond 4095:1048575,",
                    Syscall.EINVAL);
        }
        return (minor & 0xffL) | ((long) major << 8) | ((minor & ~0xffL) << 12);
    }

    private static void make(Path path, int mode, long device) {
        try (Scratch scratch = new Scratch()) {
            LinuxException.check(
                    Syscall.call(
                            SyscallNumber.MKNODAT,
                            Syscall.AT_FDCWD,
                            scratch.path(path),
                            mode,
                            device),
                    "make \"" + path + "\"");
        }
    }
}

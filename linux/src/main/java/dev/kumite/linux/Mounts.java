package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Changes to the tree of mounts of the calling thread's mount namespace.
 *
 * <p>Source: mount(2), umount2(2), mount_setattr(2), pivot_root(2), mount_namespaces(7).
 */
public final class Mounts {
    // Flags of mount(2). Source: Linux include/uapi/linux/mount.h.

    /** Nothing can be changed. */
    public static final long READ_ONLY = 0x1;

    /** Set-user-id bits and file capabilities have no effect. */
    public static final long NO_SUID = 0x2;

    /** Devices cannot be opened. */
    public static final long NO_DEV = 0x4;

    /** Programs cannot be executed. */
    public static final long NO_EXEC = 0x8;

    /** Every write is written through. */
    public static final long SYNCHRONOUS = 0x10;

    /** Changes a mount that is there. */
    public static final long REMOUNT = 0x20;

    /** Mandatory locks; without effect since Linux 5.15. */
    public static final long MANDATORY_LOCKS = 0x40;

    /** Changes to directories are written through. */
    public static final long DIRECTORIES_SYNCHRONOUS = 0x80;

    /** Symbolic links are not followed. */
    public static final long NO_SYMLINK_FOLLOW = 0x100;

    /** Access times are not kept. */
    public static final long NO_ATIME = 0x400;

    /** Access times of directories are not kept. */
    public static final long NO_DIRECTORY_ATIME = 0x800;

    /** Shows a directory that is there at a second place. */
    public static final long BIND = 0x1000;

    /** Moves a mount. */
    public static final long MOVE = 0x2000;

    /** For the whole tree of mounts below. */
    public static final long RECURSIVE = 0x4000;

    /** No messages in the kernel's log. */
    public static final long SILENT = 0x8000;

    /** Access times are kept if older than the last change, or a day. */
    public static final long RELATIVE_ATIME = 0x200000;

    /** The version of an inode counts its changes. */
    public static final long INODE_VERSION = 0x800000;

    /** Access times are always kept. */
    public static final long STRICT_ATIME = 0x1000000;

    /** Times are kept in memory and written rarely. */
    public static final long LAZY_TIME = 0x2000000;

    /** How mounts and unmounts below a mount reach its copies in other places and namespaces. */
    public enum Propagation {
        /** Not at all, and it cannot be bound elsewhere. */
        UNBINDABLE(0x20000),
        /** Not at all. */
        PRIVATE(0x40000),
        /** From its master to it only. */
        SLAVE(0x80000),
        /** Both ways. */
        SHARED(0x100000);

        private final long flag;

        Propagation(long flag) {
            this.flag = flag;
        }
    }

    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final long AT_RECURSIVE = 0x8000;
    private static final int MOUNT_ATTR_BYTES = 32;

    private Mounts() {}

    /**
     * Mounts a file system.
     *
     * @param source a device, or any name for file systems without one
     * @param type for example {@code tmpfs}
     * @param flags constants of this class, combined by or
     * @param data options of the file system's own, separated by commas; may be empty
     */
    public static void mount(String source, Path target, String type, long flags, String data) {
        try (Scratch scratch = new Scratch()) {
            LinuxException.check(
                    Syscall.call(
                            SyscallNumber.MOUNT,
                            scratch.text(source),
                            scratch.path(target),
                            scratch.text(type),
                            flags,
                            data.isEmpty() ? 0 : scratch.text(data)),
                    describe(source, target, type, data));
        }
    }

    /**
     * Shows a file or directory at a second place. The new mount has the flags of the old one; see
     * {@link #remountBind}.
     */
    public static void bind(Path source, Path target) {
        mount(source.toString(), target, "", BIND, "");
    }

    /** Shows a directory with all that is mounted below it at a second place. */
    public static void bindRecursively(Path source, Path target) {
        mount(source.toString(), target, "", BIND | RECURSIVE, "");
    }

    /**
     * Sets the flags of one mount (not of its file system, and not of mounts below it).
     *
     * @param flags all flags that it shall have, of {@link #READ_ONLY}, {@link #NO_SUID}, {@link
     *     #NO_DEV}, {@link #NO_EXEC}, {@link #NO_SYMLINK_FOLLOW} and those of access times
     */
    public static void remountBind(Path target, long flags) {
        mount("none", target, "", REMOUNT | BIND | flags, "");
    }

    /** Sets the flags and options of a file system that is mounted. */
    public static void remount(Path target, long flags, String data) {
        mount("none", target, "", REMOUNT | flags, data);
    }

    /** Moves a mount with all that is mounted below it. */
    public static void move(Path source, Path target) {
        mount(source.toString(), target, "", MOVE, "");
    }

    /** Sets the propagation of one mount. */
    public static void propagate(Path target, Propagation propagation) {
        mount("none", target, "", propagation.flag, "");
    }

    /** Sets the propagation of a mount and all that is mounted below it. */
    public static void propagateRecursively(Path target, Propagation propagation) {
        mount("none", target, "", propagation.flag | RECURSIVE, "");
    }

    /**
     * Sets and clears attributes of a mount and of all that is mounted below it, all or none.
     *
     * @param set attributes of mount_setattr(2), see {@link MountOptions#recursiveSet}
     * @param clear attributes of mount_setattr(2)
     */
    public static void setAttributesRecursively(Path target, long set, long clear) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer attributes =
                    scratch.bytes(MOUNT_ATTR_BYTES).putLong(0, set).putLong(8, clear);
            LinuxException.check(
                    Syscall.call(
                            SyscallNumber.MOUNT_SETATTR,
                            Syscall.AT_FDCWD,
                            scratch.path(target),
                            AT_RECURSIVE,
                            Scratch.address(attributes),
                            MOUNT_ATTR_BYTES),
                    "set attributes of all mounts from \"" + target + "\" on");
        }
    }

    /**
     * Mounts as an OCI mount entry says, in as many steps as the kernel needs: the mount itself,
     * flags of a bind mount, propagation, recursive attributes. What a failed step leaves behind is
     * not undone.
     *
     * @param type empty or any name for bind mounts
     */
    public static void mount(String source, Path target, String type, MountOptions options) {
        boolean bind = (options.set() & BIND) != 0;
        if (bind) {
            mount(source, target, "", options.set() & (BIND | RECURSIVE), "");
            long flags = options.set() & ~(BIND | RECURSIVE | REMOUNT);
            if (flags != 0 || options.clear() != 0) {
                remountBind(target, (inherited(target) & ~options.clear()) | flags);
            }
        } else {
            mount(source, target, type, options.set(), options.data());
        }
        for (MountOptions.Spread spread : options.propagation()) {
            if (spread.recursive()) {
                propagateRecursively(target, spread.propagation());
            } else {
                propagate(target, spread.propagation());
            }
        }
        if (options.recursiveSet() != 0 || options.recursiveClear() != 0) {
            setAttributesRecursively(target, options.recursiveSet(), options.recursiveClear());
        }
    }

    /** {@return the flags that the newest mount at the place has} */
    private static long inherited(Path target) {
        return MountTable.read()
                .at(target)
                .map(entry -> MountOptions.parse(entry.options()).set())
                .orElse(0L);
    }

    /**
     * Unmounts the newest mount at the place. A symbolic link is not followed.
     *
     * @throws LinuxException with {@link Errno#EBUSY} if it is in use, {@link Errno#EINVAL} if
     *     nothing is mounted there
     */
    public static void unmount(Path target) {
        unmount(target, UMOUNT_NOFOLLOW);
    }

    /**
     * Takes the newest mount at the place, and all mounts below it, out of the tree; each ends when
     * it is no longer in use. A symbolic link is not followed.
     */
    public static void detach(Path target) {
        unmount(target, UMOUNT_NOFOLLOW | MNT_DETACH);
    }

    /** Makes a mount the root of the mount namespace. Source: pivot_root(2). */
    public static void pivotRoot(Path newRoot, Path putOld) {
        try (Scratch scratch = new Scratch()) {
            LinuxException.check(
                    Syscall.call(
                            SyscallNumber.PIVOT_ROOT, scratch.path(newRoot), scratch.path(putOld)),
                    "make \"" + newRoot + "\" the root, with the old root at \"" + putOld + "\"");
        }
    }

    private static void unmount(Path target, int flags) {
        try (Scratch scratch = new Scratch()) {
            LinuxException.check(
                    Syscall.call(SyscallNumber.UMOUNT2, scratch.path(target), flags),
                    "unmount \"" + target + "\"");
        }
    }

    private static String describe(String source, Path target, String type, String data) {
        StringBuilder text = new StringBuilder("mount \"").append(source);
        text.append("\" on \"").append(target).append('"');
        if (!type.isEmpty()) {
            text.append(" as ").append(type);
        }
        if (!data.isEmpty()) {
            text.append(" with \"").append(data).append('"');
        }
        return text.toString();
    }
}

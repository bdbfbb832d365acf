package dev.kumite.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The options of an OCI mount, or of a line of fstab, sorted by what the kernel takes them as. Of
 * options that contradict each other the later one counts.
 *
 * <p>Source: OCI runtime specification, config-linux.md, "Linux mount options"; mount(8).
 *
 * @param set flags of mount(2), see {@link Mounts}
 * @param clear flags that were taken back by name, as {@code rw} takes back {@code ro}
 * @param propagation in the order given
 * @param recursiveSet attributes of mount_setattr(2) for the whole tree below
 * @param recursiveClear those that are taken back for the whole tree below
 * @param data what is left, for the file system itself, separated by commas
 */
public record MountOptions(
        long set,
        long clear,
        List<Spread> propagation,
        long recursiveSet,
        long recursiveClear,
        String data) {

    /**
     * One change of propagation.
     *
     * @param propagation the new kind
     * @param recursive whether for all mounts below, too
     */
    public record Spread(Mounts.Propagation propagation, boolean recursive) {}

    /** An option: the flag it names, and whether it takes it back. */
    private record Flag(long flag, boolean clears) {}

    // Attributes of mount_setattr(2). Source: Linux include/uapi/linux/mount.h.
    private static final long ATTR_ATIME = 0x70;
    private static final long ATTR_NOATIME = 0x10;
    private static final long ATTR_STRICTATIME = 0x20;

    private static final Map<String, Flag> FLAGS =
            Map.ofEntries(
                    set("ro", Mounts.READ_ONLY),
                    clear("rw", Mounts.READ_ONLY),
                    set("nosuid", Mounts.NO_SUID),
                    clear("suid", Mounts.NO_SUID),
                    set("nodev", Mounts.NO_DEV),
                    clear("dev", Mounts.NO_DEV),
                    set("noexec", Mounts.NO_EXEC),
                    clear("exec", Mounts.NO_EXEC),
                    set("sync", Mounts.SYNCHRONOUS),
                    clear("async", Mounts.SYNCHRONOUS),
                    set("remount", Mounts.REMOUNT),
                    set("mand", Mounts.MANDATORY_LOCKS),
                    clear("nomand", Mounts.MANDATORY_LOCKS),
                    set("dirsync", Mounts.DIRECTORIES_SYNCHRONOUS),
                    set("nosymfollow", Mounts.NO_SYMLINK_FOLLOW),
                    clear("symfollow", Mounts.NO_SYMLINK_FOLLOW),
                    set("noatime", Mounts.NO_ATIME),
                    clear("atime", Mounts.NO_ATIME),
                    set("nodiratime", Mounts.NO_DIRECTORY_ATIME),
                    clear("diratime", Mounts.NO_DIRECTORY_ATIME),
                    set("bind", Mounts.BIND),
                    set("rbind", Mounts.BIND | Mounts.RECURSIVE),
                    set("silent", Mounts.SILENT),
                    clear("loud", Mounts.SILENT),
                    set("relatime", Mounts.RELATIVE_ATIME),
                    clear("norelatime", Mounts.RELATIVE_ATIME),
                    set("iversion", Mounts.INODE_VERSION),
                    clear("noiversion", Mounts.INODE_VERSION),
                    set("strictatime", Mounts.STRICT_ATIME),
                    clear("nostrictatime", Mounts.STRICT_ATIME),
                    set("lazytime", Mounts.LAZY_TIME),
                    clear("nolazytime", Mounts.LAZY_TIME),
                    set("defaults", 0));

    private static final Map<String, Flag> RECURSIVE =
            Map.ofEntries(
                    set("rro", 0x1),
                    clear("rrw", 0x1),
                    set("rnosuid", 0x2),
                    clear("rsuid", 0x2),
                    set("rnodev", 0x4),
                    clear("rdev", 0x4),
                    set("rnoexec", 0x8),
                    clear("rexec", 0x8),
                    set("rnodiratime", 0x80),
                    clear("rdiratime", 0x80),
                    set("rnosymfollow", 0x200000),
                    clear("rsymfollow", 0x200000));

    private static final Map<String, Spread> PROPAGATION =
            Map.of(
                    "private", new Spread(Mounts.Propagation.PRIVATE, false),
                    "rprivate", new Spread(Mounts.Propagation.PRIVATE, true),
                    "shared", new Spread(Mounts.Propagation.SHARED, false),
                    "rshared", new Spread(Mounts.Propagation.SHARED, true),
                    "slave", new Spread(Mounts.Propagation.SLAVE, false),
                    "rslave", new Spread(Mounts.Propagation.SLAVE, true),
                    "unbindable", new Spread(Mounts.Propagation.UNBINDABLE, false),
                    "runbindable", new Spread(Mounts.Propagation.UNBINDABLE, true));

    public MountOptions {
        propagation = List.copyOf(propagation);
    }

    /** {@return the options sorted; those that are not known are data} */
    public static MountOptions parse(List<String> options) {
        long set = 0;
        long clear = 0;
        long recursiveSet = 0;
        long recursiveClear = 0;
        List<Spread> propagation = new ArrayList<>();
        List<String> data = new ArrayList<>();
        for (String option : options) {
            Flag flag = FLAGS.get(option);
            Flag recursive = RECURSIVE.get(option);
            Spread spread = PROPAGATION.get(option);
            long accessTime = recursiveAccessTime(option);
            if (flag != null) {
                set = flag.clears ? set & ~flag.flag : set | flag.flag;
                clear = flag.clears ? clear | flag.flag : clear & ~flag.flag;
            } else if (recursive != null) {
                long bit = recursive.flag;
                recursiveSet = recursive.clears ? recursiveSet & ~bit : recursiveSet | bit;
                recursiveClear = recursive.clears ? recursiveClear | bit : recursiveClear & ~bit;
            } else if (accessTime >= 0) {
                // One value of three in these bits; the kernel wants all of them cleared first.
                recursiveSet = (recursiveSet & ~ATTR_ATIME) | accessTime;
                recursiveClear |= ATTR_ATIME;
            } else if (spread != null) {
                propagation.add(spread);
            } else if (!option.isEmpty()) {
                data.add(option);
            }
        }
        return new MountOptions(
                set, clear, propagation, recursiveSet, recursiveClear, String.join(",", data));
    }

    /** {@return the value of the bits for access times, or -1 if the option is another} */
    private static long recursiveAccessTime(String option) {
        return switch (option) {
            case "rrelatime", "ratime", "rnostrictatime" -> 0;
            case "rnoatime" -> ATTR_NOATIME;
            case "rstrictatime", "rnorelatime" -> ATTR_STRICTATIME;
            default -> -1;
        };
    }

    private static Map.Entry<String, Flag> set(String name, long flag) {
        return Map.entry(name, new Flag(flag, false));
    }

    private static Map.Entry<String, Flag> clear(String name, long flag) {
        return Map.entry(name, new Flag(flag, true));
    }
}

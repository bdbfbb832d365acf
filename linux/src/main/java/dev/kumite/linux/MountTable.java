package dev.kumite.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is mounted, as one mount namespace sees it.
 *
 * <p>Source: proc_pid_mountinfo(5).
 *
 * @param entries in the kernel's order: later mounts at one place cover earlier ones
 */
public record MountTable(List<Entry> entries) {
    /** Enough for some 50 000 mounts. */
    private static final int MOST_BYTES = 16 << 20;

    /** Fields before the optional ones, which the separator "-" ends. */
    private static final int FIXED_FIELDS = 6;

    /**
     * A mount.
     *
     * @param id unique among the mounts of now
     * @param parent the id of the mount that it is mounted on
     * @param major of the device
     * @param minor of the device
     * @param root which directory of the file system is the root of the mount
     * @param mountPoint where it is, seen from the process's root
     * @param options of the mount, for example {@code ro}
     * @param sharedGroup the peer group, if it is shared
     * @param masterGroup the peer group that it receives from, if it is a slave
     * @param unbindable whether it cannot be bound elsewhere
     * @param type of the file system
     * @param source the device, or what was given for it
     * @param superOptions of the file system
     */
    public record Entry(
            int id,
            int parent,
            int major,
            int minor,
            String root,
            Path mountPoint,
            List<String> options,
            OptionalInt sharedGroup,
            OptionalInt masterGroup,
            boolean unbindable,
            String type,
            String source,
            List<String> superOptions) {
        public Entry {
            options = List.copyOf(options);
            superOptions = List.copyOf(superOptions);
        }

        /** {@return whether it cannot be written through this mount} */
        public boolean isReadOnly() {
            return options.contains("ro");
        }
    }

    public MountTable {
        entries = List.copyOf(entries);
    }

    /** {@return what the calling thread sees} */
    public static MountTable read() {
        return read(Path.of("/proc/thread-self/mountinfo"));
    }

    /**
     * {@return what a process sees}
     *
     * @throws LinuxException with {@link Errno#ENOENT} if there is no such process
     */
    public static MountTable read(int pid) {
        return read(Path.of("/proc/" + pid + "/mountinfo"));
    }

    private static MountTable read(Path path) {
        return parse(
                ProcFile.read(path, MOST_BYTES)
                        .orElseThrow(
                                () -> new LinuxException("read \"" + path + "\"", Syscall.ENOENT)));
    }

    /**
     * {@return the table that the text is of}
     *
     * @throws LinuxException with {@link Errno#EBADMSG} for lines that the kernel would not write
     */
    public static MountTable parse(String text) {
        List<Entry> entries = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (end > start) {
                entries.add(entry(text.substring(start, end)));
            }
            start = end + 1;
        }
        return new MountTable(entries);
    }

    /** {@return the newest mount at exactly this place} */
    public Optional<Entry> at(Path place) {
        Path normal = place.normalize();
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).mountPoint().equals(normal)) {
                return Optional.of(entries.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * {@return all mounts at or below the place, in the order in which they can be unmounted:
     * newest first}
     */
    public List<Entry> below(Path place) {
        Path normal = place.normalize();
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.mountPoint().startsWith(normal)) {
                found.add(entry);
            }
        }
        Collections.reverse(found);
        return List.copyOf(found);
    }

    private static Entry entry(String line) {
        String[] fields = line.split(" ", -1);
        int separator = FIXED_FIELDS;
        while (separator < fields.length && !fields[separator].equals("-")) {
            separator++;
        }
        // Behind the separator: type, source, options of the file system.
        if (separator + 3 >= fields.length) {
            throw malformed(line);
        }
        OptionalInt shared = OptionalInt.empty();
        OptionalInt master = OptionalInt.empty();
        boolean unbindable = false;
        for (int i = FIXED_FIELDS; i < separator; i++) {
            String tag = fields[i];
            if (tag.startsWith("shared:")) {
                shared = OptionalInt.of(number(tag.substring("shared:".length()), line));
            } else if (tag.startsWith("master:")) {
                master = OptionalInt.of(number(tag.substring("master:".length()), line));
            } else if (tag.equals("unbindable")) {
                unbindable = true;
            }
            // Other tags may come with later kernels: "parsers should ignore" them.
        }
        int colon = fields[2].indexOf(':');
        if (colon < 0) {
            throw malformed(line);
        }
        return new Entry(
                number(fields[0], line),
                number(fields[1], line),
                number(fields[2].substring(0, colon), line),
                number(fields[2].substring(colon + 1), line),
                decode(fields[3]),
                path(decode(fields[4]), line),
                List.of(fields[5].split(",", -1)),
                shared,
                master,
                unbindable,
                decode(fields[separator + 1]),
                decode(fields[separator + 2]),
                List.of(decode(fields[separator + 3]).split(",", -1)));
    }

    /** Undoes the kernel's {@code \040}: blanks, tabs, line ends and backslashes in octal. */
    static String decode(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\' && isOctal(bytes, i + 1)) {
                int value = bytes[i + 1] - '0';
                value = value * 8 + bytes[i + 2] - '0';
                value = value * 8 + bytes[i + 3] - '0';
                bytes[length++] = (byte) value;
                i += 3;
            } else {
                bytes[length++] = bytes[i];
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Whether there are three octal digits that make up a byte. */
    private static boolean isOctal(byte[] bytes, int start) {
        if (start + 3 > bytes.length || bytes[start] > '3') {
            return false;
        }
        for (int i = start; i < start + 3; i++) {
            if (bytes[i] < '0' || bytes[i] > '7') {
                return false;
            }
        }
        return true;
    }

    private static int number(String digits, String line) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException notANumber) {
            throw malformed(line);
        }
    }

    private static Path path(String text, String line) {
        try {
            return Path.of(text);
        } catch (InvalidPathException notAPath) {
            throw malformed(line);
        }
    }

    private static LinuxException malformed(String line) {
        return new LinuxException("understand mount \"" + line + "\"", Errno.EBADMSG.number());
    }
}

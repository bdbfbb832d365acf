package dev.kumite.config;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The machine that this process runs on. Stateless but for the working directory, which is the
 * process's own and never changes; safe for use by several threads.
 */
public final class SystemHost implements Host {

    /** Where Linux lists the mounts that this process sees. Source: proc_pid_mountinfo(5). */
    private static final String MOUNT_LIST = "/proc/self/mountinfo";

    /** Longest mount list that is looked at, in bytes: some hundred thousand mounts. */
    private static final int MAX_MOUNT_LIST_BYTES = 64 << 20;

    /**
     * Position of the mount point in a line of the mount list, from 0. Source:
     * proc_pid_mountinfo(5), field 5.
     */
    private static final int MOUNT_POINT_FIELD = 4;

    /**
     * What ends the optional fields of a line of the mount list; the file system's type follows it.
     */
    private static final String END_OF_OPTIONAL_FIELDS = "-";

    private final String workingDirectory;

    private SystemHost(String workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    /** {@return this machine} */
    public static SystemHost open() {
        return new SystemHost(Path.of("").toAbsolutePath().toString());
    }

    @Override
    public int cpuCount() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public String workingDirectory() {
        return workingDirectory;
    }

    @Override
    public boolean exists(String path) {
        // The operating system takes a final slash for "a directory, links followed"; java.nio
        // drops it.
        if (path.endsWith("/")) {
            return isDirectory(path);
        }
        return path(path).map(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS)).orElse(false);
    }

    @Override
    public boolean isDirectory(String path) {
        return path(path).map(Files::isDirectory).orElse(false);
    }

    @Override
    public List<String> list(String directory) {
        Optional<Path> path = path(directory);
        if (path.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path.get())) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (IOException | DirectoryIteratorException closedToUs) {
            return List.of();
        }
        names.sort(SystemHost::compareCodePoints);
        return List.copyOf(names);
    }

    @Override
    public Resolution resolve(String path) {
        String absolute = absolute(path);
        Optional<Path> file = path(absolute);
        if (path.isEmpty() || file.isEmpty()) {
            return new Resolution.Missing(absolute);
        }
        try {
            return new Resolution.Found(file.get().toRealPath().toString());
        } catch (NoSuchFileException missing) {
            return new Resolution.Missing(absolute);
        } catch (FileSystemException refused) {
            return failed(absolute, reason(refused));
        } catch (IOException other) {
            return failed(absolute, reason(other.getMessage()));
        }
    }

    private static Resolution failed(String absolute, String reason) {
        return reason.equals("no such file or directory")
                ? new Resolution.Missing(absolute)
                : new Resolution.Failed(reason);
    }

    @Override
    public OptionalLong size(String path) {
        Optional<Path> file = path(path);
        if (file.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Files.size(file.get()));
        } catch (IOException missing) {
            return OptionalLong.empty();
        }
    }

    @Override
    public OptionalLong fileSystemSize(String path) {
        Optional<Path> file = path(path).filter(Files::exists);
        return file.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(file.get().toFile().getTotalSpace());
    }

    @Override
    public boolean isTmpfsMount(String path) {
        return tmpfsMounts().test(path);
    }

    @Override
    public Predicate<String> tmpfsMounts() {
        Contents mounts = read(MOUNT_LIST, MAX_MOUNT_LIST_BYTES);
        return switch (mounts) {
            case Contents.Bytes(byte[] bytes) ->
                    tmpfsMounts(new String(bytes, StandardCharsets.UTF_8))::contains;
            case Contents.Failed _ -> _ -> false;
        };
    }

    /**
     * {@return whether the last mount at {@code path} in the mount list, which hides the others, is
     * a tmpfs}
     */
    static boolean isTmpfsMount(String mountList, String path) {
        return tmpfsMounts(mountList).contains(path);
    }

    private static Set<String> tmpfsMounts(String mountList) {
        Set<String> tmpfs = new HashSet<>();
        int start = 0;
        while (start < mountList.length()) {
            int newline = mountList.indexOf('\n', start);
            int end = newline < 0 ? mountList.length() : newline;
            List<String> fields = fields(mountList.substring(start, end));
            int separator = fields.indexOf(END_OF_OPTIONAL_FIELDS);
            if (separator > MOUNT_POINT_FIELD && separator + 1 < fields.size()) {
                String point = unescape(fields.get(MOUNT_POINT_FIELD));
                if (fields.get(separator + 1).equals("tmpfs")) {
                    tmpfs.add(point);
                } else {
                    tmpfs.remove(point);
                }
            }
            start = end + 1;
        }
        return tmpfs;
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        int start = 0;
        while (start <= line.length()) {
            int space = line.indexOf(' ', start);
            int end = space < 0 ? line.length() : space;
            fields.add(line.substring(start, end));
            start = end + 1;
        }
        return fields;
    }

    /**
     * {@return the text with the mount list's escapes, a backslash and three octal digits, replaced
     * by what they mean}
     */
    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] plain = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\'
                    && isOctal(bytes, i + 1)
                    && isOctal(bytes, i + 2)
                    && isOctal(bytes, i + 3)) {
                plain[length++] =
                        (byte)
                                ((bytes[i + 1] - '0') << 6
                                        | (bytes[i + 2] - '0') << 3
                                        | (bytes[i + 3] - '0'));
                i += 3;
            } else {
                plain[length++] = bytes[i];
            }
        }
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isOctal(byte[] bytes, int index) {
        return index < bytes.length && bytes[index] >= '0' && bytes[index] <= '7';
    }

    @Override
    public Contents read(String path, int maxBytes) {
        Optional<Path> file = path(path);
        if (file.isEmpty()) {
            return new Contents.Failed("no such file");
        }
        if (Files.isDirectory(file.get())) {
            return new Contents.Failed("is a directory");
        }
        if (Files.exists(file.get()) && !Files.isRegularFile(file.get())) {
            return new Contents.Failed("is not an ordinary file");
        }
        try (InputStream in = Files.newInputStream(file.get())) {
            byte[] bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                return new Contents.Failed("is larger than " + maxBytes + " bytes");
            }
            return new Contents.Bytes(bytes);
        } catch (NoSuchFileException missing) {
            return new Contents.Failed("no such file");
        } catch (FileSystemException refused) {
            return new Contents.Failed(reason(refused));
        } catch (IOException broken) {
            return new Contents.Failed(reason(broken.getMessage()));
        }
    }

    private String absolute(String path) {
        return LexicalPath.isAbsolute(path)
                ? LexicalPath.clean(path)
                : LexicalPath.join(workingDirectory, path);
    }

    /** {@return the path that the text stands for; nothing if no file can have that name} */
    private Optional<Path> path(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(text);
            return Optional.of(
                    path.isAbsolute() ? path : new File(workingDirectory, text).toPath());
        } catch (InvalidPathException impossible) {
            return Optional.empty();
        }
    }

    private static String reason(FileSystemException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        return reason(failure.getReason());
    }

    /** {@return the operating system's reason, as a message of ours says it} */
    private static String reason(@Nullable String reason) {
        if (reason == null || reason.isEmpty()) {
            return "cannot be read";
        }
        if (reason.startsWith("Too many levels of symbolic links")) {
            return "too many links";
        }
        return Character.toLowerCase(reason.charAt(0)) + reason.substring(1);
    }

    /** As Go compares strings: by their bytes in UTF-8, which is by code point. */
    private static int compareCodePoints(String left, String right) {
        return Arrays.compareUnsigned(
                left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}

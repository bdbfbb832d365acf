package dev.kumite.engine;

import static java.util.Objects.requireNonNull;

import dev.kumite.config.SandboxFields;
import dev.kumite.linux.MountTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The control groups of the host that {@code linux.cgroupsPath} names. A machine's processes are
 * put there, so that who looks for the container's use of the host, as {@code podman stats} does,
 * finds it. No limits are set on them: those of the specification hold in the guest, and would not
 * leave room for a machine.
 *
 * <p>What is made is written into a file of the sandbox's directory before, and only that is
 * removed. Nothing here can fail a start: a host where groups cannot be made has none.
 *
 * <p>Source: cgroups(7); Linux, Documentation/admin-guide/cgroup-v2.rst.
 */
final class HostCgroups {

    /** Holds lines of a container's identity and a directory. */
    static final String FILE = "cgroups";

    /** Controllers of version 1 whose figures engines read. */
    private static final Set<String> WANTED = Set.of("memory", "cpu", "cpuacct", "pids", "blkio");

    /** Of version 2. */
    private static final List<String> UNIFIED = List.of("memory", "cpu", "pids", "io");

    /** No host has as many bytes; version 1 has no word for "no limit". */
    private static final long NO_LIMIT = 1L << 60;

    /** How long a process that was told to end may be on its way. */
    private static final Duration LEAVING = Duration.ofSeconds(2);

    private static final long LOOK_NANOS = 10_000_000;

    private final MountTable mounts;
    private final Path file;
    private final Consumer<String> notes;

    /**
     * @param directory the sandbox's
     * @param notes gets what cannot be done
     */
    HostCgroups(MountTable mounts, Path directory, Consumer<String> notes) {
        this.mounts = requireNonNull(mounts, "mounts is null");
        this.file = directory.resolve(FILE);
        this.notes = requireNonNull(notes, "notes is null");
    }

    /** {@return the groups for the machine of a sandbox's first container} See the other method. */
    static List<Path> take(Path directory, SandboxPreparation preparation, Consumer<String> notes) {
        boolean limited = preparation.config().settings().get(SandboxFields.SANDBOX_CGROUP_ONLY);
        return take(directory, preparation.prepared().request(), limited, notes);
    }

    /**
     * Makes the groups of a container, and puts the process into them that stands for it.
     *
     * @param directory the sandbox's
     * @param limited see {@link #make}
     * @param notes gets what cannot be done
     * @return the groups, for the machine's processes
     */
    static List<Path> take(
            Path directory, ContainerRequest request, boolean limited, Consumer<String> notes) {
        String path = request.spec().linux().map(linux -> linux.cgroupsPath()).orElse("");
        if (path.isEmpty()) {
            return List.of();
        }
        List<Path> groups =
                new HostCgroups(MountTable.read(), directory, notes)
                        .make(request.id(), path, limited);
        if (request.pid() != 0) {
            attach(groups, request.pid(), notes);
        }
        return groups;
    }

    /**
     * Makes the groups of a container, as far as they are not there.
     *
     * @param id the container's identity
     * @param cgroupsPath what the specification says; without effect if it is empty or in systemd's
     *     form
     * @param limited whether groups will do that have a limit of memory, be it their parents'
     * @return one directory for each hierarchy
     */
    List<Path> make(String id, String cgroupsPath, boolean limited) {
        List<Path> made = new ArrayList<>();
        Optional<Path> relative = relative(cgroupsPath);
        if (relative.isEmpty()) {
            return made;
        }
        List<Path> tops =
                mounts.entries().stream()
                        .filter(HostCgroups::isWanted)
                        .map(MountTable.Entry::mountPoint)
                        .toList();
        Optional<Path> limit =
                tops.stream()
                        .flatMap(top -> limit(top, top.resolve(relative.get())).stream())
                        .findFirst();
        if (limit.isPresent() && !limited) {
            notes.accept(
                    "the machine's processes stay outside of the control group "
                            + cgroupsPath
                            + ": "
                            + limit.get()
                            + " limits memory, and QEMU's own would count; sandbox_cgroup_only = true puts them in");
            return made;
        }
        for (Path top : tops) {
            Path group = top.resolve(relative.get());
            try {
                make(id, top, group);
                made.add(group);
            } catch (IOException e) {
                notes.accept("cannot make the control group " + group + ": " + Failures.reason(e));
            }
        }
        return made;
    }

    /** Puts a process into groups. */
    static void attach(List<Path> groups, long pid, Consumer<String> notes) {
        for (Path group : groups) {
            try {
                write(group.resolve("cgroup.procs"), Long.toString(pid));
            } catch (IOException e) {
                notes.accept(
                        "cannot put process %d into the control group %s: %s"
                                .formatted(pid, group, Failures.reason(e)));
            }
        }
    }

    /**
     * Removes what was made for one container, or for all. What somebody else uses by now is left.
     *
     * @throws IOException if the list cannot be read
     */
    static void remove(Path directory, Optional<String> id) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(directory.resolve(FILE));
        } catch (NoSuchFileException none) {
            return;
        }
        long deadline = System.nanoTime() + LEAVING.toNanos();
        for (String line : lines.reversed()) {
            int space = line.indexOf(' ');
            // A line that is not whole belongs to a directory that was not made.
            if (space > 0 && id.map(line.substring(0, space)::equals).orElse(true)) {
                removeGroup(Path.of(line.substring(space + 1)), deadline);
            }
        }
    }

    private static void removeGroup(Path group, long deadline) {
        while (true) {
            try {
                Files.delete(group);
                return;
            } catch (NoSuchFileException | DirectoryNotEmptyException othersTurn) {
                return;
            } catch (IOException busy) {
                // A parent that others have groups in says the same as a group with processes in
                // it.
                if (System.nanoTime() > deadline || hasGroups(group)) {
                    return;
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static boolean hasGroups(Path group) {
        try (var entries = Files.newDirectoryStream(group, Files::isDirectory)) {
            return entries.iterator().hasNext();
        } catch (IOException gone) {
            return true;
        }
    }

    private void make(String id, Path top, Path group) throws IOException {
        Path at = top;
        for (Path name : top.relativize(group)) {
            Path parent = at;
            at = parent.resolve(name);
            if (!Files.isDirectory(at)) {
                Files.writeString(
                        file,
                        id + " " + at + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND,
                        StandardOpenOption.DSYNC);
                try {
                    Files.createDirectory(at);
                } catch (FileAlreadyExistsException e) {
                    // By another, at the same time; unless it is something else.
                    if (!Files.isDirectory(at)) {
                        throw e;
                    }
                }
            }
            if (!passOn(parent)) {
                notes.accept(parent + " has no figures for its control groups");
            }
        }
    }

    /**
     * {@return whether any figures are there} In version 2, a parent decides which its groups have.
     */
    private static boolean passOn(Path parent) {
        Path control = parent.resolve("cgroup.subtree_control");
        if (!Files.exists(control)) {
            return true;
        }
        int refused = 0;
        for (String controller : UNIFIED) {
            try {
                write(control, "+" + controller);
            } catch (IOException notHere) {
                // The others may be.
                refused++;
            }
        }
        return refused < UNIFIED.size();
    }

    private static boolean isWanted(MountTable.Entry mount) {
        if (!mount.root().equals("/")) {
            // Part of a hierarchy only: what the path means there, nobody can say.
            return false;
        }
        return switch (mount.type()) {
            case "cgroup" -> mount.superOptions().stream().anyMatch(WANTED::contains);
            case "cgroup2" ->
                    text(mount.mountPoint().resolve("cgroup.controllers"))
                            .map(words -> List.of(words.split(" ")).contains("memory"))
                            .orElse(false);
            default -> false;
        };
    }

    private static Optional<Path> relative(String cgroupsPath) {
        boolean printable = cgroupsPath.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
        boolean systemd = !cgroupsPath.startsWith("/") && cgroupsPath.indexOf(':') >= 0;
        if (cgroupsPath.isEmpty() || !printable || systemd) {
            return Optional.empty();
        }
        Path below = Path.of("/").resolve(cgroupsPath).normalize();
        return below.getNameCount() == 0
                ? Optional.empty()
                : Optional.of(Path.of("/").relativize(below));
    }

    /** {@return the first group on the way that limits memory} */
    private static Optional<Path> limit(Path top, Path group) {
        Path at = top;
        for (Path name : top.relativize(group)) {
            at = at.resolve(name);
            boolean limited =
                    text(at.resolve("memory.max")).map(word -> !word.equals("max")).orElse(false)
                            || text(at.resolve("memory.limit_in_bytes"))
                                    .map(HostCgroups::isLimit)
                                    .orElse(false);
            if (limited) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private static boolean isLimit(String word) {
        try {
            return Long.parseLong(word) < NO_LIMIT;
        } catch (NumberFormatException huge) {
            return false;
        }
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** Control files take a value with one write(2), and are never made. */
    private static void write(Path file, String value) throws IOException {
        Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    }
}

package dev.kumite.supervisor;

import dev.kumite.oci.Mount;
import dev.kumite.oci.Process;
import dev.kumite.oci.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Looks for a container's program before a machine is booted for it: podman tells a missing one
 * from other failures by the command that fails, which has to be {@code create}.
 *
 * <p>Says nothing where it cannot be sure, as when the program may be in a mount; the guest has the
 * last word at the start.
 */
final class ProgramSearch {

    /** Source: the kernel's limit, path_resolution(7). */
    private static final int MOST_LINKS = 40;

    private final Path rootfs;
    private final List<Path> mounts = new ArrayList<>();

    private ProgramSearch(Path rootfs, Spec spec) {
        this.rootfs = rootfs;
        for (Mount mount : spec.mounts()) {
            mounts.add(Path.of("/").resolve(mount.destination()).normalize());
        }
    }

    /** {@return what is wrong, in the words of runc; empty if nothing is, or nobody knows yet} */
    static Optional<String> complaint(Spec spec, Path bundle) {
        Optional<Path> rootfs =
                spec.root().map(root -> bundle.resolve(root.path())).filter(Files::isDirectory);
        Optional<Process> process = spec.process().filter(given -> !given.args().isEmpty());
        if (rootfs.isEmpty() || process.isEmpty()) {
            return Optional.empty();
        }
        String program = process.get().args().getFirst();
        ProgramSearch search = new ProgramSearch(rootfs.get(), spec);
        if (program.indexOf('/') >= 0) {
            Path path = Path.of("/").resolve(process.get().cwd()).resolve(program);
            return search.mayHave(path)
                    ? Optional.empty()
                    : Optional.of(
                            "exec: \""
                                    + program
                                    + "\": stat "
                                    + program
                                    + ": no such file or directory");
        }
        Optional<String> path =
                process.get().env().stream()
                        .filter(variable -> variable.startsWith("PATH="))
                        .map(variable -> variable.substring("PATH=".length()))
                        .reduce((first, last) -> last);
        if (path.isEmpty() || program.isEmpty()) {
            return Optional.empty();
        }
        for (String directory : path.get().split(":", -1)) {
            if (!directory.startsWith("/") || search.mayHave(Path.of(directory, program))) {
                return Optional.empty();
            }
        }
        return Optional.of("exec: \"" + program + "\": executable file not found in $PATH");
    }

    /** Follows links as they lead within the container. */
    private boolean mayHave(Path path) {
        Deque<Path> rest = new ArrayDeque<>();
        path.forEach(rest::add);
        Deque<Path> at = new ArrayDeque<>();
        int links = 0;
        while (!rest.isEmpty()) {
            Path name = rest.removeFirst();
            switch (name.toString()) {
                case "", "." -> {
                    continue;
                }
                case ".." -> {
                    at.pollLast();
                    continue;
                }
                default -> at.addLast(name);
            }
            if (mounts.contains(below(Path.of("/"), at))) {
                return true;
            }
            Path here = below(rootfs, at);
            if (Files.isSymbolicLink(here)) {
                links++;
                if (links > MOST_LINKS) {
                    return false;
                }
                follow(here, at, rest);
            } else if (!Files.exists(here, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return true;
    }

    private static void follow(Path link, Deque<Path> at, Deque<Path> rest) {
        Path target;
        try {
            target = Files.readSymbolicLink(link);
        } catch (IOException removedMeanwhile) {
            return;
        }
        if (target.isAbsolute()) {
            at.clear();
        } else {
            at.pollLast();
        }
        List<Path> names = new ArrayList<>();
        target.forEach(names::add);
        names.reversed().forEach(rest::addFirst);
    }

    private static Path below(Path root, Deque<Path> names) {
        Path path = root;
        for (Path name : names) {
            path = path.resolve(name);
        }
        return path;
    }
}

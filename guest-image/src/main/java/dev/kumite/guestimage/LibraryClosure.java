package dev.kumite.guestimage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the shared libraries that programs need, in the packages that theirs depend upon, and puts
 * them into a tree. Nothing is run for it: the sonames are read from the files. Confined to one
 * thread.
 *
 * <p>Debian Policy (section 8.6) demands that a package depends upon those that hold the libraries
 * it is linked with, so only direct dependencies are searched.
 */
final class LibraryClosure {

    /** Longest chain of symbolic links that is followed. Source: Linux, MAXSYMLINKS. */
    private static final int MAX_LINKS = 40;

    private record Pending(Path file, DebianPackage from) {}

    private final PackageSource packages;
    private final FileTree tree;
    private final Map<String, DebianPackage> used = new TreeMap<>();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();

    LibraryClosure(PackageSource packages, FileTree tree) {
        this.packages = packages;
        this.tree = tree;
    }

    /** {@return the packages that something was taken from, by name} */
    Map<String, DebianPackage> used() {
        return used;
    }

    /** Puts a file of a package into the tree, with all libraries that it needs. */
    void addProgram(DebianPackage from, String path) {
        addFile(from, path);
        drain();
    }

    /**
     * Puts the libraries that a file outside the packages needs into the tree; the file itself is
     * left to the caller.
     *
     * @param own names of libraries that the caller brings along
     */
    void addLibrariesFor(Path file, DebianPackage from, java.util.Set<String> own) {
        ElfFile.read(file).ifPresent(elf -> addNeeds(elf, file, from, own));
        drain();
    }

    private void drain() {
        for (Pending next = pending.poll(); next != null; next = pending.poll()) {
            Pending program = next;
            ElfFile.read(program.file)
                    .ifPresent(
                            elf -> addNeeds(elf, program.file, program.from, java.util.Set.of()));
        }
    }

    private void addNeeds(ElfFile elf, Path file, DebianPackage from, java.util.Set<String> own) {
        elf.interpreter().ifPresent(path -> addNeed(path.substring(1), file, from));
        for (String soname : elf.needed()) {
            if (!own.contains(soname)) {
                addNeed(soname, file, from);
            }
        }
    }

    private void addNeed(String soname, Path file, DebianPackage from) {
        List<DebianPackage> searched = new ArrayList<>();
        if (addIfIn(from, soname)) {
            return;
        }
        for (String dependency : from.depends().split(",", -1)) {
            Optional<DebianPackage> candidate = firstAvailable(dependency);
            if (candidate.isPresent()) {
                searched.add(candidate.get());
                if (addIfIn(candidate.get(), soname)) {
                    return;
                }
            }
        }
        throw GuestImageException.content(
                file
                        + " needs "
                        + soname
                        + ", which is neither in its package "
                        + from.name()
                        + " nor in those that it depends upon: "
                        + searched.stream().map(DebianPackage::name).toList());
    }

    /** Of {@code a (>= 1) | b}, the first that exists. Source: Debian Policy, section 7.1. */
    private Optional<DebianPackage> firstAvailable(String dependency) {
        for (String alternative : dependency.split("\\|", -1)) {
            String name = alternative.strip().split("[ (:]", 2)[0];
            if (!name.isEmpty()) {
                Optional<DebianPackage> found = packages.find(name);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private boolean addIfIn(DebianPackage candidate, String soname) {
        for (String directory : searchPath(candidate.architecture())) {
            // An interpreter comes with its whole path, which may be one through a merged
            // directory.
            String path = soname.contains("/") ? soname : directory + "/" + soname;
            if (Files.exists(
                    candidate.content().resolve(path), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                addFile(candidate, path);
                return true;
            }
        }
        return false;
    }

    /** The directories that Debian's dynamic loader searches without being told. */
    private static List<String> searchPath(String architecture) {
        String triplet =
                switch (architecture) {
                    case "amd64" -> "x86_64-linux-gnu";
                    case "arm64" -> "aarch64-linux-gnu";
                    default ->
                            throw GuestImageException.content(
                                    "no guest can be built for the architecture " + architecture);
                };
        return List.of(
                "lib/" + triplet, "usr/lib/" + triplet, "lib", "usr/lib", "lib64", "usr/lib64");
    }

    private void addFile(DebianPackage from, String path) {
        String at = path;
        for (int links = 0; links < MAX_LINKS; links++) {
            String inGuest = merged(at);
            if (tree.contains(inGuest)) {
                return;
            }
            used.put(from.name(), from);
            Path file = from.content().resolve(at);
            try {
                if (!Files.isSymbolicLink(file)) {
                    tree.program(inGuest, Files.isExecutable(file) ? 0755 : 0644, file);
                    pending.add(new Pending(file, from));
                    return;
                }
                Path target = Files.readSymbolicLink(file);
                tree.symlink(inGuest, target.toString());
                Path next =
                        target.isAbsolute()
                                ? Path.of("/").relativize(target)
                                : Path.of(at).resolveSibling(target);
                at = next.normalize().toString();
            } catch (IOException e) {
                throw GuestImageException.io("cannot read " + file, e);
            }
        }
        throw GuestImageException.content(path + " of " + from.name() + " is a loop of links");
    }

    /** In the guest {@code /lib}, {@code /bin} and {@code /sbin} lead into {@code /usr}. */
    static String merged(String path) {
        String first = path.substring(0, Math.max(0, path.indexOf('/')));
        return switch (first) {
            case "lib", "lib64", "bin", "sbin" -> "usr/" + path;
            default -> path;
        };
    }
}

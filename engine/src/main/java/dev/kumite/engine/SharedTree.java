package dev.kumite.engine;

import dev.kumite.linux.Errno;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.MountTable;
import dev.kumite.linux.Mounts;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The directory of the host that the guest sees. Confined to one thread.
 *
 * <p>Three places: {@code tree} holds the mount points; {@code shared} is the same directory, bound
 * read-only, with the volumes mounted in it: that is exported, so that a guest can fill its volumes
 * but not the host's {@code /run}. {@code staging} is where a volume gets its flags before it
 * appears in {@code shared}: virtiofsd has a mount namespace of its own, which new mounts reach but
 * later changes of their flags do not.
 *
 * <p>Source: mount_namespaces(7); Kata Containers, Go runtime, {@code kataAgent.setupSharedPath}.
 */
final class SharedTree {

    static final String TREE = "tree";
    static final String SHARED = "shared";
    static final String STAGING = "staging";

    /** Levels of directories that this class makes below {@code tree}. */
    private static final int DEPTH = 3;

    private final Path directory;
    private final Path tree;
    private final Path shared;
    private final Path staging;

    SharedTree(Path directory) {
        this.directory = directory;
        this.tree = directory.resolve(TREE);
        this.shared = directory.resolve(SHARED);
        this.staging = directory.resolve(STAGING);
    }

    /** Makes the three places. */
    void make() throws IOException {
        Files.createDirectory(tree);
        Files.createDirectory(shared);
        Files.createDirectory(staging);
        Mounts.bind(tree, shared);
        // First alone, then a new group of peers: what is mounted here reaches virtiofsd, which
        // receives from this group, and no other namespace of the host.
        Mounts.propagate(shared, Mounts.Propagation.PRIVATE);
        Mounts.propagate(shared, Mounts.Propagation.SHARED);
        Mounts.remountBind(shared, Mounts.READ_ONLY | Mounts.NO_SUID | Mounts.NO_DEV);
        Mounts.bind(staging, staging);
        Mounts.propagate(staging, Mounts.Propagation.PRIVATE);
    }

    /** Shows a file or directory in the share. */
    void add(VolumePlan.Shared volume) throws IOException {
        Path point = tree.resolve(volume.name());
        makeMountPoint(point, volume.directory());
        Path staged = staging.resolve("next");
        makeMountPoint(staged, volume.directory());
        try {
            stage(volume, staged);
            try {
                Path target = shared.resolve(volume.name());
                if (volume.recursive()) {
                    Mounts.bindRecursively(staged, target);
                } else {
                    Mounts.bind(staged, target);
                }
            } finally {
                Mounts.detach(staged);
            }
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    /** Makes a place for something that the guest mounts. */
    void addPlace(String name) throws IOException {
        Files.createDirectory(tree.resolve(name));
    }

    private static void stage(VolumePlan.Shared volume, Path staged) {
        if (volume.recursive()) {
            Mounts.bindRecursively(volume.source(), staged);
        } else {
            Mounts.bind(volume.source(), staged);
        }
        // What the host mounts below the source later may be seen; nothing goes the other way.
        Mounts.propagateRecursively(staged, Mounts.Propagation.SLAVE);
        switch (volume.access()) {
            case READ_WRITE -> {}
            case READ_ONLY -> Mounts.remountBind(staged, flags(staged) | Mounts.READ_ONLY);
            case READ_ONLY_RECURSIVELY ->
                    Mounts.setAttributesRecursively(staged, ATTRIBUTE_READ_ONLY, 0);
        }
    }

    /** Source: Linux include/uapi/linux/mount.h, {@code MOUNT_ATTR_RDONLY}. */
    private static final long ATTRIBUTE_READ_ONLY = 1;

    /**
     * Flags of a mount that is bound again must be said again, or the kernel refuses to drop them.
     */
    private static long flags(Path place) {
        List<String> options =
                MountTable.read().at(place).map(MountTable.Entry::options).orElse(List.of());
        return dev.kumite.linux.MountOptions.parse(options).set();
    }

    /** Takes what belongs to a container out of the share. */
    void remove(String containerId, Set<String> otherContainers) throws IOException {
        List<Path> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(tree)) {
            for (Path entry : entries) {
                if (belongsTo(containerId, entry.getFileName().toString(), otherContainers)) {
                    names.add(entry);
                }
            }
        }
        MountTable table = MountTable.read();
        for (Path name : names) {
            for (MountTable.Entry mount : table.below(shared.resolve(name.getFileName()))) {
                unmount(mount.mountPoint());
            }
            deleteTree(name, DEPTH);
        }
    }

    private static boolean belongsTo(String id, String name, Set<String> otherContainers) {
        if (name.equals(id)) {
            return true;
        }
        return name.startsWith(id + "-") && !otherContainers.contains(name);
    }

    /** Unmounts and removes all, whoever made it. Does nothing if there is nothing. */
    void removeAll() throws IOException {
        for (MountTable.Entry mount : MountTable.read().below(directory)) {
            unmount(mount.mountPoint());
        }
        List<MountTable.Entry> left = MountTable.read().below(directory);
        if (!left.isEmpty()) {
            throw new IOException(
                    "\""
                            + left.getFirst().mountPoint()
                            + "\" is still mounted, so nothing is deleted");
        }
        deleteTree(tree, DEPTH);
        deleteTree(shared, 1);
        deleteTree(staging, 2);
    }

    private static void unmount(Path place) {
        try {
            Mounts.unmount(place);
        } catch (LinuxException e) {
            switch (e.errno()) {
                case EBUSY -> Mounts.detach(place);
                // Another process was faster, or it went with a mount that it was on.
                case EINVAL, ENOENT -> {}
                default -> throw e;
            }
        }
    }

    private static void makeMountPoint(Path point, boolean isDirectory) throws IOException {
        Path parent = point.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (isDirectory) {
            Files.createDirectory(point);
        } else {
            Files.createFile(point);
        }
    }

    /**
     * Deletes empty files and directories that mounts were on. Never a file that holds something:
     * that is somebody's, and its presence a mistake.
     */
    private static void deleteTree(Path path, int depth) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            if (depth > 0) {
                List<Path> children = new ArrayList<>();
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                    entries.forEach(children::add);
                }
                for (Path child : children) {
                    deleteTree(child, depth - 1);
                }
            }
            Files.deleteIfExists(path);
            return;
        }
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == 0) {
            Files.deleteIfExists(path);
        } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("\"" + path + "\" is not empty, so it is not deleted");
        }
    }

    /** {@return whether the failure says that the caller lacks the right to mount} */
    static boolean isMissingRight(LinuxException e) {
        return e.errno() == Errno.EPERM;
    }
}

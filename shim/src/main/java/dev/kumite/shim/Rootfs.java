package dev.kumite.shim;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.MountOptions;
import dev.kumite.linux.MountTable;
import dev.kumite.linux.Mounts;
import dev.kumite.shim.messages.Mount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The root file system of a task, mounted in its bundle as containerd's snapshotter says. */
final class Rootfs {

    /** Most that the kernel takes as a file system's options. Source: mount(2), a page. */
    private static final int MOST_DATA_BYTES = 4095;

    private static final String NAME = "rootfs";

    private Rootfs() {}

    /**
     * Mounts it; all or nothing.
     *
     * @throws ShimException MACHINE
     */
    static void mount(Path bundle, List<Mount> mounts) {
        Path root = bundle.resolve(NAME);
        try {
            if (!mounts.isEmpty()) {
                Files.createDirectories(root);
            }
            for (Mount mount : mounts) {
                mount(mount, root);
            }
        } catch (IOException | LinuxException failure) {
            unmount(bundle);
            throw ShimException.of(
                    ShimException.Category.MACHINE,
                    "cannot mount the root file system at " + root + ": " + failure.getMessage(),
                    failure);
        }
    }

    private static void mount(Mount mount, Path root) {
        MountOptions options = MountOptions.parse(mount.getOptionsList());
        int length = options.data().getBytes(StandardCharsets.UTF_8).length;
        if (length > MOST_DATA_BYTES) {
            throw ShimException.of(
                    ShimException.Category.MACHINE,
                    "the image has more layers than one mount takes: its options have "
                            + length
                            + " bytes, and the kernel takes "
                            + MOST_DATA_BYTES
                            + "; use fewer layers, or another snapshotter");
        }
        Mounts.mount(mount.getSource(), root, mount.getType(), options);
    }

    /** Unmounts whatever is mounted there, once or several times. Never fails. */
    static void unmount(Path bundle) {
        Path root = bundle.resolve(NAME);
        try {
            while (MountTable.read().at(root).isPresent()) {
                // A guest that hangs may still hold it; it is gone for all others.
                Mounts.detach(root);
            }
        } catch (LinuxException | UncheckedIOException failure) {
            System.err.println("cannot unmount " + root + ": " + failure.getMessage());
        }
    }
}

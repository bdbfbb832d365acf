package dev.kumite.shim;

import dev.kumite.engine.RootDevice;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.LoopDevice;
import dev.kumite.linux.MountOptions;
import dev.kumite.linux.MountTable;
import dev.kumite.linux.Mounts;
import dev.kumite.shim.messages.Mount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * The root file system of a task, as containerd's snapshotter gives it: mounted in its bundle, or a
 * device that its machine gets as a disk.
 */
final class Rootfs {

    /** Most that the kernel takes as a file system's options. Source: mount(2), a page. */
    private static final int MOST_DATA_BYTES = 4095;

    private static final String NAME = "rootfs";

    /** Option of mount(8), by which the source is an image in a file. */
    private static final String LOOP = "loop";

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
        MountOptions options =
                MountOptions.parse(
                        mount.getOptionsList().stream()
                                .filter(option -> !option.equals(LOOP))
                                .toList());
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
        if (!mount.getOptionsList().contains(LOOP)) {
            Mounts.mount(mount.getSource(), root, mount.getType(), options);
            return;
        }
        boolean readOnly = (options.set() & Mounts.READ_ONLY) != 0;
        try (LoopDevice device = LoopDevice.attach(Path.of(mount.getSource()), readOnly)) {
            Mounts.mount(device.path().toString(), root, mount.getType(), options);
        }
    }

    /**
     * {@return the device that a machine may get instead of what is mounted; empty if there is no
     * single one with a file system that guests know}
     *
     * <p>Source: containerd, the mounts of the snapshotters devmapper and blockfile.
     */
    static Optional<RootDevice> device(List<Mount> mounts) {
        if (mounts.size() != 1) {
            return Optional.empty();
        }
        Mount mount = mounts.getFirst();
        List<String> options = List.copyOf(mount.getOptionsList());
        Path source = Path.of(mount.getSource());
        boolean image = options.contains(LOOP) && Files.isRegularFile(source);
        return source.isAbsolute()
                        && RootDevice.FILE_SYSTEMS.contains(mount.getType())
                        && (image || isOther(source))
                ? Optional.of(new RootDevice(source, mount.getType(), options))
                : Optional.empty();
    }

    /** {@return whether it is a device, or a pipe or socket, which nobody takes for one} */
    private static boolean isOther(Path source) {
        try {
            return Files.readAttributes(source, BasicFileAttributes.class).isOther();
        } catch (IOException notThere) {
            return false;
        }
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

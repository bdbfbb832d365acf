package dev.kumite.engine;

import dev.kumite.config.ContainerConfig;
import dev.kumite.config.MountRoute;
import dev.kumite.linux.MountTable;
import dev.kumite.oci.Location;
import dev.kumite.oci.Mount;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Decides how each mount of a container reaches the guest, and changes nothing. Confined to one
 * thread.
 *
 * <p>Source: Kata Containers, Go runtime, {@code Container.mountSharedDirMounts}, {@code
 * kataAgent.handleShm}, {@code handleEphemeralStorage}, {@code handleLocalStorage}.
 */
final class VolumePlanner {

    /** Most characters of a file's name that are kept for its name in the share. */
    private static final int MAX_NAME = 64;

    /**
     * Character devices that every guest has. Source: runtime-spec config-linux.md, Default
     * Devices.
     */
    private static final Set<String> GUEST_DEVICES =
            Set.of(
                    "/dev/null",
                    "/dev/zero",
                    "/dev/full",
                    "/dev/random",
                    "/dev/urandom",
                    "/dev/tty");

    private static final Path SYS_DEV_BLOCK = Path.of("/sys/dev/block");

    private final ContainerConfig container;
    private final ContainerRequest request;
    private final String sandboxId;
    private final Supplier<String> suffixes;
    private final boolean sharesFiles;

    private final List<VolumePlan.Shared> shared = new ArrayList<>();
    private final List<CopiedFile> copied = new ArrayList<>();
    private Optional<RootDisk> rootDisk = Optional.empty();
    private final List<Mount> mounts = new ArrayList<>();
    private final List<GuestStorage> storages = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private VolumePlanner(
            ContainerConfig container,
            ContainerRequest request,
            String sandboxId,
            boolean sharesFiles,
            Supplier<String> suffixes) {
        this.container = container;
        this.request = request;
        this.sandboxId = sandboxId;
        this.sharesFiles = sharesFiles;
        this.suffixes = suffixes;
    }

    /**
     * {@return the plan, or all that cannot reach the guest}
     *
     * @param sharesFiles whether the machine shares a file system with the host
     * @param suffixes gives texts of 8 hexadecimal digits, all different, for names in the share
     */
    static Outcome<VolumePlan> plan(
            ContainerConfig container,
            ContainerRequest request,
            String sandboxId,
            boolean sharesFiles,
            Supplier<String> suffixes) {
        return new VolumePlanner(container, request, sandboxId, sharesFiles, suffixes).plan();
    }

    private Outcome<VolumePlan> plan() {
        root();
        for (int i = 0; i < container.mounts().size(); i++) {
            mount(i, container.mounts().get(i));
        }
        return Outcome.of(new VolumePlan(shared, copied, rootDisk, mounts, storages), problems);
    }

    private void root() {
        if (request.rootDevice().isPresent()) {
            device(request.rootDevice().get());
            return;
        }
        Path source;
        try {
            source = Path.of(container.rootFs().target());
        } catch (InvalidPathException e) {
            problems.add(noPath("/root/path", container.rootFs().target()));
            return;
        }
        if (!Files.isDirectory(source)) {
            problems.add(
                    Problem.error(
                            at("/root/path"),
                            "the root file system \""
                                    + source
                                    + (Files.exists(source)
                                            ? "\" is not a directory"
                                            : "\" does not exist"),
                            "it is shared with the machine as a directory",
                            "create it, or correct root.path"));
            return;
        }
        if (!sharesFiles) {
            disk(source);
            return;
        }
        shared.add(
                new VolumePlan.Shared(
                        source,
                        container.id() + "/rootfs",
                        true,
                        true,
                        container.readonlyRootfs()
                                ? VolumePlan.Access.READ_ONLY
                                : VolumePlan.Access.READ_WRITE));
    }

    private void device(RootDevice device) {
        Optional<String> obstacle = device.obstacle();
        try {
            if (obstacle.isEmpty()) {
                rootDisk =
                        Optional.of(
                                RootDisk.of(
                                        device,
                                        container.id(),
                                        container.id() + "-" + suffixes.get() + "-root",
                                        container.readonlyRootfs()));
                return;
            }
        } catch (IOException e) {
            obstacle = Optional.of(reason(e));
        }
        problems.add(
                Problem.error(
                        new Location.Argument("rootfs"),
                        "\"" + device.source() + "\" cannot be a disk: " + obstacle.orElseThrow(),
                        "the root file system of container \"" + container.id() + "\" is on it",
                        "release it, or mount it and give the directory"));
    }

    private void disk(Path source) {
        try {
            rootDisk =
                    Optional.of(
                            RootDisk.of(source, container.id(), MountTable.read(), SYS_DEV_BLOCK));
        } catch (IOException e) {
            problems.add(
                    Problem.error(
                            at("/root/path"),
                            "the root file system \"" + source + "\" is no disk: " + reason(e),
                            "shared_fs is \"none\", so it can reach the machine as a block device only",
                            "mount a block device or an image there, read-only, or set shared_fs = \"virtio-fs\""));
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException
                ? Failures.reason(e)
                : String.valueOf(e.getMessage());
    }

    private void mount(int index, ContainerConfig.Mount mount) {
        switch (MountRoute.of(mount)) {
            case GUEST -> guest(index, mount);
            case GUEST_SYSTEM -> mounts.add(unchanged(index, mount));
            case GUEST_SHM -> mounts.add(shm(mount));
            case EPHEMERAL -> {
                GuestStorage storage = GuestStorage.ephemeral(baseName(mount.source()));
                storages.add(storage);
                mounts.add(bind(index, mount, storage.mountPoint()));
            }
            case LOCAL -> {
                String place = GuestPaths.local(sandboxId, baseName(mount.source()));
                storages.add(GuestStorage.local(place));
                mounts.add(bind(index, mount, place));
            }
            case BLOCK -> device(index, mount);
            case SHARED -> share(index, mount);
        }
    }

    private void guest(int index, ContainerConfig.Mount mount) {
        mounts.add(mount.destination().equals("/dev/shm") ? shm(mount) : unchanged(index, mount));
    }

    private static Mount shm(ContainerConfig.Mount mount) {
        return Mount.of(mount.destination(), "bind", GuestPaths.SHM, List.of("rbind"));
    }

    private void device(int index, ContainerConfig.Mount mount) {
        if (GUEST_DEVICES.contains(mount.source())) {
            mounts.add(unchanged(index, mount));
            return;
        }
        problems.add(
                Problem.error(
                        at("/mounts/" + index),
                        "\"" + mount.source() + "\" is a device of the host",
                        "the container is in a machine of its own, which has other devices",
                        "remove the mount"));
    }

    private void share(int index, ContainerConfig.Mount mount) {
        Path source;
        try {
            source = request.bundle().resolve(mount.source());
        } catch (InvalidPathException e) {
            problems.add(noPath("/mounts/" + index + "/source", mount.source()));
            return;
        }
        if (!Files.exists(source)) {
            problems.add(
                    Problem.error(
                            at("/mounts/" + index + "/source"),
                            "\"" + source + "\" does not exist",
                            "it is to be bound to \"" + mount.destination() + "\"",
                            "create it, or remove the mount"));
            return;
        }
        boolean directory = Files.isDirectory(source);
        if (!directory && !Files.isRegularFile(source)) {
            problems.add(
                    Problem.error(
                            at("/mounts/" + index + "/source"),
                            "\"" + source + "\" is neither a file nor a directory",
                            "a socket, FIFO or device of the host does not work from within a machine",
                            "remove the mount, or share the directory and connect over the network"));
            return;
        }
        String name = container.id() + "-" + suffixes.get() + "-" + baseName(mount.source());
        if (!sharesFiles) {
            copy(index, mount, new CopiedFile(source, name));
            return;
        }
        shared.add(
                new VolumePlan.Shared(
                        source, name, directory, mount.options().contains("rbind"), access(mount)));
        mounts.add(bind(index, mount, GuestPaths.shared(name)));
    }

    private void copy(int index, ContainerConfig.Mount mount, CopiedFile file) {
        try {
            file.check();
        } catch (IOException e) {
            problems.add(
                    Problem.error(
                            at("/mounts/" + index + "/source"),
                            "\"" + file.source() + "\" cannot be copied: " + reason(e),
                            "shared_fs is \"none\", so files are copied into the machine's memory",
                            "mount less, or set shared_fs = \"virtio-fs\""));
            return;
        }
        if (!mount.readOnly()) {
            problems.add(
                    Problem.warning(
                            at("/mounts/" + index),
                            "\""
                                    + mount.destination()
                                    + "\" is a copy of \""
                                    + file.source()
                                    + "\"",
                            "shared_fs is \"none\": what the container writes there ends with it",
                            "mount it read-only, or set shared_fs = \"virtio-fs\""));
        }
        copied.add(file);
        mounts.add(bind(index, mount, GuestPaths.shared(file.name())));
    }

    private static VolumePlan.Access access(ContainerConfig.Mount mount) {
        if (mount.options().contains("rro")) {
            return VolumePlan.Access.READ_ONLY_RECURSIVELY;
        }
        return mount.readOnly() ? VolumePlan.Access.READ_ONLY : VolumePlan.Access.READ_WRITE;
    }

    private Mount bind(int index, ContainerConfig.Mount mount, String source) {
        List<String> options = new ArrayList<>(mount.options());
        if (!options.contains("bind") && !options.contains("rbind")) {
            options.addFirst("rbind");
        }
        Mount given = request.spec().mounts().get(index);
        return new Mount(
                mount.destination(),
                "bind",
                source,
                options,
                given.uidMappings(),
                given.gidMappings());
    }

    private Mount unchanged(int index, ContainerConfig.Mount mount) {
        Mount given = request.spec().mounts().get(index);
        return new Mount(
                mount.destination(),
                mount.type(),
                mount.source(),
                mount.options(),
                given.uidMappings(),
                given.gidMappings());
    }

    private static String baseName(String source) {
        String path = source;
        while (path.length() > 1 && path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return "root";
        }
        return name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
    }

    private static Problem noPath(String pointer, String text) {
        return Problem.error(
                at(pointer),
                "\"" + text + "\" is no path",
                "it holds characters that no path can have",
                "correct it");
    }

    private static Location at(String pointer) {
        return new Location.Text("config.json", 0, 0, pointer);
    }
}

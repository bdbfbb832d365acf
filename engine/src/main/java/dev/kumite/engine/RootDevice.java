package dev.kumite.engine;

import static java.util.Objects.requireNonNull;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Settings;
import dev.kumite.linux.Errno;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A root file system on a block device, or in an image file, that nobody has mounted. The machine
 * gets it as a disk, and its guest mounts it; the host never does, so that a file system is in the
 * hands of one kernel at a time.
 *
 * <p>It is for the caller to leave it alone until the container is closed.
 *
 * <p>Source: containerd, snapshotters devmapper and blockfile; Kata Containers, Go runtime, {@code
 * checkAndMount} and {@code Container.hotplugDrive}.
 *
 * @param source the device or file, absolute
 * @param fstype the file system's type, one of {@link #FILE_SYSTEMS}
 * @param options as mount(8) has them; {@code ro} holds, whatever the specification says, and
 *     {@code loop} means nothing
 */
public record RootDevice(Path source, String fstype, List<String> options) {

    /** Types that guests know. Source: the kernels of Kata Containers; Kumite's guest. */
    public static final Set<String> FILE_SYSTEMS = Set.of("ext4", "xfs");

    private static final Path SYS_BLOCK = Path.of("/sys/block");

    // Source: stat(2), S_IFMT and S_IFBLK.
    private static final int TYPE = 0xF000;
    private static final int BLOCK_DEVICE = 0x6000;

    public RootDevice {
        if (!source.isAbsolute()) {
            throw new IllegalArgumentException("the device's path \"" + source + "\" is relative");
        }
        requireNonNull(fstype, "fstype is null");
        options = List.copyOf(options);
    }

    /**
     * {@return whether its options forbid to write; of {@code ro} and {@code rw} the last counts}
     */
    public boolean readOnly() {
        return options.lastIndexOf("ro") > options.lastIndexOf("rw");
    }

    /** {@return why a machine with these settings gets no disk for a root; empty if it does} */
    static Optional<String> obstacle(Settings<HypervisorConfig> hypervisor) {
        if (hypervisor.get(HypervisorConfig.DISABLE_BLOCK_DEVICE_USE)) {
            return Optional.of("disable_block_device_use is true");
        }
        if (hypervisor.get(HypervisorConfig.HYPERVISOR_MACHINE_TYPE).equals("microvm")) {
            return Optional.of("nothing can be plugged into a microvm while it runs");
        }
        if (hypervisor.get(HypervisorConfig.BLOCK_DEVICE_DRIVER).equals("nvdimm")) {
            return Optional.of("block_device_driver is \"nvdimm\", and a device is no memory");
        }
        return Optional.empty();
    }

    /** {@return what is wrong about a request for a root on a device, with these settings} */
    static Optional<Problem> problem(
            ContainerRequest request, Settings<HypervisorConfig> hypervisor) {
        return request.rootDevice()
                .flatMap(device -> obstacle(hypervisor))
                .map(why ->
                        Problem.error(
                                new Location.Argument("rootfs"),
                                "the root file system cannot be a disk of the machine: " + why,
                                "it is asked for as a block device",
                                "change the configuration, or mount it and give the directory"));
    }

    /** {@return why it can be nobody's disk now; empty if it can} */
    Optional<String> obstacle() {
        return obstacle(SYS_BLOCK);
    }

    Optional<String> obstacle(Path sysBlock) {
        if (!FILE_SYSTEMS.contains(fstype)) {
            return Optional.of("guests do not know file systems of type \"" + fstype + "\"");
        }
        if (options.contains("bind") || options.contains("rbind")) {
            return Optional.of("it is to be bound, not mounted");
        }
        try {
            Path file = source.toRealPath();
            if (Files.isRegularFile(file)) {
                return loop(file, sysBlock);
            }
            return isBlockDevice(file) ? use(file) : Optional.of("it is no block device");
        } catch (IOException e) {
            return Optional.of(Failures.reason(e));
        }
    }

    /** Only who opens it for itself alone is refused what any mount namespace has mounted. */
    private static Optional<String> use(Path device) {
        try (Fd _ = Fd.open(device, Fd.O_RDONLY | Fd.O_EXCL | Fd.O_NONBLOCK)) {
            return Optional.empty();
        } catch (LinuxException e) {
            return Optional.of(
                    e.errno() == Errno.EBUSY
                            ? "the host has it in use: it is mounted, or part of another device"
                            : String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> loop(Path file, Path sysBlock) throws IOException {
        try (DirectoryStream<Path> loops = Files.newDirectoryStream(sysBlock, "loop*")) {
            for (Path loop : loops) {
                Path backing = loop.resolve("loop/backing_file");
                if (Files.exists(backing)
                        && Files.readString(backing).strip().equals(file.toString())) {
                    return Optional.of("the host has it in use as " + loop.getFileName());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isBlockDevice(Path file) throws IOException {
        int mode = (Integer) Files.getAttribute(file, "unix:mode");
        return (mode & TYPE) == BLOCK_DEVICE;
    }
}

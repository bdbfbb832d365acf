package dev.kumite.engine;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.ConfigurationFiles;
import dev.kumite.config.ConfigurationLoader;
import dev.kumite.config.Host;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.LoadOptions;
import dev.kumite.config.Origin;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.Settings;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import dev.kumite.vmm.Disk;
import dev.kumite.vmm.GuestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a machine boots from.
 *
 * @param kind whose guest it is
 * @param disks disks that belong to the guest
 * @param imageSizeBytes size of the image; 0 without one
 */
record BootFiles(GuestKind kind, List<Disk> disks, long imageSizeBytes) {

    /** Files of a guest that Kumite built. Source: guest-image, {@code GuestDirectory}. */
    private static final String KERNEL = "vmlinuz";

    private static final String PLAIN_KERNEL = "vmlinux";
    private static final String INITRD = "initrd.img";
    private static final String ROOT = "root.img";
    private static final String MANIFEST = "manifest.json";

    /** A hundred times what one has. */
    private static final long MOST_MANIFEST_BYTES = 4 << 20;

    /** Serial number by which the initrd finds the root disk. */
    private static final String ROOT_SERIAL = "kumite-root";

    BootFiles {
        disks = List.copyOf(disks);
    }

    /** {@return the built-in configuration} */
    static RuntimeConfig builtIn(Host host) {
        // Its files belong to the guest and to QEMU; that they are missing is said when they are
        // needed.
        return ConfigurationLoader.load(
                        List.of(ConfigurationFiles.builtIn()),
                        host,
                        BuildConstants.PACKAGED,
                        new LoadOptions(false, true))
                .orElseThrow(problems ->
                        EngineException.refused("the built-in configuration is refused", problems));
    }

    /** {@return the configuration with the guest in the directory in place of its own} */
    static Settings<HypervisorConfig> with(Settings<HypervisorConfig> configured, Path directory) {
        Origin origin = new Origin.Argument("guest directory");
        return configured.toBuilder()
                .set(HypervisorConfig.KERNEL_PATH, directory.resolve(KERNEL).toString(), origin)
                .set(HypervisorConfig.INITRD_PATH, directory.resolve(INITRD).toString(), origin)
                .set(HypervisorConfig.IMAGE_PATH, "", origin)
                .build();
    }

    /**
     * {@return the settings with the faster form of the same kernel, if the guest is Kumite's and
     * has it}
     *
     * <p>QEMU enters an uncompressed kernel directly (PVH), which saves it unpacking itself.
     */
    static Settings<HypervisorConfig> withPlainKernel(Settings<HypervisorConfig> settings) {
        Path kernel = Path.of(settings.get(HypervisorConfig.KERNEL_PATH));
        Path plain = kernel.resolveSibling(PLAIN_KERNEL);
        boolean own = isOwnGuest(settings) && KERNEL.equals(String.valueOf(kernel.getFileName()));
        return own && Files.isRegularFile(plain)
                ? settings.toBuilder()
                        .set(
                                HypervisorConfig.KERNEL_PATH,
                                plain.toString(),
                                new Origin.Rule(
                                        "the same kernel, uncompressed",
                                        List.of(settings.origin(HypervisorConfig.KERNEL_PATH))))
                        .build()
                : settings;
    }

    private static boolean isOwnGuest(Settings<HypervisorConfig> settings) {
        Path kernel = Path.of(settings.get(HypervisorConfig.KERNEL_PATH));
        String initrd = settings.get(HypervisorConfig.INITRD_PATH);
        return !initrd.isEmpty()
                && Path.of(initrd).equals(kernel.resolveSibling(INITRD))
                && Files.isRegularFile(kernel.resolveSibling(MANIFEST));
    }

    /**
     * {@return what the settings name}
     *
     * @param problems gets an error for each file that is missing
     */
    static BootFiles of(Settings<HypervisorConfig> settings, List<Problem> problems) {
        List<Disk> disks = new ArrayList<>();
        long imageBytes = 0;
        check(settings.get(HypervisorConfig.KERNEL_PATH), "kernel", problems);
        String initrd = settings.get(HypervisorConfig.INITRD_PATH);
        if (!initrd.isEmpty()) {
            check(initrd, "initrd", problems);
        }
        String image = settings.get(HypervisorConfig.IMAGE_PATH);
        if (!image.isEmpty()) {
            imageBytes = check(image, "image", problems).orElse(0L);
        }
        boolean own = isOwnGuest(settings);
        Path root = Path.of(settings.get(HypervisorConfig.KERNEL_PATH)).resolveSibling(ROOT);
        if (own && Files.isRegularFile(root)) {
            disks.add(new Disk(ROOT_SERIAL, root, false, true, Disk.Driver.VIRTIO_BLK, size(root)));
        }
        if (own && settings.get(HypervisorConfig.SHARED_FS).equals("virtio-9p")) {
            checkNinep(root.resolveSibling(MANIFEST), problems);
        }
        return new BootFiles(own ? GuestKind.KUMITE : GuestKind.KATA, disks, imageBytes);
    }

    /** Without it, the machine would boot, and only the first mount would fail. */
    private static void checkNinep(Path manifest, List<Problem> problems) {
        try {
            if (Files.size(manifest) > MOST_MANIFEST_BYTES
                    || Files.readString(manifest).contains("/9p.ko")) {
                return;
            }
        } catch (IOException _) {
            // Unreadable: then it is not known what it has.
            return;
        }
        problems.add(
                Problem.error(
                        new Location.Argument("shared_fs"),
                        "the guest's kernel has no 9p",
                        "shared_fs is \"virtio-9p\", and the guest in \""
                                + manifest.getParent()
                                + "\" was built without it",
                        "set shared_fs = \"virtio-fs\", or build the guest with another kernel: kumite guest build"
                                + " --kernel linux-image-amd64"));
    }

    private static Optional<Long> check(String path, String what, List<Problem> problems) {
        Path file = Path.of(path);
        if (Files.isReadable(file) && Files.isRegularFile(file)) {
            return Optional.of(size(file));
        }
        problems.add(
                Problem.error(
                        new Location.Argument("guest"),
                        "the guest's "
                                + what
                                + " \""
                                + path
                                + "\" "
                                + (Files.exists(file) ? "cannot be read" : "does not exist"),
                        "the machine boots from it",
                        "build a guest with \"kumite guest build\", or name another one in configuration.toml"));
        return Optional.empty();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return 0;
        }
    }
}

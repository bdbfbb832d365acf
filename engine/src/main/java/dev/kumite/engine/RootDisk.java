package dev.kumite.engine;

import dev.kumite.linux.MountTable;
import dev.kumite.vmm.GuestAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The root file system of a container as a disk of the machine, for machines that share no files.
 * The guest mounts it read-only and puts a layer of its own memory above it, so neither the disk
 * nor what the host has mounted is changed.
 *
 * <p>The host must have it mounted read-only: a file system that two kernels have mounted is only
 * whole if neither writes.
 *
 * <p>Source: Kata Containers, Go runtime, {@code Container.hotplugDrive}.
 *
 * @param disk what is plugged in
 * @param fstype type of its file system
 */
record RootDisk(HostDisk disk, String fstype) {

    /** Beside the place of the root file system in the guest. */
    private static final String LOWER = "/disk";

    private static final String LAYER = "/layer";

    /**
     * {@return the disk that is mounted there}
     *
     * @throws IOException says why it is none
     */
    static RootDisk of(Path rootfs, String container, MountTable table, Path sysDevBlock)
            throws IOException {
        MountTable.Entry mount =
                table.at(rootfs.toRealPath())
                        .orElseThrow(() -> new IOException("it is a directory, not a disk"));
        Path device = sysDevBlock.resolve(mount.major() + ":" + mount.minor());
        if (!Files.exists(device) || !mount.root().equals("/")) {
            throw new IOException("it is " + mount.type() + ", which is not all of a block device");
        }
        if (!mount.superOptions().contains("ro")) {
            throw new IOException(
                    "the host has its block device mounted so that it can be written, which two kernels must not do");
        }
        return new RootDisk(
                new HostDisk(
                        id(container),
                        HostDisk.path(mount.major(), mount.minor(), sysDevBlock)
                                .orElseThrow(() ->
                                        new IOException("its block device has no name in /dev")),
                        "",
                        true),
                mount.type());
    }

    /** {@return what the disk of a container's root is called in the machine} */
    static String id(String container) {
        return HostDisk.id(container, "root");
    }

    /**
     * {@return what makes the root file system in the guest}
     *
     * @param address where the disk is plugged in
     */
    List<GuestStorage> storages(String container, GuestAddress address) {
        String base = GuestPaths.shared(container);
        String layer = base + LAYER;
        String driver =
                switch (address) {
                    case GuestAddress.Pci _ -> "blk";
                    case GuestAddress.Scsi _ -> "scsi";
                    case GuestAddress.Node _ -> "nvdimm";
                };
        return List.of(
                new GuestStorage(driver, address.text(), fstype, List.of("ro"), base + LOWER),
                new GuestStorage("ephemeral", "tmpfs", "tmpfs", List.of(), layer),
                GuestStorage.local(layer + "/upper", "0755"),
                GuestStorage.local(layer + "/work", "0755"),
                new GuestStorage(
                        "overlayfs",
                        "overlay",
                        "overlay",
                        List.of(
                                "lowerdir=" + base + LOWER,
                                "upperdir=" + layer + "/upper",
                                "workdir=" + layer + "/work"),
                        GuestPaths.rootfs(container)));
    }
}

package dev.kumite.engine;

import dev.kumite.linux.MountTable;
import dev.kumite.vmm.GuestAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The root file system of a container as a disk of the machine.
 *
 * <p>A {@link RootDevice} is the guest's alone, which mounts it at the container's root. One that
 * the host has mounted is for machines that share no files: the guest mounts it read-only and puts
 * a layer of its own memory above it, so neither the disk nor what the host has mounted is changed.
 * The host must have it mounted read-only then: a file system that two kernels have mounted is only
 * whole if neither writes.
 *
 * <p>Source: Kata Containers, Go runtime, {@code Container.hotplugDrive}.
 *
 * @param disk what is plugged in
 * @param fstype type of its file system
 * @param options that the guest mounts it with
 * @param name of the place where the guest mounts it, in the share
 * @param layered whether a layer of the guest's memory is put above it
 */
record RootDisk(HostDisk disk, String fstype, List<String> options, String name, boolean layered) {

    RootDisk {
        options = List.copyOf(options);
    }

    /** Options that say what the disk itself says, or how the host would mount it. */
    private static final Set<String> DROPPED = Set.of("ro", "rw", "loop");

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
                mount.type(),
                List.of("ro"),
                container + "/rootfs",
                true);
    }

    /**
     * {@return the disk that a device becomes}
     *
     * @param name of its place: a new one each time, as guests may remember a removed one
     * @param readOnly whether the specification forbids to write
     * @throws IOException if it is not there any more
     */
    static RootDisk of(RootDevice device, String container, String name, boolean readOnly)
            throws IOException {
        boolean neverWritten = readOnly || device.readOnly();
        List<String> options = new ArrayList<>();
        options.add(neverWritten ? "ro" : "rw");
        for (String option : device.options()) {
            if (!DROPPED.contains(option) && !option.isEmpty()) {
                options.add(option);
            }
        }
        // Snapshots of one file system share its identity, and a pod may have several.
        if (device.fstype().equals("xfs") && !options.contains("nouuid")) {
            options.add("nouuid");
        }
        return new RootDisk(
                new HostDisk(id(container), device.source().toRealPath(), "", neverWritten),
                device.fstype(),
                options,
                name,
                false);
    }

    /** {@return where the container's root file system is in the guest} */
    String place() {
        return GuestPaths.shared(name);
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
        String driver =
                switch (address) {
                    case GuestAddress.Pci _ -> "blk";
                    case GuestAddress.Scsi _ -> "scsi";
                    case GuestAddress.Node _ -> "nvdimm";
                };
        if (!layered) {
            return List.of(new GuestStorage(driver, address.text(), fstype, options, place()));
        }
        String base = GuestPaths.shared(container);
        List<GuestStorage> storages = new ArrayList<>();
        storages.add(new GuestStorage(driver, address.text(), fstype, options, base + LOWER));
        storages.addAll(RootLayer.storages(base + LOWER, base + LAYER, place()));
        return List.copyOf(storages);
    }
}

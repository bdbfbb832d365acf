package dev.kumite.engine;

import java.util.List;

/**
 * Something that the agent mounts or makes in the guest.
 *
 * <p>Source: Kata Containers, agent protocol, {@code Storage}.
 *
 * @param driver how: {@code virtio-fs}, {@code 9p}, {@code ephemeral}, {@code local}
 * @param source what is mounted
 * @param fstype the file system's type
 * @param options mount options
 * @param mountPoint where, absolute
 */
record GuestStorage(
        String driver, String source, String fstype, List<String> options, String mountPoint) {

    GuestStorage {
        options = List.copyOf(options);
    }

    /** {@return the share of a virtiofsd} */
    static GuestStorage virtioFs() {
        return new GuestStorage(
                "virtio-fs", GuestPaths.SHARE_TAG, "virtiofs", List.of(), GuestPaths.SHARE);
    }

    /**
     * {@return the share of QEMU's own file server}
     *
     * @param msizeBytes largest message
     */
    static GuestStorage plan9(long msizeBytes) {
        return new GuestStorage(
                "9p",
                GuestPaths.SHARE_TAG,
                "9p",
                List.of(
                        "trans=virtio",
                        "version=9p2000.L",
                        "cache=mmap",
                        "nodev",
                        "msize=" + msizeBytes),
                GuestPaths.SHARE);
    }

    /** {@return the sandbox's shared memory} */
    static GuestStorage shm(String sizeBytes) {
        return new GuestStorage(
                "ephemeral",
                "shm",
                "tmpfs",
                List.of("noexec", "nosuid", "nodev", "mode=1777", "size=" + sizeBytes),
                GuestPaths.SHM);
    }

    /** {@return an empty tmpfs that the pod's containers share} */
    static GuestStorage ephemeral(String name) {
        return new GuestStorage(
                "ephemeral", "tmpfs", "tmpfs", List.of(), GuestPaths.EPHEMERAL + name);
    }

    /** {@return an empty directory that the pod's containers share} */
    static GuestStorage local(String mountPoint) {
        return local(mountPoint, "0777");
    }

    /**
     * {@return an empty directory}
     *
     * @param mode its permissions, octal
     */
    static GuestStorage local(String mountPoint, String mode) {
        return new GuestStorage("local", "local", "local", List.of("mode=" + mode), mountPoint);
    }
}

package dev.kumite.guestimage;

import java.util.List;

/** What goes into the guest, by name: the only place with such names. */
final class GuestRecipe {

    private GuestRecipe() {}

    /**
     * Serial number of the virtio disk with the root file system; at most 20 bytes. Source: virtio
     * 1.2, 5.2.6.1.
     */
    static final String ROOT_SERIAL = "kumite-root";

    static final String BUSYBOX = "busybox-static";
    static final String OCI_RUNTIME = "crun";
    static final String INIT = "tini";

    /** Holds the libraries that the Java runtime is linked with. */
    static final String C_LIBRARY = "libc6";

    /** {@return Debian's package that depends upon the newest kernel for virtual machines} */
    static String kernelPackage(String architecture) {
        return "linux-image-cloud-" + architecture;
    }

    /** {@return whether a package of that name may be one of a kernel} */
    static boolean isKernelPackage(String name) {
        // Source: Debian Policy, section 5.6.1: what a package's name is made of.
        return name.startsWith("linux-image-")
                && name.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= '0' && c <= '9')
                                        || "+-.".indexOf(c) >= 0);
    }

    /** Names that scripts, hooks and the kernel call busybox by. */
    static final List<String> BUSYBOX_NAMES =
            List.of(
                    "usr/bin/sh",
                    "usr/sbin/modprobe",
                    "usr/sbin/ip",
                    "usr/bin/mount",
                    "usr/bin/umount",
                    "usr/bin/sleep");

    /** Transports. Loaded first, so that the devices behind them appear. */
    static final List<String> BUS_MODULES = List.of("virtio_pci", "virtio_mmio");

    /** The root disk, and the port that the agent is reached by. */
    static final List<String> ROOT_MODULES = List.of("virtio_blk", "erofs", "virtio_console");

    /** In the initrd for the devices that are there from the start. */
    static final List<String> DEVICE_MODULES =
            List.of("virtio_net", "virtio_rng", "virtio_scsi", "vmw_vsock_virtio_transport");

    /** Loaded when the machine has settled: for what may be plugged in. */
    static final List<String> LATE_MODULES =
            List.of("virtio_net", "virtio_scsi", "sd_mod", "virtio_mem", "virtio_balloon");

    /** On the root disk, for the kernel to load when somebody mounts or opens something. */
    static final List<String> LAZY_MODULES =
            List.of(
                    "virtiofs",
                    "overlay",
                    "squashfs",
                    "ext4",
                    "xfs",
                    "vsock_loopback",
                    "nd_pmem",
                    "nfit",
                    "virtio_pmem",
                    "tun",
                    "dummy",
                    "loop");

    /** Only some of Debian's kernels have these. */
    static final List<String> OPTIONAL_MODULES = List.of("9p", "9pnet_virtio");
}

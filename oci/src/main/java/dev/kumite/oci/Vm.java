package dev.kumite.oci;

import java.util.List;
import java.util.Optional;

/**
 * The virtual machine that a container is to run in.
 *
 * <p>Source: runtime-spec config-vm.md.
 *
 * @param hypervisor the program that runs the machine
 * @param kernel the kernel that it boots
 * @param image the image with the machine's root file system
 */
public record Vm(Optional<Hypervisor> hypervisor, Optional<Kernel> kernel, Optional<Image> image) {

    /**
     * The program that runs the machine.
     *
     * <p>Source: runtime-spec config-vm.md, Hypervisor Object.
     *
     * @param path its absolute path on the host
     * @param parameters what it is given, in this order
     */
    public record Hypervisor(String path, List<String> parameters) {
        public Hypervisor {
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * The kernel of the machine.
     *
     * <p>Source: runtime-spec config-vm.md, Kernel Object.
     *
     * @param path its absolute path on the host
     * @param parameters its command line, in this order
     * @param initrd absolute path on the host of an initial RAM disk; empty for none
     */
    public record Kernel(String path, List<String> parameters, String initrd) {
        public Kernel {
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * The image with the machine's root file system.
     *
     * <p>Source: runtime-spec config-vm.md, Image Object.
     *
     * @param path its absolute path on the host
     * @param format {@code raw}, {@code qcow2}, {@code vdi}, {@code vmdk} or {@code vhd}
     */
    public record Image(String path, String format) {}
}

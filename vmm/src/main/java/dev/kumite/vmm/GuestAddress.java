package dev.kumite.vmm;

/** Where the guest finds a device, in the words of the agent's protocol. */
public sealed interface GuestAddress {

    /** {@return the address as the agent takes it} */
    String text();

    /**
     * On a PCI bus behind a bridge, or on the root bus.
     *
     * @param text slots from the root, such as {@code 02/01}
     */
    record Pci(String text) implements GuestAddress {}

    /**
     * On the SCSI controller.
     *
     * @param text target and unit, such as {@code 0:1}
     */
    record Scsi(String text) implements GuestAddress {}

    /**
     * A device node.
     *
     * @param text such as {@code /dev/pmem1}
     */
    record Node(String text) implements GuestAddress {}
}

package dev.kumite.vmm;

/** Whose guest is booted; decides where its kernel writes, and how its agent is reached. */
public enum GuestKind {
    /**
     * The guest that Kumite builds. Its kernel has the driver of the legacy serial port built in,
     * so that a panic at any time is seen, and its agent serves four virtio-serial ports.
     */
    KUMITE,
    /** A guest of Kata Containers: consoles {@code hvc0}, agent at a vsock port. */
    KATA
}

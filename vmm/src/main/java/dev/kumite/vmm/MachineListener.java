package dev.kumite.vmm;

import java.time.Duration;

/**
 * Hears what happens to a machine, for its record. Called on several threads, one call at a time
 * for each source; must return soon, or lines and events are lost. What comes from the guest is
 * made printable, and each line is bounded; how many lines there are is not.
 */
public interface MachineListener {

    /** Who wrote a line. */
    enum Source {
        /** The guest, to its console. */
        CONSOLE,
        /** QEMU, to its standard error. */
        QEMU,
        /** virtiofsd, to its standard error. */
        VIRTIOFSD,

        /** The vsock device's process, to its standard error. */
        VSOCK_DEVICE
    }

    /** Hears nothing. */
    MachineListener NONE = new MachineListener() {};

    /** Called as soon as a process is there, before anything is waited for. */
    default void started(MachineState state) {}

    /**
     * Called before a disk is plugged in, with the state that the machine is in then: whoever takes
     * it over has to know of the disk. What this throws, the caller gets, and no disk.
     */
    default void plugging(MachineState state) {}

    /** Called after a step of the start. */
    default void step(String name, Duration took) {}

    /** Called for each line that somebody wrote. */
    default void line(Source source, String text) {}

    /** Called for each event of QEMU's. */
    default void event(QmpEvent event) {}
}

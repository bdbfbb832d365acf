package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a machine may take.
 *
 * @param start until QEMU takes commands
 * @param command for QEMU to answer one
 * @param unplug for the guest to let go of a device
 */
public record Limits(Duration start, Duration command, Duration unplug) {

    /**
     * Long enough for a loaded host with translation; a process that ended is noticed at once,
     * whatever the limits. Source: assumed.
     */
    public static final Limits USUAL =
            new Limits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

    public Limits {
        requireNonNull(start, "start is null");
        requireNonNull(command, "command is null");
        requireNonNull(unplug, "unplug is null");
    }
}

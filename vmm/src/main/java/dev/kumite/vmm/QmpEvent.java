package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

/**
 * What QEMU tells without being asked.
 *
 * @param name such as {@code SHUTDOWN}
 * @param data what it says about it
 */
public record QmpEvent(String name, Json data) {
    public QmpEvent {
        requireNonNull(name, "name is null");
        requireNonNull(data, "data is null");
    }
}

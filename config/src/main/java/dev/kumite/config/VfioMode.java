package dev.kumite.config;

import java.util.Optional;

/**
 * How a host device that is passed through by VFIO appears to the container.
 *
 * <p>Source: Kata Containers, {@code vfio_mode} in {@code configuration.toml}.
 */
public enum VfioMode {
    /** As a VFIO device in the guest, with the host's group numbers. */
    VFIO(0, "vfio"),
    /** As whatever device the guest's kernel makes of it. */
    GUEST_KERNEL(1, "guest-kernel");

    private final int number;
    private final String word;

    VfioMode(int number, String word) {
        this.number = number;
        this.word = word;
    }

    /** {@return the mode that the word of a configuration or annotation asks for} */
    public static Optional<VfioMode> parse(String word) {
        return switch (word) {
            case "vfio" -> Optional.of(VFIO);
            case "guest-kernel" -> Optional.of(GUEST_KERNEL);
            default -> Optional.empty();
        };
    }

    /** {@return the word used for it in configurations and annotations} */
    public String word() {
        return word;
    }

    /** {@return Kata's number for it} */
    public int number() {
        return number;
    }
}

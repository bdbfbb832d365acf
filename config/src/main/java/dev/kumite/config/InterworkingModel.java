package dev.kumite.config;

import java.util.Optional;

/**
 * How the interface that the container manager prepared is connected to the virtual machine.
 *
 * <p>Source: Kata Containers, {@code internetworking_model} in {@code configuration.toml}.
 */
public enum InterworkingModel {
    /** Nothing was configured. The number is 0, and the runtime decides. */
    DEFAULT(0, "default", "left to the runtime"),
    /** A macvtap device on the interface. */
    MACVTAP(1, "macvtap", "a macvtap device on the interface"),
    /** A tap device, joined to the interface by traffic-control redirect filters. */
    TCFILTER(2, "tcfilter", "a tap device joined to the interface by tc filters"),
    /** No connection at all. */
    NONE(3, "none", "no network connection");

    private final int number;
    private final String word;
    private final String meaning;

    InterworkingModel(int number, String word, String meaning) {
        this.number = number;
        this.word = word;
        this.meaning = meaning;
    }

    /**
     * {@return the model that the word of a configuration or annotation asks for; {@code default}
     * asks for tcfilter}
     */
    public static Optional<InterworkingModel> parse(String word) {
        return switch (word) {
            case "default", "tcfilter" -> Optional.of(TCFILTER);
            case "macvtap" -> Optional.of(MACVTAP);
            case "none" -> Optional.of(NONE);
            default -> Optional.empty();
        };
    }

    /** {@return the word used for it in configurations and annotations} */
    public String word() {
        return word;
    }

    /** {@return what it means, in a few words} */
    public String meaning() {
        return meaning;
    }

    /** {@return Kata's number for it} */
    public int number() {
        return number;
    }
}

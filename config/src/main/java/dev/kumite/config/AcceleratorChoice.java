package dev.kumite.config;

import java.util.Optional;

/**
 * What runs the guest's instructions; Kumite's own key {@code accelerator} in [hypervisor.qemu].
 */
public enum AcceleratorChoice {
    /** The host's CPU where that works, QEMU's translation otherwise. */
    AUTO("auto"),
    /** The host's CPU, through {@code /dev/kvm}; a host that cannot do it is an error. */
    KVM("kvm"),
    /** QEMU's translation, which works everywhere and is an order of magnitude slower. */
    TCG("tcg");

    private final String word;

    AcceleratorChoice(String word) {
        this.word = word;
    }

    /** {@return the choice that the word of a configuration asks for} */
    public static Optional<AcceleratorChoice> parse(String word) {
        return switch (word) {
            case "auto" -> Optional.of(AUTO);
            case "kvm" -> Optional.of(KVM);
            case "tcg" -> Optional.of(TCG);
            default -> Optional.empty();
        };
    }

    /** {@return the word used for it in configurations} */
    public String word() {
        return word;
    }
}

package dev.kumite.config;

import java.util.Optional;

/** The hypervisors that have a table in {@code configuration.toml}. */
public enum HypervisorKind {
    /** QEMU. */
    QEMU("qemu"),
    /** Cloud Hypervisor. */
    CLH("clh"),
    /** Firecracker. */
    FIRECRACKER("firecracker"),
    /** ACRN. */
    ACRN("acrn");

    private final String word;

    HypervisorKind(String word) {
        this.word = word;
    }

    /** {@return the hypervisor whose table is {@code [hypervisor.WORD]}; case matters} */
    public static Optional<HypervisorKind> parse(String word) {
        return switch (word) {
            case "qemu" -> Optional.of(QEMU);
            case "clh" -> Optional.of(CLH);
            case "firecracker" -> Optional.of(FIRECRACKER);
            case "acrn" -> Optional.of(ACRN);
            default -> Optional.empty();
        };
    }

    /** {@return the name of its table, without {@code hypervisor.}} */
    public String word() {
        return word;
    }
}

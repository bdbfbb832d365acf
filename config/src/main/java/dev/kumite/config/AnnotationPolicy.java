package dev.kumite.config;

import java.util.Optional;

/** Which annotations are read; Kumite's own key {@code annotation_policy} in {@code [runtime]}. */
public enum AnnotationPolicy {
    /**
     * As Kata Containers: patterns need not match a whole name, and only hypervisor annotations are
     * held against {@code enable_annotations}.
     */
    KATA("kata"),
    /**
     * Patterns must match a whole name; agent and runtime annotations are held against them too, as
     * {@code agent.NAME} and {@code runtime.NAME}; assets need a hash or an allow-list.
     */
    STRICT("strict");

    private final String word;

    AnnotationPolicy(String word) {
        this.word = word;
    }

    /** {@return the policy that the word of a configuration asks for} */
    public static Optional<AnnotationPolicy> parse(String word) {
        return switch (word) {
            case "kata" -> Optional.of(KATA);
            case "strict" -> Optional.of(STRICT);
            default -> Optional.empty();
        };
    }

    /** {@return the word used for it in configurations} */
    public String word() {
        return word;
    }
}

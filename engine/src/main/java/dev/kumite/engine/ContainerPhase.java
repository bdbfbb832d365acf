package dev.kumite.engine;

import java.util.Optional;

/** What a container is doing. Source: runtime-spec runtime.md, State; {@code paused} is runc's. */
enum ContainerPhase {
    CREATING("creating"),
    CREATED("created"),
    RUNNING("running"),
    PAUSED("paused"),
    STOPPED("stopped");

    private final String word;

    ContainerPhase(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    /** {@return whether its first process was started and has not ended} */
    boolean runs() {
        return this == RUNNING || this == PAUSED;
    }

    static Optional<ContainerPhase> parse(String word) {
        for (ContainerPhase phase : values()) {
            if (phase.word.equals(word)) {
                return Optional.of(phase);
            }
        }
        return Optional.empty();
    }
}

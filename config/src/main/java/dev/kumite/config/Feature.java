package dev.kumite.config;

import static java.util.Objects.requireNonNull;

/**
 * An experimental feature of the runtime. The 2022 line of Kata Containers has none registered.
 *
 * @param name as it stands in {@code experimental}
 * @param description for people
 * @param expRelease the release in which it is expected to be no longer experimental
 */
public record Feature(String name, String description, String expRelease) {
    public Feature {
        requireNonNull(name, "name is null");
        requireNonNull(description, "description is null");
        requireNonNull(expRelease, "expRelease is null");
    }
}

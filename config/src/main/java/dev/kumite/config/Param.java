package dev.kumite.config;

import static java.util.Objects.requireNonNull;

/**
 * A parameter of the guest's kernel, or of the hypervisor.
 *
 * @param key not empty for kernel parameters
 * @param value may be empty: then it is written without {@code =}
 */
public record Param(String key, String value) {
    public Param {
        requireNonNull(key, "key is null");
        requireNonNull(value, "value is null");
    }

    /** {@return the parameter that {@code text} writes, split at its first {@code =}} */
    public static Param parse(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new Param(text, "")
                : new Param(text.substring(0, equals), text.substring(equals + 1));
    }

    /** {@return the parameter as it stands on a kernel's command line} */
    @Override
    public String toString() {
        return value.isEmpty() ? key : key + "=" + value;
    }
}

package dev.kumite.config;

import static java.util.Objects.requireNonNull;

/**
 * A configuration file that was read, or a text that takes the place of one.
 *
 * @param path the file's path, or a name in angle brackets for a text that is no file
 * @param text what it holds
 */
public record ConfigurationText(String path, String text) {
    public ConfigurationText {
        requireNonNull(path, "path is null");
        requireNonNull(text, "text is null");
    }

    /** {@return whether the text was read from a file} */
    boolean isFile() {
        return !path.startsWith("<");
    }
}

package dev.kumite.oci;

import static java.util.Objects.requireNonNull;

/** Where a {@link Problem} was found, as precisely as its source allows. */
public sealed interface Location {

    /**
     * {@return the location as people write it, for the beginning of a line; empty if there is
     * none}
     */
    String describe();

    /**
     * A place in a text.
     *
     * @param source the file's path, or a name in angle brackets for a text that is no file
     * @param line from 1; 0 if the text as a whole is meant
     * @param column from 1, counted in UTF-16 code units; 0 if the line as a whole is meant
     * @param path JSON pointer (RFC 6901) or dotted TOML key of the value meant; empty for the
     *     whole document
     */
    record Text(String source, int line, int column, String path) implements Location {
        public Text {
            requireNonNull(source, "source is null");
            requireNonNull(path, "path is null");
        }

        @Override
        public String describe() {
            String file = Problem.visible(source);
            if (line == 0) {
                return file;
            }
            return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
        }
    }

    /**
     * An annotation of the container or pod.
     *
     * @param key the annotation's whole key
     */
    record Annotation(String key) implements Location {
        public Annotation {
            requireNonNull(key, "key is null");
        }

        @Override
        public String describe() {
            return "annotation " + Problem.visible(key);
        }
    }

    /**
     * An argument of the caller: a command-line option or a parameter of the library.
     *
     * @param name as the caller writes it
     */
    record Argument(String name) implements Location {
        public Argument {
            requireNonNull(name, "name is null");
        }

        @Override
        public String describe() {
            return Problem.visible(name);
        }
    }
}

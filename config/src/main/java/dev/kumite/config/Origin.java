package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

/** Where a value of the plan comes from. */
public sealed interface Origin {

    /** {@return the origin in a few words, for a column of a table} */
    String describe();

    /**
     * Nobody asked for it: the runtime's own default.
     *
     * @param why the default's reason where it has one to tell; may be empty
     */
    record BuiltIn(String why) implements Origin {
        public BuiltIn {
            requireNonNull(why, "why is null");
        }

        @Override
        public String describe() {
            return why.isEmpty() ? "default" : "default (" + why + ")";
        }
    }

    /**
     * A line of a configuration file.
     *
     * @param file path of the file
     * @param line from 1
     * @param column from 1
     * @param key dotted key, such as {@code hypervisor.qemu.default_vcpus}
     */
    record Configuration(String file, int line, int column, String key) implements Origin {
        public Configuration {
            requireNonNull(file, "file is null");
            requireNonNull(key, "key is null");
        }

        @Override
        public String describe() {
            return file + ":" + line + " " + key;
        }
    }

    /**
     * An annotation of the pod or container.
     *
     * @param key its whole key
     */
    record Annotation(String key) implements Origin {
        public Annotation {
            requireNonNull(key, "key is null");
        }

        @Override
        public String describe() {
            return "annotation " + key;
        }
    }

    /**
     * A value of the OCI {@code config.json}.
     *
     * @param pointer JSON pointer (RFC 6901) to it
     */
    record SpecPath(String pointer) implements Origin {
        public SpecPath {
            requireNonNull(pointer, "pointer is null");
        }

        @Override
        public String describe() {
            return "config.json " + pointer;
        }
    }

    /**
     * An argument of the caller.
     *
     * @param name such as {@code --id}
     */
    record Argument(String name) implements Origin {
        public Argument {
            requireNonNull(name, "name is null");
        }

        @Override
        public String describe() {
            return "argument " + name;
        }
    }

    /**
     * A computation from other values.
     *
     * @param what the rule in words
     * @param from the origins of what went in; may be empty
     */
    record Rule(String what, List<Origin> from) implements Origin {
        public Rule {
            requireNonNull(what, "what is null");
            from = List.copyOf(from);
        }

        @Override
        public String describe() {
            if (from.isEmpty()) {
                return what;
            }
            return what
                    + " ("
                    + from.stream().map(Origin::describe).collect(Collectors.joining(", "))
                    + ")";
        }
    }

    /** The default without a reason to tell. */
    BuiltIn DEFAULT = new BuiltIn("");
}

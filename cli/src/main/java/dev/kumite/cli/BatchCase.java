package dev.kumite.cli;

import static java.util.Objects.requireNonNull;

import dev.kumite.config.Feature;
import dev.kumite.config.PlanRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One line of a batch.
 *
 * @param name identity for the caller
 * @param operation what to do
 * @param configuration what the runtime configuration is
 * @param spec the specification
 * @param request what the caller says beside it
 * @param saysDetach whether the request's {@code detach} was given, not assumed
 * @param terminal whether the caller asks for a terminal
 * @param size what the workload asks for, where the operation does not find that out
 */
record BatchCase(
        String name,
        Operation operation,
        Configuration configuration,
        Document spec,
        PlanRequest request,
        boolean saysDetach,
        boolean terminal,
        Size size) {

    BatchCase {
        requireNonNull(name, "name is null");
        requireNonNull(operation, "operation is null");
        requireNonNull(configuration, "configuration is null");
        requireNonNull(spec, "spec is null");
        requireNonNull(request, "request is null");
        requireNonNull(size, "size is null");
    }

    /** What can be asked for. */
    enum Operation {
        /** The runtime configuration. */
        LOAD_CONFIG("loadConfig"),
        /** The plan of a sandbox of a given size. */
        SANDBOX("sandbox"),
        /** The plan of a container alone. */
        CONTAINER("container"),
        /** What the container is to its sandbox. */
        CONTAINER_TYPE("containerType"),
        /** The sandbox that the container joins. */
        SANDBOX_ID("sandboxID"),
        /** Whether CRI-O made the specification. */
        IS_CRIO("isCRIO"),
        /** The configuration file that an annotation asks for; never one. */
        CONFIG_PATH("configPath"),
        /** The size of a pod. */
        SANDBOX_SIZING("sandboxSizing"),
        /** The size of a container. */
        CONTAINER_SIZING("containerSizing"),
        /** All that is to happen for a container. */
        CREATE("create");

        private final String word;

        Operation(String word) {
            this.word = word;
        }

        /** {@return the operation of that word} */
        static Optional<Operation> parse(String word) {
            for (Operation operation : values()) {
                if (operation.word.equals(word)) {
                    return Optional.of(operation);
                }
            }
            return Optional.empty();
        }

        /** {@return the word that asks for it} */
        String word() {
            return word;
        }
    }

    /**
     * What the runtime configuration is. Two cases with equal ones share it.
     *
     * @param config path of a file
     * @param toml the text itself
     * @param path the file to load, in place of the one just named; empty for the default places
     * @param defaults places that are meant where the configuration says nothing, by name
     * @param features experimental features that exist
     * @param cpus of the host
     */
    record Configuration(
            Optional<String> config,
            Optional<String> toml,
            Optional<String> path,
            Map<String, String> defaults,
            Optional<List<Feature>> features,
            int cpus) {

        /** What a feature takes though all its texts are empty, in characters. */
        private static final int FEATURE_LENGTH = 32;

        public Configuration {
            defaults = Map.copyOf(defaults);
            features = features.map(List::copyOf);
        }

        /** {@return the length of all its texts together, in characters} */
        long length() {
            long length = length(config) + length(toml) + length(path);
            for (Map.Entry<String, String> place : defaults.entrySet()) {
                length += place.getKey().length() + place.getValue().length();
            }
            for (Feature feature : features.orElse(List.of())) {
                length +=
                        FEATURE_LENGTH
                                + feature.name().length()
                                + feature.description().length()
                                + feature.expRelease().length();
            }
            return length;
        }

        private static long length(Optional<String> text) {
            return text.map(String::length).orElse(0);
        }
    }

    /** A specification that is not read yet. */
    sealed interface Document {

        /** None was given. */
        record Absent() implements Document {}

        /**
         * UTF-8.
         *
         * @param utf8 owned by the receiver
         * @param plain whether it is read without the compatibility step
         */
        @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
        record Bytes(byte[] utf8, boolean plain) implements Document {}

        /**
         * Text.
         *
         * @param json the document
         * @param plain whether it is read without the compatibility step
         */
        record Text(String json, boolean plain) implements Document {}
    }

    /**
     * What a workload asks for.
     *
     * @param cpus 0 to 4294967295
     * @param memoryMib 0 to 4294967295
     */
    record Size(long cpus, long memoryMib) {}
}

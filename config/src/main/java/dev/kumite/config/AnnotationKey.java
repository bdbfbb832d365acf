package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * One row of the {@link AnnotationTable}: everything there is to know about one annotation.
 *
 * @param key the whole key
 * @param gate what admits it
 * @param kind what its value may be and what becomes of it
 * @param meaning for people: what it asks for, one sentence
 */
public record AnnotationKey(String key, Gate gate, Kind kind, String meaning) {

    /** What admits an annotation. */
    public enum Gate {
        /** Some pattern of {@code enable_annotations} must match its name; always. */
        ENABLED,
        /**
         * Admitted as in Kata Containers; under the strict policy some pattern must match its name.
         */
        ENABLED_IF_STRICT,
        /** Always admitted. */
        NONE
    }

    /** What limits a number of CPUs. */
    public enum CpuLimit {
        /** Nothing: it is not a number of CPUs. */
        NONE,
        /** The CPUs of the host. */
        HOST,
        /** The CPUs of the host, and what the hypervisor can have. */
        HOST_AND_HYPERVISOR
    }

    /** The form of an annotation's value and the place it goes to. */
    public sealed interface Kind {

        /** {@return the field that an annotation of this kind sets, if it sets one} */
        default Optional<Field<?, ?>> target() {
            return switch (this) {
                case Bool kind -> Optional.of(kind.field());
                case Uint32 kind -> Optional.of(kind.field());
                case Unsigned64 kind -> Optional.of(kind.field());
                case Word kind -> Optional.of(kind.field());
                case Text kind -> Optional.of(kind.field());
                case AllowedPath kind -> Optional.of(kind.field());
                case KernelParams kind -> Optional.of(kind.field());
                case JsonStrings kind -> Optional.of(kind.field());
                case Separated kind -> Optional.of(kind.field());
                case BinaryQuantity kind -> Optional.of(kind.field());
                case Features kind -> Optional.of(kind.field());
                case Model kind -> Optional.of(kind.field());
                case Vfio kind -> Optional.of(kind.field());
                case Asset _, AssetHash _, NoEffect _, ReadElsewhere _ -> Optional.empty();
            };
        }

        /**
         * {@code true} or {@code false}, in any of the spellings of Go's {@code strconv.ParseBool}.
         */
        record Bool(Field<?, Boolean> field) implements Kind {}

        /**
         * A whole number that fits 32 bits.
         *
         * @param field where it goes
         * @param least the smallest number that is not refused
         * @param zeroIgnored whether 0 leaves the configured value as it is
         * @param cpuLimit what limits it from above
         */
        record Uint32(Field<?, Long> field, long least, boolean zeroIgnored, CpuLimit cpuLimit)
                implements Kind {}

        /**
         * A whole number that fits 64 bits.
         *
         * @param field where it goes
         * @param zeroIgnored whether 0 leaves the configured value as it is
         */
        record Unsigned64(Field<?, dev.kumite.oci.Uint64> field, boolean zeroIgnored)
                implements Kind {}

        /**
         * One of some words.
         *
         * @param field where it goes
         * @param words all that are accepted, exactly so
         */
        record Word(Field<?, String> field, List<String> words) implements Kind {
            public Word {
                words = List.copyOf(words);
            }
        }

        /**
         * Any text.
         *
         * @param field where it goes
         * @param emptyIgnored whether the empty text leaves the configured value as it is
         */
        record Text(Field<?, String> field, boolean emptyIgnored) implements Kind {}

        /**
         * A path that an allow-list of the configuration must name.
         *
         * @param field where it goes
         * @param allowList globs that it must be among the expansions of
         * @param allowKey the allow-list's key in {@code configuration.toml}
         * @param asset whether the sandbox keeps the annotation itself too
         */
        record AllowedPath(
                Field<?, String> field,
                Field<HypervisorConfig, List<String>> allowList,
                String allowKey,
                boolean asset)
                implements Kind {}

        /** Kernel parameters, separated by white space, added to the configured ones. */
        record KernelParams(Field<?, List<Param>> field) implements Kind {}

        /** A JSON list of texts, added to the configured ones. */
        record JsonStrings(Field<?, List<String>> field) implements Kind {}

        /** A list separated by semicolons, in place of the configured one. */
        record Separated(Field<?, List<String>> field) implements Kind {}

        /** A Kubernetes quantity with a binary suffix. */
        record BinaryQuantity(Field<?, Long> field) implements Kind {}

        /**
         * Names of experimental features, separated by single spaces, in place of the configured
         * ones.
         */
        record Features(Field<?, List<Feature>> field) implements Kind {}

        /** A word for an {@link InterworkingModel}. */
        record Model(Field<?, InterworkingModel> field) implements Kind {}

        /** A word for a {@link VfioMode}. */
        record Vfio(Field<?, VfioMode> field) implements Kind {}

        /**
         * The path of a guest asset; kept with the sandbox and checked when the machine is made.
         */
        record Asset() implements Kind {}

        /** The SHA-512 of an asset; kept with the sandbox and checked when the machine is made. */
        record AssetHash() implements Kind {}

        /**
         * Known, but without effect here.
         *
         * @param why for a warning
         */
        record NoEffect(String why) implements Kind {}

        /**
         * Read elsewhere: by the container manager's conventions, or later than the plan.
         *
         * @param by what reads it
         */
        record ReadElsewhere(String by) implements Kind {}
    }

    public AnnotationKey {
        requireNonNull(key, "key is null");
        requireNonNull(gate, "gate is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(meaning, "meaning is null");
    }

    /** {@return the last part of the key, such as {@code default_vcpus}} */
    public String name() {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}

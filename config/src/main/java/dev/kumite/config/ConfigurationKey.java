package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import dev.kumite.oci.Uint64;
import java.util.List;
import java.util.Set;

/**
 * One row of the {@link ConfigurationTable}: everything there is to know about one key of {@code
 * configuration.toml}.
 *
 * @param place the table that it stands in
 * @param name the key
 * @param rule what its value may be and what becomes of it
 * @param meaning for people: what it asks for, one or two sentences without the final full stop
 */
public record ConfigurationKey(Place place, String name, Rule rule, String meaning) {

    /** A table of the configuration. */
    public sealed interface Place {

        /** {@return the table's header, with {@code *} for a name that is free} */
        default String header() {
            return switch (this) {
                case Hypervisor _ -> "[hypervisor.*]";
                case Agent() -> "[agent.*]";
                case RuntimeTable() -> "[runtime]";
                case Factory() -> "[factory]";
                case Image() -> "[image]";
                case Netmon() -> "[netmon]";
            };
        }

        /**
         * {@code [hypervisor.KIND]}.
         *
         * @param kinds those that heed the key; the others read and forget it
         */
        record Hypervisor(Set<HypervisorKind> kinds) implements Place {
            public Hypervisor {
                kinds = Set.copyOf(kinds);
            }
        }

        /** {@code [agent.NAME]}, with any name. */
        record Agent() implements Place {}

        /** {@code [runtime]}. */
        record RuntimeTable() implements Place {}

        /** {@code [factory]}. */
        record Factory() implements Place {}

        /** {@code [image]}. */
        record Image() implements Place {}

        /** {@code [netmon]}, of Kata Containers 1. */
        record Netmon() implements Place {}
    }

    /** The TOML types that a key can have. */
    public enum ValueType {
        /** A string. */
        STRING("string"),
        /** A list of strings. */
        STRINGS("list of strings"),
        /** {@code true} or {@code false}. */
        BOOL("boolean"),
        /** A whole number that fits a signed 32-bit number. */
        INT32("whole number"),
        /** A whole number from 0 to 4294967295. */
        UINT32("whole number"),
        /** A whole number that fits a signed 64-bit number. */
        INT64("whole number"),
        /**
         * A whole number from 0; the original also takes negative ones, and means 2<sup>64</sup>
         * more.
         */
        UINT64("whole number"),
        /** Not looked at. */
        ANY("any");

        private final String words;

        ValueType(String words) {
            this.words = words;
        }

        /** {@return the type in words} */
        public String words() {
            return words;
        }
    }

    /** The file that is meant when a key is not set. */
    public enum BuildPlace {
        /** None. */
        NONE,
        /** {@link BuildConstants#hypervisorPath}. */
        HYPERVISOR,
        /** {@link BuildConstants#hypervisorCtlPath}. */
        HYPERVISOR_CTL,
        /** {@link BuildConstants#kernelPath}. */
        KERNEL,
        /** {@link BuildConstants#firmwarePath}. */
        FIRMWARE,
        /** {@link BuildConstants#firmwareVolumePath}. */
        FIRMWARE_VOLUME;

        String path(BuildConstants build) {
            return switch (this) {
                case NONE -> "";
                case HYPERVISOR -> build.hypervisorPath();
                case HYPERVISOR_CTL -> build.hypervisorCtlPath();
                case KERNEL -> build.kernelPath();
                case FIRMWARE -> build.firmwarePath();
                case FIRMWARE_VOLUME -> build.firmwareVolumePath();
            };
        }
    }

    /** What a key's value may be, and what becomes of it. */
    public sealed interface Rule {

        /** {@return the TOML type of the value} */
        default ValueType type() {
            return switch (this) {
                case Bool _ -> ValueType.BOOL;
                case Text _,
                        QemuText _,
                        Secret _,
                        HostFile _,
                        BootMedium _,
                        CommaList _,
                        KernelParams _ ->
                        ValueType.STRING;
                case Word _, Model _, Vfio _, Policy _, Accelerator _ -> ValueType.STRING;
                case Strings _,
                        Globs _,
                        Patterns _,
                        HostFiles _,
                        BindMounts _,
                        Features _,
                        AssetGlobs _ ->
                        ValueType.STRINGS;
                case VcpuCount _ -> ValueType.INT32;
                case VcpuLimit _, WholeNumber _ -> ValueType.UINT32;
                case Wrapping _ -> ValueType.UINT64;
                case Signed _, Burst _ -> ValueType.INT64;
                case Unused unused -> unused.of();
                case NotRead _ -> ValueType.ANY;
            };
        }

        /** A boolean; false by default. */
        record Bool(Field<?, Boolean> field) implements Rule {}

        /**
         * Any text, kept as it is; the empty one means the default.
         *
         * @param field where it goes
         * @param fallback the default
         */
        record Text(Field<?, String> field, String fallback) implements Rule {}

        /** As {@link Text}, but the default is QEMU's only; the others have none. */
        record QemuText(Field<?, String> field, String fallback) implements Rule {}

        /** Any text, which must not be shown. */
        record Secret(Field<?, String> field) implements Rule {}

        /**
         * A file of the host, which must exist; kept absolute and without links.
         *
         * @param field where it goes
         * @param fallback what the empty text means
         */
        record HostFile(Field<?, String> field, BuildPlace fallback) implements Rule {}

        /** The guest's image or initrd: a file of the host, exactly one of the two. */
        record BootMedium(Field<?, String> field) implements Rule {}

        /** Items between commas, which are tidied up. */
        record CommaList(Field<?, String> field) implements Rule {}

        /** Kernel parameters between white space, added to the runtime's own. */
        record KernelParams(Field<?, List<Param>> field) implements Rule {}

        /**
         * One of some words; the empty text means the default.
         *
         * @param field where it goes
         * @param words all that are accepted, exactly so
         * @param fallback the default
         */
        record Word(Field<?, String> field, List<String> words, String fallback) implements Rule {
            public Word {
                words = List.copyOf(words);
            }
        }

        /** Texts, kept as they are. */
        record Strings(Field<?, List<String>> field) implements Rule {}

        /** Globs of host paths that an annotation may name. */
        record Globs(Field<?, List<String>> field) implements Rule {}

        /** Patterns (RE2) of annotations that are read. */
        record Patterns(Field<?, List<String>> field) implements Rule {}

        /** Files of the host, which must exist; kept as they are written. */
        record HostFiles(Field<?, List<String>> field) implements Rule {}

        /** As {@link HostFiles}; the last names of the resolved paths must differ. */
        record BindMounts(Field<?, List<String>> field) implements Rule {}

        /** Names of experimental features. */
        record Features(Field<?, List<Feature>> field) implements Rule {}

        /** The virtual CPUs at boot. */
        record VcpuCount(Field<?, Long> field) implements Rule {}

        /** The most virtual CPUs. */
        record VcpuLimit(Field<?, Long> field) implements Rule {}

        /**
         * A number.
         *
         * @param field where it goes
         * @param least a smaller one means the default
         * @param fallback the default
         * @param most a larger one means this
         */
        record WholeNumber(Field<?, Long> field, long least, long fallback, long most)
                implements Rule {}

        /** A number of 64 bits without a sign. */
        record Wrapping(Field<?, Uint64> field) implements Rule {}

        /** A number of 64 bits; 0 by default. */
        record Signed(Field<?, Long> field) implements Rule {}

        /**
         * A number of 64 bits that counts only beside a limit.
         *
         * @param field where it goes
         * @param limit must not be 0
         * @param limitKey the limit's key
         */
        record Burst(Field<?, Long> field, Field<?, Long> limit, String limitKey) implements Rule {}

        /** A word for an {@link InterworkingModel}. */
        record Model(Field<?, InterworkingModel> field) implements Rule {}

        /** A word for a {@link VfioMode}. */
        record Vfio(Field<?, VfioMode> field) implements Rule {}

        /** A word for an {@link AnnotationPolicy}; Kumite's own. */
        record Policy() implements Rule {}

        /** A word for an {@link AcceleratorChoice}; Kumite's own. */
        record Accelerator() implements Rule {}

        /** Globs of guest assets that an annotation may name; Kumite's own. */
        record AssetGlobs() implements Rule {}

        /**
         * Must have its type, and has no effect.
         *
         * @param of the type
         * @param why for the warning
         */
        record Unused(ValueType of, String why) implements Rule {}

        /**
         * Known from other versions of Kata Containers; has no effect, whatever it is.
         *
         * @param why for the warning
         */
        record NotRead(String why) implements Rule {}
    }

    public ConfigurationKey {
        requireNonNull(place, "place is null");
        requireNonNull(name, "name is null");
        requireNonNull(rule, "rule is null");
        requireNonNull(meaning, "meaning is null");
    }

    /** {@return whether the value must be masked wherever it is shown} */
    public boolean isSecret() {
        return rule instanceof Rule.Secret;
    }

    /** {@return whether Kata Containers does not know the key} */
    public boolean isKumitesOwn() {
        return rule instanceof Rule.Policy
                || rule instanceof Rule.AssetGlobs
                || rule instanceof Rule.Accelerator;
    }
}

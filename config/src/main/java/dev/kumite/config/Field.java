package dev.kumite.config;

/**
 * A named, typed place in one kind of {@link Settings}. Fields are constants of the class that
 * stands for the kind, such as {@link HypervisorConfig#MEMORY_SIZE}.
 *
 * @param <S> the kind of settings
 * @param <T> the type of the value
 */
public final class Field<S, T> {

    /** How values of a field look, and how they are written in JSON. */
    public enum Kind {
        /** {@code String}. */
        STRING,
        /** {@code Boolean}. */
        BOOL,
        /** {@code Long}, 0 to 4294967295. */
        UINT32,
        /** {@code Long}. */
        INT64,
        /** {@link dev.kumite.oci.Uint64}. */
        UINT64,
        /** {@code List<String>}. */
        STRINGS,
        /** {@code List<Long>}, each 0 to 4294967295. */
        UINT32S,
        /** {@code List<Param>}. */
        PARAMS,
        /** {@code List<Feature>}. */
        FEATURES,
        /** {@link InterworkingModel}; a number in JSON. */
        INTERWORKING_MODEL,
        /** {@link VfioMode}; a number in JSON. */
        VFIO_MODE
    }

    private final Schema<S> schema;
    private final int index;
    private final String name;
    private final Kind kind;
    private final T zero;

    Field(Schema<S> schema, int index, String name, Kind kind, T zero) {
        this.schema = schema;
        this.index = index;
        this.name = name;
        this.kind = kind;
        this.zero = zero;
    }

    /** {@return the kind of settings that the field belongs to} */
    public Schema<S> schema() {
        return schema;
    }

    /** {@return the field's name in Kata's data structure, such as {@code MemorySize}} */
    public String name() {
        return name;
    }

    /** {@return how the field's values look} */
    public Kind kind() {
        return kind;
    }

    /** {@return the value that counts as not set: 0, false, the empty text or list} */
    public T zero() {
        return zero;
    }

    int index() {
        return index;
    }

    /** {@return the kind's name and the field's, such as {@code HypervisorConfig.MemorySize}} */
    @Override
    public String toString() {
        return schema.name() + "." + name;
    }
}

package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;

/**
 * Values of all fields of one {@link Schema}, each with its {@link Origin}. Immutable. Two settings
 * are equal if their values are, wherever these came from.
 *
 * @param <S> the kind of settings
 */
public final class Settings<S> {

    private final Schema<S> schema;
    private final Object[] values;
    private final Origin[] origins;

    private Settings(Schema<S> schema, Object[] values, Origin[] origins) {
        this.schema = schema;
        this.values = values;
        this.origins = origins;
    }

    /** {@return a builder in which every field is zero by default} */
    public static <S> Builder<S> builder(Schema<S> schema) {
        List<Field<S, ?>> fields = schema.fields();
        Object[] values = new Object[fields.size()];
        Origin[] origins = new Origin[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = fields.get(i).zero();
            origins[i] = Origin.DEFAULT;
        }
        return new Builder<>(schema, values, origins);
    }

    /** {@return the fields that have values here} */
    public Schema<S> schema() {
        return schema;
    }

    /** {@return the field's value; its zero if nothing set it} */
    @SuppressWarnings("unchecked") // the builder stores only what the field's type allows
    public <T> T get(Field<S, T> field) {
        return (T) values[field.index()];
    }

    /** {@return where the field's value comes from} */
    public Origin origin(Field<S, ?> field) {
        return origins[field.index()];
    }

    /** {@return whether the field has the value that counts as not set} */
    public boolean isZero(Field<S, ?> field) {
        return values[field.index()].equals(field.zero());
    }

    /** {@return a builder that starts with these values} */
    public Builder<S> toBuilder() {
        return new Builder<>(schema, values.clone(), origins.clone());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settings<?> that
                && schema == that.schema
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(schema.name()).append('[');
        String separator = "";
        for (Field<S, ?> field : schema.fields()) {
            if (!isZero(field)) {
                text.append(separator).append(field.name()).append('=').append(get(field));
                separator = ", ";
            }
        }
        return text.append(']').toString();
    }

    /**
     * Values on their way into {@link Settings}. Confined to one thread.
     *
     * @param <S> the kind of settings
     */
    public static final class Builder<S> {

        private final Schema<S> schema;
        private Object[] values;
        private Origin[] origins;
        private boolean shared;

        private Builder(Schema<S> schema, Object[] values, Origin[] origins) {
            this.schema = schema;
            this.values = values;
            this.origins = origins;
        }

        /** Sets a field; lists are copied by the caller. */
        public <T> Builder<S> set(Field<S, T> field, T value, Origin origin) {
            if (shared) {
                values = values.clone();
                origins = origins.clone();
                shared = false;
            }
            values[field.index()] = requireNonNull(value, "value is null");
            origins[field.index()] = requireNonNull(origin, "origin is null");
            return this;
        }

        /** {@return the field's value as it stands} */
        @SuppressWarnings("unchecked") // set() stores only what the field's type allows
        public <T> T get(Field<S, T> field) {
            return (T) values[field.index()];
        }

        /** {@return the origin of the field's value as it stands} */
        public Origin origin(Field<S, ?> field) {
            return origins[field.index()];
        }

        /** {@return the settings; the builder can go on} */
        public Settings<S> build() {
            shared = true;
            return new Settings<>(schema, values, origins);
        }
    }
}

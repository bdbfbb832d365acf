package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value, as QMP sends and takes them. Immutable. */
public sealed interface Json {

    /**
     * {@return the value of a member; {@link Null} if this is no object or has none of the name}
     */
    default Json get(String name) {
        return this instanceof Obj(Map<String, Json> members)
                ? members.getOrDefault(name, Null.NULL)
                : Null.NULL;
    }

    /** {@return the text, if it is one} */
    default Optional<String> text() {
        return this instanceof Text(String value) ? Optional.of(value) : Optional.empty();
    }

    /** {@return the elements; none if it is no array} */
    default List<Json> elements() {
        return this instanceof Arr(List<Json> elements) ? elements : List.of();
    }

    /** {@return the number if it is a whole one, otherwise {@code fallback}} */
    default long whole(long fallback) {
        return this instanceof Whole(long value) ? value : fallback;
    }

    /** {@return whether it is {@code true}} */
    default boolean isTrue() {
        return this instanceof Bool(boolean value) && value;
    }

    /** {@return the value as JSON in one line} */
    default String print() {
        return JsonText.print(this);
    }

    /**
     * An object.
     *
     * @param members in order
     */
    record Obj(Map<String, Json> members) implements Json {
        /** Without members. */
        public static final Obj EMPTY = new Obj(Map.of());

        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** {@return an object of one text} */
        static Obj of(String name, String value) {
            return new Obj(Map.of(name, new Text(value)));
        }
    }

    /**
     * An array.
     *
     * @param elements in order
     */
    record Arr(List<Json> elements) implements Json {
        public Arr {
            elements = List.copyOf(elements);
        }
    }

    /**
     * A text.
     *
     * @param value of any length
     */
    record Text(String value) implements Json {
        public Text {
            requireNonNull(value, "value is null");
        }
    }

    /**
     * A whole number.
     *
     * @param value that fits 64 bits
     */
    record Whole(long value) implements Json {}

    /**
     * Another number.
     *
     * @param value rounded
     */
    record Decimal(double value) implements Json {}

    /**
     * A truth value.
     *
     * @param value itself
     */
    record Bool(boolean value) implements Json {}

    /** The value {@code null}. */
    enum Null implements Json {
        /** The only one. */
        NULL
    }
}

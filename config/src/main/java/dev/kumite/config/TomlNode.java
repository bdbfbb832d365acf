package dev.kumite.config;

import dev.kumite.oci.Location;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a configuration file, with its place. */
sealed interface TomlNode {

    /** {@return where the value's key stands; its header, for a table that has one} */
    Location.Text where();

    /** {@return the kind of value in words, such as {@code a string}} */
    default String kind() {
        return switch (this) {
            case Table _ -> "a table";
            case Array _ -> "a list";
            case Text _ -> "a string";
            case Whole _ -> "a whole number";
            case Real _ -> "a number with a fraction or exponent";
            case Bool _ -> "a boolean";
            case Time _ -> "a date";
        };
    }

    /** {@return the value as it is written in TOML; lists and tables only hinted at} */
    default String written() {
        return switch (this) {
            case Table _ -> "{…}";
            case Array(List<TomlNode> elements, _) -> elements.isEmpty() ? "[]" : "[…]";
            case Text(String text, _) -> "\"" + Toml.excerpt(text) + "\"";
            case Whole(long number, _) -> Long.toString(number);
            case Real(double number, _) -> Double.toString(number);
            case Bool(boolean value, _) -> Boolean.toString(value);
            case Time(String text, _) -> text;
        };
    }

    /**
     * A table.
     *
     * @param entries in the order of the file
     * @param where its header, or the first key that implies it
     */
    record Table(Map<String, TomlNode> entries, Location.Text where) implements TomlNode {
        public Table {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /** A list, or an array of tables. */
    record Array(List<TomlNode> elements, Location.Text where) implements TomlNode {
        public Array {
            elements = List.copyOf(elements);
        }
    }

    /** A string of any notation. */
    record Text(String text, Location.Text where) implements TomlNode {}

    /** An integer. */
    record Whole(long number, Location.Text where) implements TomlNode {}

    /** A float. */
    record Real(double number, Location.Text where) implements TomlNode {}

    /** A boolean. */
    record Bool(boolean value, Location.Text where) implements TomlNode {}

    /** A date, with or without a time. */
    record Time(String text, Location.Text where) implements TomlNode {}
}

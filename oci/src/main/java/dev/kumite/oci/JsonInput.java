package dev.kumite.oci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The values of a JSON document, read in its order with the rules of Go's encoding/json: names
 * without regard to case, no conversions, {@code null} as if absent. What does not fit becomes a
 * problem and reads as if absent.
 *
 * <p>A value method reads the value of the member that {@link #first} or {@link #next} has just
 * named. Confined to the reading thread.
 */
final class JsonInput {

    private final JsonParser parser;
    private final JsonProblems problems;
    private final JsonMembers members;

    private final JsonInteger integer;

    JsonInput(JsonParser parser, JsonProblems problems, char[] text) {
        this.parser = parser;
        this.problems = problems;
        members = new JsonMembers(parser, problems, text);
        integer = new JsonInteger(parser);
    }

    JsonProblems problems() {
        return problems;
    }

    /**
     * {@return the first known member that the object at hand names; null at its end, or for {@code
     * null}}
     */
    @Nullable String first(Names names) {
        return members.first(names);
    }

    /** {@return the next known member that the object names; null at its end} */
    @Nullable String next(Names names) {
        return members.next(names);
    }

    /** Adds that the value at hand is not what is needed, and goes to its end. */
    void mismatch(String needed, String fix) {
        problems.mismatch(parser, needed, fix);
        members.skip();
    }

    // Scalars

    /** {@return the string, empty if absent} */
    String string() {
        return string(parser.nextToken());
    }

    /** {@return the truth value, false if absent} */
    boolean bool() {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_TRUE) {
            return true;
        }
        if (token != JsonToken.VALUE_FALSE && token != JsonToken.VALUE_NULL) {
            mismatch("true or false", "write true or false, without quotes");
        }
        return false;
    }

    /** {@return the truth value, if there is one} */
    Optional<Boolean> optionalBool() {
        boolean value = bool();
        return parser.currentToken().isBoolean() ? Optional.of(value) : Optional.empty();
    }

    /** {@return the whole number, 0 if absent} */
    long integer(IntegerRange range) {
        return integer(range, parser.nextToken());
    }

    /** {@return the whole number, if there is one} */
    Optional<Long> optionalInteger(IntegerRange range) {
        long value = integer(range);
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? Optional.of(value)
                : Optional.empty();
    }

    /** {@return the whole number, 0 if absent} */
    Uint64 uint64() {
        JsonToken token = parser.nextToken();
        if (integer.isUint64()) {
            return Uint64.of(integer.value());
        }
        if (token != JsonToken.VALUE_NULL) {
            notInRange("0", "18446744073709551615");
        }
        return Uint64.ZERO;
    }

    /** {@return the whole number, if there is one} */
    Optional<Uint64> optionalUint64() {
        Uint64 value = uint64();
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? Optional.of(value)
                : Optional.empty();
    }

    // Objects

    /** {@return the object, if there is one} */
    <T> Optional<T> object(ValueReader<T> reader) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_OBJECT) {
            return Optional.of(reader.read(this));
        }
        if (token != JsonToken.VALUE_NULL) {
            notAnObject();
        }
        return Optional.empty();
    }

    /**
     * {@return the object}
     *
     * @param absent what an absent one means
     */
    <T> T object(ValueReader<T> reader, T absent) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_OBJECT) {
            return reader.read(this);
        }
        if (token != JsonToken.VALUE_NULL) {
            notAnObject();
        }
        return absent;
    }

    /** {@return the strings by key, empty if absent} */
    Map<String, String> stringMap() {
        return map("an object of strings", JsonInput::string);
    }

    /** {@return the objects by key, empty if absent} */
    <T> Map<String, T> objectMap(ValueReader<T> reader) {
        return map("an object of objects", (in, token) -> in.item(token, reader));
    }

    /**
     * {@return the lists of strings by key, of the object at hand; neither lists nor strings may be
     * {@code null}}
     */
    Map<String, List<String>> stringsByName() {
        return entries(JsonInput::stringsNotNull);
    }

    // Lists

    /** {@return the strings, empty if absent} */
    List<String> strings() {
        return list("a list of strings", JsonInput::string);
    }

    /** {@return the whole numbers, empty if absent} */
    List<Long> integers(IntegerRange range) {
        return list("a list of whole numbers", (in, token) -> in.integer(range, token));
    }

    /** {@return the objects, empty if absent; {@code null} is an object without members} */
    <T> List<T> objects(ValueReader<T> reader) {
        return list("a list of objects", (in, token) -> in.item(token, reader));
    }

    /**
     * {@return what comes of a list of strings, none of them {@code null}, or of an object}
     *
     * @param absent what an absent one means
     */
    <T> T stringsOrObject(Function<List<String>, T> fromStrings, ValueReader<T> reader, T absent) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_ARRAY) {
            return fromStrings.apply(items(JsonInput::stringNotNull));
        }
        if (token == JsonToken.START_OBJECT) {
            return reader.read(this);
        }
        if (token != JsonToken.VALUE_NULL) {
            mismatch("an object or a list of strings", "write one of them");
        }
        return absent;
    }

    /** Goes to the end of the value, whatever it is. */
    void skip() {
        members.skipNext();
    }

    // The value at hand, of the type that its token has

    private String string(JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            int length = parser.getStringLength();
            if (length > Limits.MAX_STRING_LENGTH) {
                problems.tooLarge(
                        parser,
                        "has " + length + " characters",
                        Limits.MAX_STRING_LENGTH,
                        "characters");
                return "";
            }
            return parser.getString();
        }
        if (token != JsonToken.VALUE_NULL) {
            mismatch("a string", token.isScalarValue() ? "write it in quotes" : "write one string");
        }
        return "";
    }

    private @Nullable String stringNotNull(JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            mismatch("a string", "remove it");
            return null;
        }
        return string(token);
    }

    private @Nullable List<String> stringsNotNull(JsonToken token) {
        if (token == JsonToken.START_ARRAY) {
            return items(JsonInput::stringNotNull);
        }
        notAList("a list of strings");
        return null;
    }

    private long integer(IntegerRange range, JsonToken token) {
        if (integer.isIn(range)) {
            return integer.value();
        }
        if (token != JsonToken.VALUE_NULL) {
            notInRange(Long.toString(range.min), Long.toString(range.max));
        }
        return 0;
    }

    private <T> @Nullable T item(JsonToken token, ValueReader<T> reader) {
        if (token == JsonToken.START_OBJECT || token == JsonToken.VALUE_NULL) {
            return reader.read(this);
        }
        notAnObject();
        return null;
    }

    // Lists and maps of anything

    /**
     * Reads an item at hand, whose first token it is given; null leaves the item out, because of a
     * problem.
     */
    @FunctionalInterface
    private interface Item<T> {
        @Nullable T read(JsonInput in, JsonToken token);
    }

    private <T> List<T> list(String needed, Item<T> item) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_ARRAY) {
            return items(item);
        }
        if (token != JsonToken.VALUE_NULL) {
            notAList(needed);
        }
        return List.of();
    }

    private <T> List<T> items(Item<T> item) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_ARRAY) {
            return List.of();
        }
        List<T> items = new ArrayList<>();
        int count = 0;
        for (; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (++count > Limits.MAX_LIST_ITEMS) {
                refuseMore(count, Limits.MAX_LIST_ITEMS, "items of a list");
                continue;
            }
            T value = item.read(this, token);
            if (value != null) {
                items.add(value);
            }
        }
        return List.copyOf(items);
    }

    private <T> Map<String, T> map(String needed, Item<T> item) {
        JsonToken token = parser.nextToken();
        if (token != JsonToken.START_OBJECT) {
            if (token != JsonToken.VALUE_NULL) {
                mismatch(needed, "write its entries in braces");
            }
            return Map.of();
        }
        return entries(item);
    }

    private <T> Map<String, T> entries(Item<T> item) {
        Map<String, T> entries = new LinkedHashMap<>();
        int count = 0;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (++count > Limits.MAX_MAP_ENTRIES) {
                refuseMore(count, Limits.MAX_MAP_ENTRIES, "entries of a map");
            } else {
                entry(entries, name, item);
            }
        }
        return OrderedMap.owning(entries);
    }

    private <T> void entry(Map<String, T> entries, String key, Item<T> item) {
        boolean fits = members.hasFitLength(key);
        if (entries.containsKey(key)) {
            members.refuseDuplicate(key);
            fits = false;
        }
        if (!fits) {
            members.skipNext();
            return;
        }
        T value = item.read(this, parser.nextToken());
        if (value != null) {
            entries.put(key, value);
        }
    }

    private void refuseMore(int count, int bound, String unit) {
        if (count == bound + 1) {
            problems.tooLarge(parser, "is one too many", bound, unit);
        }
        if (parser.currentToken() == JsonToken.PROPERTY_NAME) {
            members.skipNext();
        } else {
            members.skip();
        }
    }

    // Problems

    private void notAnObject() {
        mismatch("an object", "write its members in braces");
    }

    private void notAList(String needed) {
        mismatch(needed, "write it in square brackets");
    }

    private void notInRange(String min, String max) {
        String fix =
                switch (parser.currentToken()) {
                    case VALUE_NUMBER_INT -> "write a number in that range";
                    case VALUE_NUMBER_FLOAT -> "write it in digits only";
                    default -> "write it in decimal digits, without quotes";
                };
        mismatch("a whole number from " + min + " to " + max, fix);
    }
}

package dev.kumite.vectors;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as maps, lists, texts, {@link BigInteger}s and booleans, for tests that compare whole
 * documents. Other numbers are kept as {@link Double}.
 */
public final class JsonTree {

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20_000).build())
                    .build();

    private JsonTree() {}

    /** {@return the document, or {@code null} for JSON's {@code null}} */
    public static Object parse(String json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            return value(parser);
        }
    }

    /** {@return the object that {@code value} is} */
    @SuppressWarnings("unchecked") // parse makes no other maps
    public static Map<String, Object> object(Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    /** {@return the list that {@code value} is} */
    @SuppressWarnings("unchecked") // parse makes no other lists
    public static List<Object> list(Object value) {
        return (List<Object>) Objects.requireNonNull(value);
    }

    /** {@return a copy that shares nothing that can be changed} */
    public static Object copy(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> copied = new LinkedHashMap<>();
                map.forEach((key, element) -> copied.put((String) key, copy(element)));
                yield copied;
            }
            case List<?> list -> {
                List<Object> copied = new ArrayList<>();
                list.forEach(element -> copied.add(copy(element)));
                yield copied;
            }
            case null, default -> value;
        };
    }

    /** {@return whether some object of the document names a key twice, in whatever case} */
    public static boolean repeatsKey(String json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            List<List<String>> open = new ArrayList<>();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    open.add(new ArrayList<>());
                } else if (token == JsonToken.END_OBJECT) {
                    open.removeLast();
                } else if (token == JsonToken.PROPERTY_NAME) {
                    String folded =
                            parser.currentName().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
                    if (open.getLast().contains(folded)) {
                        return true;
                    }
                    open.getLast().add(folded);
                }
            }
            return false;
        } catch (tools.jackson.core.JacksonException notJson) {
            return false;
        }
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, value(parser));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalArgumentException("unexpected " + parser.currentToken());
        };
    }
}

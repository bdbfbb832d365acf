package dev.kumite.engine;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as this module keeps it on disk: objects, lists, strings, whole numbers, truth values. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Deepest nesting that is read; what this module writes has three levels. */
    private static final int MAX_DEPTH = 8;

    private Json() {}

    /** {@return a document that is one object, in one line} */
    static String object(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            members.accept(out);
            out.writeEndObject();
        }
        return text.toString();
    }

    /** {@return the object that the text is, or nothing if it is none or is damaged} */
    static Optional<Members> read(String text) {
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Members members = readMembers(in, MAX_DEPTH);
            return in.nextToken() == null ? Optional.of(members) : Optional.empty();
        } catch (JacksonException | IllegalStateException _) {
            return Optional.empty();
        }
    }

    private static Members readMembers(JsonParser in, int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            value(in, depth - 1).ifPresent(value -> members.put(name, value));
        }
        return new Members(members);
    }

    private static Optional<Object> value(JsonParser in, int depth) {
        if (depth == 0) {
            throw new IllegalStateException("nested too deeply");
        }
        return switch (in.currentToken()) {
            case START_OBJECT -> Optional.of(readMembers(in, depth));
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    value(in, depth - 1).ifPresent(items::add);
                }
                yield Optional.of(items);
            }
            case VALUE_STRING -> Optional.of(in.getString());
            case VALUE_NUMBER_INT -> Optional.of(in.getLongValue());
            case VALUE_TRUE -> Optional.of(true);
            case VALUE_FALSE -> Optional.of(false);
            case VALUE_NULL -> Optional.empty();
            default -> throw new IllegalStateException("unexpected " + in.currentToken());
        };
    }

    /**
     * The members of an object. What is absent or of another type is empty, 0 or false.
     *
     * @param values by name
     */
    record Members(Map<String, Object> values) {

        String string(String name) {
            return values.get(name) instanceof String text ? text : "";
        }

        long number(String name) {
            return values.get(name) instanceof Long number ? number : 0;
        }

        boolean bool(String name) {
            return values.get(name) instanceof Boolean value && value;
        }

        Optional<Members> object(String name) {
            return values.get(name) instanceof Members members
                    ? Optional.of(members)
                    : Optional.empty();
        }

        List<Members> objects(String name) {
            List<Members> objects = new ArrayList<>();
            if (values.get(name) instanceof List<?> items) {
                for (Object item : items) {
                    if (item instanceof Members members) {
                        objects.add(members);
                    }
                }
            }
            return objects;
        }
    }
}

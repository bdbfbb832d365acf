package dev.kumite.vmm;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** {@link Json} as text, and back within bounds. */
final class JsonText {

    /** Deepest nesting that is read. Source: assumed; QMP's own answers have less than ten. */
    static final int MAX_DEPTH = 32;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNameLength(Qmp.MAX_LINE_BYTES)
                                    .maxStringLength(Qmp.MAX_LINE_BYTES)
                                    .build())
                    // A table shared by all documents would keep hostile names.
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
                    .build();

    private JsonText() {}

    /**
     * {@return the value that a line holds}
     *
     * @throws VmmException if it is no JSON, or too deep
     */
    static Json parse(byte[] line, int length) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line, 0, length)) {
            parser.nextToken();
            Json value = read(parser);
            if (parser.nextToken() != null) {
                throw new VmmException(
                        VmmException.Category.PROTOCOL, "more than one JSON value in a line");
            }
            return value;
        } catch (JacksonException e) {
            throw new VmmException(
                    VmmException.Category.PROTOCOL, "no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Json read(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new VmmException(VmmException.Category.PROTOCOL, "no JSON value in a line");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Json> members = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, read(parser));
                }
                yield new Json.Obj(members);
            }
            case START_ARRAY -> {
                List<Json> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(read(parser));
                }
                yield new Json.Arr(elements);
            }
            case VALUE_STRING -> new Json.Text(parser.getString());
            case VALUE_NUMBER_INT ->
                    switch (parser.getNumberType()) {
                        case INT, LONG -> new Json.Whole(parser.getLongValue());
                        default -> new Json.Decimal(parser.getDoubleValue());
                    };
            case VALUE_NUMBER_FLOAT -> new Json.Decimal(parser.getDoubleValue());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> Json.Null.NULL;
            default ->
                    throw new VmmException(
                            VmmException.Category.PROTOCOL, "unexpected " + token + " in JSON");
        };
    }

    static String print(Json value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(value, generator);
        }
        return text.toString();
    }

    private static void write(Json value, JsonGenerator generator) {
        switch (value) {
            case Json.Obj(Map<String, Json> members) -> {
                generator.writeStartObject();
                for (Map.Entry<String, Json> member : members.entrySet()) {
                    generator.writeName(member.getKey());
                    write(member.getValue(), generator);
                }
                generator.writeEndObject();
            }
            case Json.Arr(List<Json> elements) -> {
                generator.writeStartArray();
                for (Json element : elements) {
                    write(element, generator);
                }
                generator.writeEndArray();
            }
            case Json.Text(String text) -> generator.writeString(text);
            case Json.Whole(long number) -> generator.writeNumber(number);
            case Json.Decimal(double number) -> generator.writeNumber(number);
            case Json.Bool(boolean truth) -> generator.writeBoolean(truth);
            case Json.Null _ -> generator.writeNull();
        }
    }
}

package dev.kumite.oci;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON document in the making. What is absent or zero is left out, unless the method's name says
 * otherwise, as Go's encoding/json does with {@code omitempty}. Confined to the writing thread.
 */
final class JsonOutput {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator generator;

    private JsonOutput(JsonGenerator generator) {
        this.generator = generator;
    }

    /** {@return a document that is one object} */
    static <T> String document(T value, BiConsumer<JsonOutput, T> members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            new JsonOutput(generator).object(value, members);
        }
        return text.toString();
    }

    void string(String name, String value) {
        if (!value.isEmpty()) {
            stringAlways(name, value);
        }
    }

    void stringAlways(String name, String value) {
        generator.writeStringProperty(name, value);
    }

    void bool(String name, boolean value) {
        if (value) {
            boolAlways(name, true);
        }
    }

    void boolAlways(String name, boolean value) {
        generator.writeBooleanProperty(name, value);
    }

    void bool(String name, Optional<Boolean> value) {
        value.ifPresent(present -> boolAlways(name, present));
    }

    void integer(String name, long value) {
        if (value != 0) {
            integerAlways(name, value);
        }
    }

    void integerAlways(String name, long value) {
        generator.writeNumberProperty(name, value);
    }

    void integer(String name, Optional<Long> value) {
        value.ifPresent(present -> integerAlways(name, present));
    }

    void uint64(String name, Uint64 value) {
        if (!value.equals(Uint64.ZERO)) {
            uint64Always(name, value);
        }
    }

    void uint64Always(String name, Uint64 value) {
        generator.writeName(name);
        generator.writeNumber(value.toString());
    }

    void uint64(String name, Optional<Uint64> value) {
        value.ifPresent(present -> uint64Always(name, present));
    }

    void strings(String name, List<String> values) {
        if (!values.isEmpty()) {
            stringsAlways(name, values);
        }
    }

    void stringsAlways(String name, List<String> values) {
        list(name, values, generator::writeString);
    }

    void integers(String name, List<Long> values) {
        if (!values.isEmpty()) {
            list(name, values, generator::writeNumber);
        }
    }

    void stringMap(String name, Map<String, String> entries) {
        if (!entries.isEmpty()) {
            generator.writeName(name);
            generator.writeStartObject();
            entries.forEach(this::stringAlways);
            generator.writeEndObject();
        }
    }

    <T> void object(String name, Optional<T> value, BiConsumer<JsonOutput, T> members) {
        value.ifPresent(present -> objectAlways(name, present, members));
    }

    <T> void objectAlways(String name, T value, BiConsumer<JsonOutput, T> members) {
        generator.writeName(name);
        object(value, members);
    }

    <T> void objects(String name, List<T> values, BiConsumer<JsonOutput, T> members) {
        if (!values.isEmpty()) {
            list(name, values, value -> object(value, members));
        }
    }

    <T> void objectMap(String name, Map<String, T> entries, BiConsumer<JsonOutput, T> members) {
        if (!entries.isEmpty()) {
            generator.writeName(name);
            generator.writeStartObject();
            entries.forEach((key, value) -> objectAlways(key, value, members));
            generator.writeEndObject();
        }
    }

    private <T> void object(T value, BiConsumer<JsonOutput, T> members) {
        generator.writeStartObject();
        members.accept(this, value);
        generator.writeEndObject();
    }

    private <T> void list(String name, List<T> values, Consumer<T> item) {
        generator.writeName(name);
        generator.writeStartArray();
        values.forEach(item);
        generator.writeEndArray();
    }
}

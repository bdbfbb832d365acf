package dev.kumite.cli;

import dev.kumite.config.Explanation;
import dev.kumite.config.Explanation.AnnotationVerdict;
import dev.kumite.config.Explanation.Entry;
import dev.kumite.config.Explanation.Section;
import dev.kumite.config.Explanation.Value;
import dev.kumite.config.Origin;
import dev.kumite.config.Overhead;
import dev.kumite.config.PlanDifference;
import dev.kumite.config.PlanDifference.Difference;
import dev.kumite.oci.Uint64;
import java.io.StringWriter;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Explanations and differences as JSON, for programs. Members are added, but never renamed. */
final class ExplanationJson {

    private static final JsonFactory JSON = new JsonFactory();

    private ExplanationJson() {}

    /**
     * {@return {@code {"summary", "sections", "values", "annotations", "problems", "overhead"}} on
     * one line}
     *
     * @param summary of the explanation
     */
    static String of(Explanation summary) {
        StringWriter text = new StringWriter(16 << 10);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("summary");
            json.writeStringProperty("verdict", summary.summary().verdict().word());
            json.writeStringProperty("headline", summary.summary().headline());
            json.writeStringProperty("text", summary.summary().text());
            json.writeEndObject();
            json.writeArrayPropertyStart("sections");
            summary.sections().forEach(section -> section(json, section));
            json.writeEndArray();
            json.writeArrayPropertyStart("values");
            summary.values().forEach(value -> value(json, value));
            json.writeEndArray();
            json.writeArrayPropertyStart("annotations");
            summary.annotations().forEach(verdict -> annotation(json, verdict));
            json.writeEndArray();
            json.writeName("problems");
            ProblemJson.write(json, summary.problems());
            overhead(json, summary.overhead());
            json.writeEndObject();
        }
        return text.toString();
    }

    /** {@return {@code {"first", "second", "differences"}} on one line} */
    static String of(PlanDifference difference, String first, String second) {
        StringWriter text = new StringWriter(2 << 10);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("first", first);
            json.writeStringProperty("second", second);
            json.writeArrayPropertyStart("differences");
            for (Difference one : difference.differences()) {
                json.writeStartObject();
                json.writeStringProperty("field", one.field());
                switch (one) {
                    case Difference.Changed(Value left, Value right, _) -> {
                        side(json, "first", left);
                        side(json, "second", right);
                    }
                    case Difference.OnlyLeft(Value left, _) -> side(json, "first", left);
                    case Difference.OnlyRight(Value right, _) -> side(json, "second", right);
                }
                json.writeStringProperty("why", one.why());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void side(JsonGenerator json, String name, Value value) {
        json.writeObjectPropertyStart(name);
        json.writeName("value");
        plain(json, value.value());
        json.writeName("origin");
        origin(json, value.origin());
        json.writeEndObject();
    }

    private static void section(JsonGenerator json, Section section) {
        json.writeStartObject();
        json.writeStringProperty("title", section.title());
        json.writeStringProperty("lead", section.lead());
        json.writeArrayPropertyStart("entries");
        for (Entry entry : section.entries()) {
            json.writeStartObject();
            json.writeStringProperty("name", entry.name());
            json.writeStringProperty("value", entry.value());
            json.writeName("origin");
            origin(json, entry.origin());
            json.writeStringProperty("meaning", entry.meaning());
            json.writeStringProperty("note", entry.note());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, Value value) {
        json.writeStartObject();
        json.writeStringProperty("field", value.field());
        json.writeName("value");
        plain(json, value.value());
        json.writeName("origin");
        origin(json, value.origin());
        json.writeEndObject();
    }

    private static void plain(JsonGenerator json, Object value) {
        switch (value) {
            case String text -> json.writeString(text);
            case Boolean flag -> json.writeBoolean(flag);
            case Long number -> json.writeNumber(number);
            case Uint64 number -> json.writeNumber(new BigInteger(number.toString()));
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(element -> json.writeString(element.toString()));
                json.writeEndArray();
            }
            default -> throw new IllegalArgumentException("no value is a " + value.getClass());
        }
    }

    /** Writes {@code {"kind", "text", …}}; what follows depends on the kind. */
    static void origin(JsonGenerator json, Origin origin) {
        json.writeStartObject();
        switch (origin) {
            case Origin.BuiltIn _ -> json.writeStringProperty("kind", "default");
            case Origin.Configuration(String file, int line, int column, String key) -> {
                json.writeStringProperty("kind", "configuration");
                json.writeStringProperty("file", file);
                json.writeNumberProperty("line", line);
                json.writeNumberProperty("column", column);
                json.writeStringProperty("key", key);
            }
            case Origin.Annotation(String key) -> {
                json.writeStringProperty("kind", "annotation");
                json.writeStringProperty("key", key);
            }
            case Origin.SpecPath(String pointer) -> {
                json.writeStringProperty("kind", "spec");
                json.writeStringProperty("pointer", pointer);
            }
            case Origin.Argument(String name) -> {
                json.writeStringProperty("kind", "argument");
                json.writeStringProperty("name", name);
            }
            case Origin.Rule(String what, List<Origin> from) -> {
                json.writeStringProperty("kind", "rule");
                json.writeStringProperty("what", what);
                json.writeArrayPropertyStart("from");
                from.forEach(input -> origin(json, input));
                json.writeEndArray();
            }
        }
        json.writeStringProperty("text", origin.describe());
        json.writeEndObject();
    }

    private static void annotation(JsonGenerator json, AnnotationVerdict verdict) {
        json.writeStartObject();
        json.writeStringProperty("key", verdict.key());
        json.writeStringProperty("value", verdict.value());
        json.writeStringProperty("fate", verdict.fate().word());
        json.writeStringProperty("why", verdict.why());
        json.writeEndObject();
    }

    private static void overhead(JsonGenerator json, Overhead overhead) {
        json.writeObjectPropertyStart("overhead");
        json.writeBooleanProperty("estimate", true);
        json.writeNumberProperty("usualMib", overhead.usualMib());
        json.writeNumberProperty("mostMib", overhead.mostMib());
        json.writeArrayPropertyStart("figures");
        for (Overhead.Figure figure : overhead.figures()) {
            json.writeStartObject();
            json.writeStringProperty("name", figure.name());
            json.writeNumberProperty("usualMib", figure.usualMib());
            json.writeNumberProperty("mostMib", figure.mostMib());
            json.writeStringProperty("basis", figure.basis());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("notes");
        overhead.notes().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }
}

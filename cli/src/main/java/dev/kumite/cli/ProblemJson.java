package dev.kumite.cli;

import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Problems as JSON, for programs. */
final class ProblemJson {

    private static final JsonFactory JSON = new JsonFactory();

    private ProblemJson() {}

    /** {@return {@code {"problems": […]}} on one line} */
    static String document(List<Problem> problems) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeName("problems");
            write(json, problems);
            json.writeEndObject();
        }
        return text.toString();
    }

    /** Writes a list of {@code {severity, where, what, why, fix}}. */
    static void write(JsonGenerator json, List<Problem> problems) {
        json.writeStartArray();
        for (Problem problem : problems) {
            json.writeStartObject();
            json.writeStringProperty("severity", problem.isError() ? "error" : "warning");
            json.writeName("where");
            write(json, problem.where());
            json.writeStringProperty("what", problem.what());
            json.writeStringProperty("why", problem.why());
            json.writeStringProperty("fix", problem.fix());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Location where) {
        json.writeStartObject();
        switch (where) {
            case Location.Text text -> {
                json.writeStringProperty("source", text.source());
                if (text.line() > 0) {
                    json.writeNumberProperty("line", text.line());
                }
                if (text.column() > 0) {
                    json.writeNumberProperty("column", text.column());
                }
                if (!text.path().isEmpty()) {
                    json.writeStringProperty("path", text.path());
                }
            }
            case Location.Annotation annotation ->
                    json.writeStringProperty("annotation", annotation.key());
            case Location.Argument argument ->
                    json.writeStringProperty("argument", argument.name());
        }
        json.writeEndObject();
    }
}

package dev.kumite.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * Spans as a collector of OpenTelemetry takes them over HTTP.
 *
 * <p>Source: OpenTelemetry protocol 1, {@code ExportTraceServiceRequest} in its JSON encoding:
 * identities in hexadecimal, 64-bit numbers as strings, enumerations as numbers.
 */
final class TraceJson {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Source: trace.proto, {@code SPAN_KIND_INTERNAL}. */
    private static final int INTERNAL = 1;

    /** Source: trace.proto, {@code STATUS_CODE_ERROR}. */
    private static final int ERROR = 2;

    private TraceJson() {}

    /**
     * {@return the request that sends these spans}
     *
     * @param trace 32 hexadecimal digits
     * @param resource what they are about, by the names of OpenTelemetry's conventions
     */
    static String of(String trace, Map<String, String> resource, List<Span> spans) {
        return Json.object(out -> {
            out.writeArrayPropertyStart("resourceSpans");
            out.writeStartObject();
            out.writeObjectPropertyStart("resource");
            out.writeArrayPropertyStart("attributes");
            resource.forEach((key, value) -> attribute(out, key, value));
            out.writeEndArray();
            out.writeEndObject();
            out.writeArrayPropertyStart("scopeSpans");
            out.writeStartObject();
            out.writeObjectPropertyStart("scope");
            out.writeStringProperty("name", "dev.kumite.engine");
            out.writeEndObject();
            out.writeArrayPropertyStart("spans");
            spans.forEach(span -> span(out, trace, span));
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndArray();
        });
    }

    private static void attribute(JsonGenerator out, String key, String value) {
        out.writeStartObject();
        out.writeStringProperty("key", key);
        out.writeObjectPropertyStart("value");
        out.writeStringProperty("stringValue", value);
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void span(JsonGenerator out, String trace, Span span) {
        out.writeStartObject();
        out.writeStringProperty("traceId", trace);
        out.writeStringProperty("spanId", span.id());
        if (!span.parent().isEmpty()) {
            out.writeStringProperty("parentSpanId", span.parent());
        }
        out.writeStringProperty("name", span.name());
        out.writeNumberProperty("kind", INTERNAL);
        out.writeStringProperty("startTimeUnixNano", nanos(span.began()));
        out.writeStringProperty("endTimeUnixNano", nanos(span.ended()));
        span.error()
                .ifPresent(message -> {
                    out.writeObjectPropertyStart("status");
                    out.writeNumberProperty("code", ERROR);
                    out.writeStringProperty("message", message);
                    out.writeEndObject();
                });
        out.writeEndObject();
    }

    private static String nanos(Instant time) {
        return Long.toString(time.getEpochSecond() * NANOS_PER_SECOND + time.getNano());
    }
}

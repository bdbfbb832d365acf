package dev.kumite.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * A stretch of time in a trace. Source: OpenTelemetry protocol, {@code
 * opentelemetry/proto/trace/v1/trace.proto}.
 *
 * @param id 16 hexadecimal digits
 * @param parent the span that it is a part of, or empty
 * @param name what was done
 * @param began when it began
 * @param ended when it ended
 * @param error why it failed; nothing if it did not
 */
record Span(
        String id,
        String parent,
        String name,
        Instant began,
        Instant ended,
        Optional<String> error) {}

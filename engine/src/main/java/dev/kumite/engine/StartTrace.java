package dev.kumite.engine;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The trace of one sandbox: a span for its start, in it one for each {@link Step}, and one for each
 * step of further containers. Sends nothing unless the configuration wants it. Immutable.
 */
final class StartTrace {

    /** Name of the start's span, and beginning of its steps' names. */
    static final String NAME = "kumite.start";

    /** What the caller's trace is called. Source: W3C Trace Context, "traceparent Header". */
    static final String PARENT = "TRACEPARENT";

    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private final Engine engine;
    private final TraceTarget.@Nullable Collector target;
    private final String sandbox;
    private final String trace;
    private final String parent;
    private final String root;

    private StartTrace(
            Engine engine,
            TraceTarget.@Nullable Collector target,
            String sandbox,
            String trace,
            String parent,
            String root) {
        this.engine = engine;
        this.target = target;
        this.sandbox = sandbox;
        this.trace = trace;
        this.parent = parent;
        this.root = root;
    }

    /** {@return the trace of a sandbox that is about to be started} */
    static StartTrace begin(Engine engine, String sandbox) {
        return of(engine, sandbox, true);
    }

    /** {@return the trace of a sandbox whose start is over} */
    static StartTrace resume(Engine engine, String sandbox) {
        return of(engine, sandbox, false);
    }

    private static StartTrace of(Engine engine, String sandbox, boolean start) {
        if (!(engine.traceTarget() instanceof TraceTarget.Collector target)) {
            return new StartTrace(engine, null, sandbox, "", "", "");
        }
        String[] caller = engine.variable(PARENT).orElse("").split("-", -1);
        boolean valid =
                caller.length >= 4 && isHex(caller[1], TRACE_BYTES) && isHex(caller[2], SPAN_BYTES);
        String parent = valid ? caller[2] : "";
        return new StartTrace(
                engine,
                target,
                sandbox,
                valid ? caller[1] : random(TRACE_BYTES),
                parent,
                start ? random(SPAN_BYTES) : parent);
    }

    private static boolean isHex(String text, int bytes) {
        return text.length() == 2 * bytes
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
                && text.chars().anyMatch(c -> c != '0');
    }

    private static String random(int bytes) {
        byte[] id = new byte[bytes];
        new SecureRandom().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** {@return why nothing is sent although it is wanted} */
    Optional<String> problem() {
        return engine.traceTarget() instanceof TraceTarget.Nowhere(var problem)
                ? Optional.of(problem.describe())
                : Optional.empty();
    }

    /**
     * Sends a start.
     *
     * @param clock with its steps
     * @param error why it failed; nothing if it did not
     */
    void started(StepClock clock, Optional<String> error, RecordWriter record) {
        if (target == null) {
            return;
        }
        List<Span> spans = new ArrayList<>();
        Instant began = clock.origin();
        Instant ended = clock.now();
        spans.add(new Span(root, parent, NAME, began, ended, error));
        for (Timings.Entry entry : clock.timings().entries()) {
            Instant from = began.plus(entry.began());
            spans.add(step(entry.step(), from, from.plus(entry.took()), Optional.empty()));
        }
        Step failed = clock.current();
        if (error.isPresent() && failed != null) {
            spans.add(step(failed, clock.currentBegan(), ended, error));
        }
        send(sandbox, spans, record);
    }

    /** Does a step of a container and sends it. */
    <T> T take(Step step, String container, RecordWriter record, Supplier<T> action) {
        if (target == null) {
            return action.get();
        }
        Instant began = engine.now();
        long from = System.nanoTime();
        Optional<String> error = Optional.of("it was not finished");
        try {
            T result = action.get();
            error = Optional.empty();
            return result;
        } catch (EngineException failure) {
            error = Optional.of(String.valueOf(failure.getMessage()));
            throw failure;
        } finally {
            Instant ended = began.plus(Duration.ofNanos(System.nanoTime() - from));
            send(container, List.of(step(step, began, ended, error)), record);
        }
    }

    private Span step(Step step, Instant began, Instant ended, Optional<String> error) {
        return new Span(random(SPAN_BYTES), root, NAME + "." + step.word(), began, ended, error);
    }

    private void send(String container, List<Span> spans, RecordWriter record) {
        if (target == null) {
            return;
        }
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put("service.name", "kumite");
        resource.put("kumite.sandbox.id", sandbox);
        resource.put("container.id", container);
        engine.traces().send(target, TraceJson.of(trace, resource, spans), record::note);
    }
}

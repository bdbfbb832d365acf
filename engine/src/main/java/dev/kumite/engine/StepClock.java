package dev.kumite.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the time of a start's steps and writes them into the record. Confined to one thread. */
final class StepClock {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RecordWriter record;
    private final long origin = System.nanoTime();
    private final List<Timings.Entry> entries = new ArrayList<>();
    private @Nullable Step current;

    StepClock(RecordWriter record) {
        this.record = record;
    }

    /** Does the step. */
    <T> T take(Step step, Supplier<T> action) {
        long began = System.nanoTime();
        current = step;
        record.note(step.word() + ": begins");
        T result = action.get();
        long ended = System.nanoTime();
        entries.add(
                new Timings.Entry(
                        step, Duration.ofNanos(began - origin), Duration.ofNanos(ended - began)));
        record.note(step.word() + ": done in " + (ended - began) / NANOS_PER_MILLI + " ms");
        current = null;
        return result;
    }

    /** Does the step. */
    void run(Step step, Runnable action) {
        take(
                step,
                () -> {
                    action.run();
                    return step;
                });
    }

    /** {@return the step that was begun and not finished} */
    @Nullable Step current() {
        return current;
    }

    Timings timings() {
        return new Timings(entries);
    }
}

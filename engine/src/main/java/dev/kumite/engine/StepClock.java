package dev.kumite.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the time of a start's steps and writes them into the record. Confined to one thread. */
final class StepClock {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long origin = System.nanoTime();
    private final Instant originTime;
    private final List<Timings.Entry> entries = new ArrayList<>();
    private @Nullable RecordWriter record;
    private @Nullable Step current;
    private long began;

    StepClock(InstantSource clock) {
        this.originTime = clock.instant();
    }

    /** {@return when the start began} */
    Instant origin() {
        return originTime;
    }

    /** {@return the time by this clock, which nobody sets meanwhile} */
    Instant now() {
        return originTime.plusNanos(System.nanoTime() - origin);
    }

    /** {@return when the step that was begun and not finished began} */
    Instant currentBegan() {
        return originTime.plusNanos(began - origin);
    }

    /** From now on steps are written down. */
    void attach(RecordWriter writer) {
        record = writer;
    }

    /** Does the step. */
    <T> T take(Step step, Supplier<T> action) {
        begin(step);
        T result = action.get();
        done(step);
        return result;
    }

    /** Does the step. */
    void run(Step step, Runnable action) {
        begin(step);
        action.run();
        done(step);
    }

    /** The step begins. */
    void begin(Step step) {
        current = step;
        began = System.nanoTime();
        note(step.word() + ": begins");
    }

    /** A step that was done in part goes on; its time began when it did at first. */
    void resume(Step step) {
        entries.removeIf(entry -> entry.step() == step);
        current = step;
        began = origin;
    }

    /** The step is done. */
    void done(Step step) {
        add(step, Duration.ofNanos(System.nanoTime() - began));
        current = null;
    }

    /** A step is done that somebody else took the time of; the next one of the machine begins. */
    void took(String word, Duration time) {
        for (Step step : List.of(Step.VIRTIOFSD, Step.QEMU, Step.QMP)) {
            if (step.word().equals(word)) {
                began = System.nanoTime() - time.toNanos();
                add(step, time);
                current = step == Step.VIRTIOFSD ? Step.QEMU : Step.QMP;
            }
        }
    }

    private void add(Step step, Duration took) {
        entries.add(new Timings.Entry(step, Duration.ofNanos(began - origin), took));
        note(step.word() + ": done in " + took.toNanos() / NANOS_PER_MILLI + " ms");
    }

    private void note(String text) {
        if (record != null) {
            record.note(text);
        }
    }

    /** {@return the step that was begun and not finished} */
    @Nullable Step current() {
        return current;
    }

    Timings timings() {
        return new Timings(entries);
    }
}

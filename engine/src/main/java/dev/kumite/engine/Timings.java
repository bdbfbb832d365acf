package dev.kumite.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long the steps of a start took.
 *
 * @param entries the steps that were finished, in order
 */
public record Timings(List<Entry> entries) {

    public Timings {
        entries = List.copyOf(entries);
    }

    /**
     * One step.
     *
     * @param step which
     * @param began time from the beginning of the start
     * @param took time from its beginning to its end
     */
    public record Entry(Step step, Duration began, Duration took) {}

    /** {@return how long the step took; nothing if it was left out or not finished} */
    public Optional<Duration> of(Step step) {
        return entries.stream().filter(entry -> entry.step() == step).map(Entry::took).findFirst();
    }

    /** {@return time from the beginning of the start to the end of the last finished step} */
    public Duration total() {
        return entries.isEmpty()
                ? Duration.ZERO
                : entries.getLast().began().plus(entries.getLast().took());
    }
}

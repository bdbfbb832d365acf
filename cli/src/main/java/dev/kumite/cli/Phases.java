package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kumite.engine.Timings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run spends its time with, from the start of this process on. Confined to one thread. */
final class Phases {

    private final boolean wanted;
    private final Duration before;
    private final long origin = System.nanoTime();
    private final List<TimingsChart.Phase> phases = new ArrayList<>();
    private Duration last = Duration.ZERO;

    private Phases(boolean wanted, Duration before) {
        this.wanted = wanted;
        this.before = before;
    }

    /**
     * Begins to measure.
     *
     * @param wanted whether anybody wants to know; else nothing is measured
     */
    static Phases begin(boolean wanted) {
        Duration before = Duration.ZERO;
        if (wanted) {
            Optional<Instant> started = ProcessHandle.current().info().startInstant();
            before = started.map(then -> Duration.between(then, Instant.now())).orElse(before);
        }
        Phases phases = new Phases(wanted, before.isNegative() ? Duration.ZERO : before);
        phases.add("java", phases.before);
        return phases;
    }

    /** Ends a phase, which began when the one before ended. */
    void next(String name) {
        add(name, now());
    }

    private void add(String name, Duration ended) {
        phases.add(new TimingsChart.Phase(name, last, ended.minus(last)));
        last = ended;
    }

    private Duration now() {
        return before.plusNanos(System.nanoTime() - origin);
    }

    /** Adds the steps of a start that has ended just now. */
    void start(Timings timings) {
        Duration began = last;
        for (Timings.Entry entry : timings.entries()) {
            phases.add(
                    new TimingsChart.Phase(
                            entry.step().word(), began.plus(entry.began()), entry.took()));
        }
        last = now();
    }

    /** Writes the chart, if one is wanted: into the file, or to standard error. */
    void report(String id, Optional<String> file, Console console) {
        if (!wanted) {
            return;
        }
        TimingsChart chart = TimingsChart.of("run of " + id, phases);
        if (file.isEmpty()) {
            chart.text().forEach(console.err()::line);
            return;
        }
        try {
            Files.write(Path.of(file.get()), chart.svg().getBytes(UTF_8));
        } catch (IOException failure) {
            console.note("error: the timings cannot be written: " + failure);
        }
    }
}

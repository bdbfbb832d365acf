package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordTest {

    @TempDir Path directory;

    @Test
    void isReadInTheOrderOfTime() throws IOException {
        AtomicLong seconds = new AtomicLong(100);
        InstantSource backwards = () -> Instant.ofEpochSecond(seconds.getAndDecrement());
        try (RecordWriter record = RecordWriter.open(directory, backwards)) {
            record.note("later");
            record.add(RecordEntry.Source.QEMU, "earlier");
        }

        SandboxRecord record = RecordReader.read("box", directory);

        assertThat(record.sandboxId()).isEqualTo("box");
        assertThat(record.entries())
                .containsExactly(
                        new RecordEntry(
                                Instant.ofEpochSecond(99), RecordEntry.Source.QEMU, "earlier"),
                        new RecordEntry(
                                Instant.ofEpochSecond(100), RecordEntry.Source.RUNTIME, "later"));
    }

    @Test
    void leavesOutLinesThatACrashCutOff() throws IOException {
        try (RecordWriter record = RecordWriter.open(directory, InstantSource.system())) {
            record.note("whole");
        }
        Files.writeString(
                directory.resolve("record.jsonl"),
                "{\"time\":\"2026-01",
                StandardOpenOption.APPEND);

        assertThat(RecordReader.read("box", directory).entries())
                .extracting(RecordEntry::text)
                .containsExactly("whole");
    }

    @Test
    void isEmptyWhereThereIsNone() throws IOException {
        assertThat(RecordReader.read("box", directory).entries()).isEmpty();
    }

    @Test
    void hasAnEndHoweverMuchTheGuestSays() throws IOException {
        try (RecordWriter record = RecordWriter.open(directory, InstantSource.system())) {
            for (int i = 0; i < 2000; i++) {
                record.add(RecordEntry.Source.CONSOLE, "x".repeat(10_000));
            }
            record.note("still here");
        }

        assertThat(Files.size(directory.resolve("record.jsonl")))
                .isLessThan(RecordWriter.MAX_OTHERS_BYTES + 20_000L);
        assertThat(RecordReader.read("box", directory).entries())
                .extracting(RecordEntry::text)
                .contains("still here")
                .anyMatch(text -> text.startsWith("lines from here on are not recorded"));
    }

    @Test
    void showsNoControlCharacters() throws IOException {
        try (RecordWriter record = RecordWriter.open(directory, InstantSource.system())) {
            record.add(RecordEntry.Source.CONSOLE, "a\u001b[31mb\rc\u202ed");
        }

        assertThat(RecordReader.read("box", directory).entries().getFirst().text())
                .isEqualTo("a?[31mb?c?d");
    }

    @Test
    void tellsTheAgentsLinesFromTheKernels() {
        assertThat(ConsoleLine.source("agent: sandbox is made"))
                .isEqualTo(RecordEntry.Source.AGENT);
        assertThat(ConsoleLine.source("[3.141] agent: sandbox is made"))
                .isEqualTo(RecordEntry.Source.AGENT);
        assertThat(ConsoleLine.source("{\"msg\":\"x\",\"source\":\"agent\",\"pid\":\"1\"}"))
                .isEqualTo(RecordEntry.Source.AGENT);
        assertThat(ConsoleLine.source("[    0.1] Linux agent: x"))
                .isEqualTo(RecordEntry.Source.CONSOLE);
    }

    @Test
    void timesTheStepsOfAStart() {
        StepClock clock = new StepClock(InstantSource.system());
        clock.run(Step.PREPARE, () -> {});
        clock.begin(Step.VIRTIOFSD);
        clock.took("virtiofsd", Duration.ofMillis(5));
        assertThat(clock.current()).isEqualTo(Step.QEMU);
        clock.took("qemu", Duration.ofMillis(7));
        clock.took("qmp", Duration.ofMillis(9));
        clock.took("unknown", Duration.ofMillis(9));
        String result = clock.take(Step.AGENT, () -> "value");

        assertThat(result).isEqualTo("value");
        assertThat(clock.timings().of(Step.QEMU)).contains(Duration.ofMillis(7));
        assertThat(clock.timings().of(Step.START)).isEmpty();
        assertThat(clock.timings().entries())
                .extracting(Timings.Entry::step)
                .containsExactly(Step.PREPARE, Step.VIRTIOFSD, Step.QEMU, Step.QMP, Step.AGENT);
        assertThat(clock.timings().total()).isPositive();
        assertThat(new Timings(java.util.List.of()).total()).isZero();
    }
}

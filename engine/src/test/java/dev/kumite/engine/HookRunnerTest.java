package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.oci.Hooks.Hook;
import dev.kumite.oci.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HookRunnerTest {

    @TempDir Path directory;
    private RecordWriter record;
    private HookRunner runner;
    private State state;

    @BeforeEach
    void open() throws IOException {
        record = RecordWriter.open(directory, InstantSource.system());
        runner = new HookRunner(Duration.ofSeconds(10), record);
        state = new State("1.0.2", "c", "creating", 42, directory.toString(), Map.of("k", "v"));
    }

    @AfterEach
    void close() {
        record.close();
    }

    private static Hook shell(String script, Optional<Long> timeout) {
        return new Hook("/bin/sh", List.of("sh", "-c", script), List.of("NAME=va=lue"), timeout);
    }

    private static Hook shell(String script) {
        return shell(script, Optional.empty());
    }

    @Test
    void givesAHookTheStateItsEnvironmentAndTheBundle() throws IOException {
        runner.runAll(
                "prestart",
                List.of(shell("cat > state; echo \"$NAME $HOME $(pwd)\" > env")),
                state);

        assertThat(directory.resolve("state"))
                .content()
                .contains("\"id\":\"c\"", "\"status\":\"creating\"", "\"pid\":42", "\"k\":\"v\"");
        assertThat(directory.resolve("env"))
                .content()
                .isEqualTo("va=lue  " + directory.toRealPath() + "\n");
    }

    @Test
    void countsTheTimeOfAllHooks() {
        assertThat(runner.timeout(List.of(shell("", Optional.of(7L)), shell(""))))
                .isEqualTo(Duration.ofSeconds(17));
        assertThat(runner.timeout(shell("", Optional.of(Long.MAX_VALUE))).toNanos()).isPositive();
        assertThat(
                        runner.timeout(
                                        List.of(
                                                shell("", Optional.of(Long.MAX_VALUE)),
                                                shell("", Optional.of(Long.MAX_VALUE))))
                                .toNanos())
                .isPositive();
    }

    @Test
    void stopsAtTheFirstThatFailsAndSaysWhatItSaid() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() ->
                        runner.runAll(
                                "createRuntime",
                                List.of(
                                        shell("echo no network >&2; exit 3"),
                                        shell("touch second")),
                                state))
                .withMessageContaining("createRuntime hook \"/bin/sh\" failed with exit code 3")
                .withMessageContaining("no network");
        assertThat(directory.resolve("second")).doesNotExist();
    }

    @Test
    void killsAHookThatTakesTooLong() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() ->
                        runner.runAll(
                                "prestart",
                                List.of(shell("exec sleep 60", Optional.of(1L))),
                                state))
                .withMessageContaining("still ran after 1000 ms");
    }

    @Test
    void saysThatAHookIsNotThere() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() ->
                        runner.runAll(
                                "prestart",
                                List.of(
                                        new Hook(
                                                "/no/such/hook",
                                                List.of(),
                                                List.of(),
                                                Optional.empty())),
                                state))
                .withMessageContaining("cannot be started");
    }

    @Test
    void goesOnAfterAFailureWhereTheSpecificationSaysSo() throws IOException {
        runner.runWhateverFails("poststop", List.of(shell("exit 1"), shell("touch second")), state);

        assertThat(directory.resolve("second")).exists();
        assertThat(RecordReader.read("c", directory).entries())
                .extracting(RecordEntry::text)
                .anyMatch(text -> text.contains("poststop hook"));
    }

    @Test
    void doesNotWaitForWhatAHookLeavesRunning() {
        runner.runAll("prestart", List.of(shell("sleep 3 & exit 0")), state);

        assertThat(Files.exists(directory)).isTrue();
    }

    @Test
    void acceptsAHookThatReadsNothingAndSaysMuch() {
        runner.runAll(
                "prestart",
                List.of(shell("exec <&-; head -c 1000000 /dev/zero | tr '\\0' x")),
                state);

        assertThat(Files.exists(directory)).isTrue();
    }
}

package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM that owns a sandbox, says lines on the way, and can be killed. */
final class OwnerProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader lines;

    private OwnerProcess(Process process) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Runs a program of these tests, with arguments. */
    static OwnerProcess start(Class<?> program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dkumite.guest=" + VmFixture.guest());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(program.getName());
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return new OwnerProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    void awaitLine(String expected) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.equals(expected)) {
            line = lines.readLine();
        }
        assertThat(line).isEqualTo(expected);
    }

    /** Says to it that it may go on. */
    void goOn() throws IOException {
        try (OutputStream input = process.getOutputStream()) {
            input.write('\n');
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

package dev.kumite.cli;

import dev.kumite.engine.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs on this machine, in place of one in a container. */
final class LocalProgram implements Program, AutoCloseable {

    private final Process process;
    private final boolean terminal;

    /** The sizes that its terminal was told. */
    final List<String> sizes = new ArrayList<>();

    private LocalProgram(Process process, boolean terminal) {
        this.process = process;
        this.terminal = terminal;
    }

    static LocalProgram shell(String script) throws IOException {
        return new LocalProgram(new ProcessBuilder("sh", "-c", script).start(), false);
    }

    static LocalProgram shellOnTerminal(String script) throws IOException {
        return new LocalProgram(new ProcessBuilder("sh", "-c", script).start(), true);
    }

    @Override
    public boolean terminal() {
        return terminal;
    }

    @Override
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    @Override
    public InputStream stdout() {
        return process.getInputStream();
    }

    @Override
    public InputStream stderr() {
        return process.getErrorStream();
    }

    @Override
    public ExitStatus await() {
        return await(Duration.ofSeconds(60));
    }

    @Override
    public ExitStatus await(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("it still runs");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new ExitStatus(process.exitValue(), false);
    }

    @Override
    public void signal(int number) {
        dev.kumite.linux.Signals.kill((int) process.pid(), number);
    }

    @Override
    public void resize(int rows, int columns) {
        sizes.add(rows + "x" + columns);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

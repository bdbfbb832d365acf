package dev.kumite.cli;

import dev.kumite.engine.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program that runs on this machine, in place of one in a container. */
final class LocalProgram implements Program, AutoCloseable {

    private final Process process;
    private final boolean terminal;
    private final Optional<Path> fifo;

    /** The sizes that its terminal was told. */
    final List<String> sizes = new ArrayList<>();

    private LocalProgram(Process process, boolean terminal, Optional<Path> fifo) {
        this.fifo = fifo;
        this.process = process;
        this.terminal = terminal;
    }

    static LocalProgram shell(String script) throws IOException {
        return new LocalProgram(
                new ProcessBuilder("sh", "-c", script).start(), false, Optional.empty());
    }

    /** Output through a named pipe: Java's own ends with the process, whoever else still writes. */
    static LocalProgram shellWritingTo(Path fifo, String script)
            throws IOException, InterruptedException {
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        String redirected = "exec >" + fifo + "\n" + script;
        return new LocalProgram(
                new ProcessBuilder("sh", "-c", redirected).start(), false, Optional.of(fifo));
    }

    static LocalProgram shellOnTerminal(String script) throws IOException {
        return new LocalProgram(
                new ProcessBuilder("sh", "-c", script).start(), true, Optional.empty());
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
        return fifo.isEmpty() ? process.getInputStream() : new Late(fifo.get());
    }

    @Override
    public InputStream stderr() {
        return process.getErrorStream();
    }

    @Override
    public ExitStatus await() {
        if (!endsWithin(Duration.ofSeconds(60))) {
            throw new IllegalStateException("it still runs");
        }
        return new ExitStatus(process.exitValue(), false);
    }

    @Override
    public boolean endsWithin(Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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

    /** Opens the file when somebody reads: opening a named pipe waits for its writer. */
    private static final class Late extends InputStream {
        private final Path file;
        private Optional<InputStream> open = Optional.empty();

        Late(Path file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (open.isEmpty()) {
                open = Optional.of(Files.newInputStream(file));
            }
            return open.get().read(into, from, length);
        }
    }
}

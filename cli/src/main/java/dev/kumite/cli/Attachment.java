package dev.kumite.cli;

import dev.kumite.engine.EngineException;
import dev.kumite.engine.ExitStatus;
import dev.kumite.linux.Fd;
import dev.kumite.linux.Signals;
import dev.kumite.linux.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Joins the standard streams of this process to those of a program in a container, until that ends.
 *
 * <p>Each stream has a thread. Where a reader of our output is gone, the program gets {@code
 * SIGPIPE} as it would without a machine in between, and is killed if that does not end it.
 */
final class Attachment {

    private static final int BUFFER_BYTES = 64 << 10;

    /** Source: signal(7). */
    private static final int SIGPIPE = 13;

    /** How long a process may live on that nobody listens to any longer. */
    private static final Duration UNHEARD = Duration.ofSeconds(2);

    /**
     * How long output may come after the end of the process, from others that it has started,
     * without a byte in between.
     */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final Console console;
    private final Program program;
    private final Fd keyboard;
    private final AtomicBoolean unheard = new AtomicBoolean();

    private Attachment(Console console, Program program, Fd keyboard) {
        this.console = console;
        this.program = program;
        this.keyboard = keyboard;
    }

    /**
     * {@return the size that the program's terminal is to have; nothing if it is not known}
     *
     * @param keyboard what standard input comes from
     */
    static Optional<Terminal.Size> size(Fd keyboard) {
        return RawTerminal.size(keyboard).or(() -> RawTerminal.size(Fd.of(1)));
    }

    /**
     * Hands on streams and signals until the program has ended and all of its output is written.
     *
     * @param keyboard what standard input comes from; raw meanwhile if both it and the program's
     *     are terminals
     * @return how it ended
     * @throws EngineException if its machine is gone
     */
    static ExitStatus join(Program program, SignalRelay signals, Console console, Fd keyboard) {
        return new Attachment(console, program, keyboard).join(signals);
    }

    private ExitStatus join(SignalRelay signals) {
        console.out().flush();
        console.err().flush();
        Optional<RawTerminal> terminal =
                program.terminal() ? RawTerminal.open(keyboard) : Optional.empty();
        try {
            signals.handTo(program, this::resize);
            if (program.terminal()) {
                // It may have changed between the request and the start.
                resize();
            }
            Thread.ofPlatform().daemon().name("stdin").start(this::feed);
            List<Pump> pumps =
                    List.of(
                            new Pump("stdout", program.stdout(), console.out().stream()),
                            new Pump("stderr", program.stderr(), console.err().stream()));
            pumps.forEach(Pump::start);
            ExitStatus status = program.await();
            for (Pump pump : pumps) {
                pump.finish();
            }
            return status;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts this thread now", interrupted);
        } finally {
            signals.end();
            terminal.ifPresent(RawTerminal::close);
        }
    }

    private void resize() {
        size(keyboard).ifPresent(size -> program.resize(size.rows(), size.columns()));
    }

    private void feed() {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream to = program.stdin()) {
            InputStream from = console.in();
            int count = from.read(buffer);
            while (count >= 0) {
                to.write(buffer, 0, count);
                to.flush();
                count = from.read(buffer);
            }
        } catch (IOException | EngineException closed) {
            // Either end is gone: there is nothing to hand on any longer, and nobody to tell.
        }
    }

    /** Our reader has gone. */
    private void nobodyReads() {
        if (!unheard.compareAndSet(false, true)) {
            return;
        }
        try {
            program.signal(SIGPIPE);
            if (!program.endsWithin(UNHEARD)) {
                program.signal(Signals.KILL);
            }
        } catch (EngineException gone) {
            // It has ended, or its machine; whoever waits for it says so.
        }
    }

    /** Moves what the process writes. Its state is written by its own thread only. */
    private final class Pump {

        private final Thread thread;
        private final InputStream from;
        private final OutputStream to;
        private volatile long moved;
        private volatile boolean writing;

        Pump(String name, InputStream from, OutputStream to) {
            this.from = from;
            this.to = to;
            this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::move);
        }

        void start() {
            thread.start();
        }

        /** Waits until all is written, as long as there is something to wait for. */
        void finish() throws InterruptedException {
            long before = -1;
            while (thread.isAlive() && (writing || moved != before)) {
                before = moved;
                thread.join(SILENCE);
            }
        }

        private void move() {
            byte[] buffer = new byte[BUFFER_BYTES];
            boolean heard = true;
            long total = 0;
            try {
                int count = from.read(buffer);
                while (count >= 0) {
                    total += count;
                    moved = total;
                    if (heard) {
                        heard = write(buffer, count);
                    }
                    count = from.read(buffer);
                }
            } catch (IOException | EngineException ended) {
                // Whoever waits for the process says what has happened to its machine.
            }
        }

        private boolean write(byte[] buffer, int count) {
            writing = true;
            try {
                to.write(buffer, 0, count);
                to.flush();
                return true;
            } catch (IOException nobody) {
                Thread.ofPlatform().daemon().name("unheard").start(Attachment.this::nobodyReads);
                return false;
            } finally {
                writing = false;
            }
        }
    }
}

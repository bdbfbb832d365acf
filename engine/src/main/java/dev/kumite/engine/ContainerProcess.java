package dev.kumite.engine;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/**
 * A process in a container: its first one, or one that {@link Container#exec} started. Safe for use
 * by several threads; each stream for one thread at a time.
 *
 * <p>The guest keeps some of what the process writes and then makes it wait: a process that writes
 * much ends only if somebody reads {@link #stdout()} and {@link #stderr()}.
 */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class ContainerProcess {

    ContainerProcess() {}

    /** {@return the process's identity within its container; the container's for its first one} */
    public String id() {
        throw new UnsupportedOperationException();
    }

    /** {@return whether it has a terminal} */
    public boolean terminal() {
        throw new UnsupportedOperationException();
    }

    /**
     * {@return its standard input} Writing blocks while the process does not read. Closing the
     * stream ends the process's input.
     */
    public OutputStream stdin() {
        throw new UnsupportedOperationException();
    }

    /** {@return its standard output, or all output if it has a terminal} Reading blocks. */
    public InputStream stdout() {
        throw new UnsupportedOperationException();
    }

    /** {@return its standard error; at its end at once if the process has a terminal} */
    public InputStream stderr() {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits for the process to end.
     *
     * @return how it ended; the same however often one asks
     * @throws EngineException TIMEOUT if it still runs then (it goes on), INTERRUPTED, CLOSED if
     *     the machine is gone
     */
    public ExitStatus await(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    /** Waits for the process to end, however long that takes; else as {@link #await(Duration)}. */
    public ExitStatus await() {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends the process a signal. Does nothing if it has ended.
     *
     * @param number such as 15 for SIGTERM
     */
    public void signal(int number) {
        throw new UnsupportedOperationException();
    }

    /** Tells the process's terminal its size in characters. */
    public void resize(int rows, int columns) {
        throw new UnsupportedOperationException();
    }
}

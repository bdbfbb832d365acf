package dev.kumite.cli;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A line on a terminal that says what takes so long, once it does; gone when this is closed.
 * Nothing is shown where nobody looks. Guarded by {@link #lock}.
 */
final class Progress implements AutoCloseable {

    /** What is done sooner needs no excuse. */
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private static final Duration REFRESH = Duration.ofSeconds(1);

    /** To the beginning of the line, and erase it. Source: ECMA-48, CR and EL. */
    private static final String ERASE = "\r\u001b[K";

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Output to;
    private final long began = System.nanoTime();
    private String what;
    private boolean closed;
    private boolean shown;

    private Progress(String what, Output to) {
        this.what = what;
        this.to = to;
    }

    /** {@return a line that says what is being done} */
    static Progress show(String what, Console console) {
        Progress progress = new Progress(what, console.err());
        if (console.err().isTerminal()) {
            console.err().flush();
            Thread.ofPlatform().daemon().name("progress").start(progress::refresh);
        }
        return progress;
    }

    /** From now on, something else is being done. */
    void now(String other) {
        lock.lock();
        try {
            what = other;
        } finally {
            lock.unlock();
        }
    }

    private void refresh() {
        lock.lock();
        try {
            long nanos = PATIENCE.toNanos();
            while (!closed) {
                if (nanos > 0) {
                    nanos = changed.awaitNanos(nanos);
                    continue;
                }
                long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
                to.text(ERASE + "kumite: " + what + " ... " + seconds + " s").flush();
                shown = true;
                nanos = REFRESH.toNanos();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            if (shown) {
                to.text(ERASE).flush();
                shown = false;
            }
        } finally {
            lock.unlock();
        }
    }
}

package dev.kumite.supervisor;

import dev.kumite.supervisor.SupervisorException.Category;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The lock of a container: one command after the other, none waits for ever. */
final class LifeLock {

    private final ReentrantLock lock = new ReentrantLock();
    private final Supplier<Entry> entry;

    /**
     * @param entry what the container is, for messages
     */
    LifeLock(Supplier<Entry> entry) {
        this.entry = entry;
    }

    /** Takes it, however long that waits. */
    void lock() {
        lock.lock();
    }

    /** Gives it back. */
    void unlock() {
        lock.unlock();
    }

    /**
     * Does something.
     *
     * @throws SupervisorException ILLEGAL_STATE if another command is at the container for so long
     */
    void run(Duration patience, Runnable action) {
        if (!tryRun(patience, action)) {
            throw SupervisorException.of(
                    Category.ILLEGAL_STATE,
                    "container %s is busy for more than %d s; it is %s"
                            .formatted(
                                    entry.get().id(), patience.toSeconds(), entry.get().status()));
        }
    }

    /** {@return whether it was done; not if another command is at the container for so long} */
    boolean tryRun(Duration patience, Runnable action) {
        try {
            if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw SupervisorException.of(Category.ILLEGAL_STATE, "interrupted");
        }
        try {
            action.run();
            return true;
        } finally {
            lock.unlock();
        }
    }
}

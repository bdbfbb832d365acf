package dev.kumite.shim;

import dev.kumite.shim.ShimException.Category;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Makes changes of a task follow one another. Waiting for it has an end. */
final class TaskLock {

    /** How long a call waits for another one; above a machine's boot. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String task;
    private final ReentrantLock lock = new ReentrantLock();

    TaskLock(String task) {
        this.task = task;
    }

    /** {@return what comes of an action while nobody else does one} */
    <T> T hold(Supplier<T> action) {
        return hold(PATIENCE, action);
    }

    /** Does something while nobody else does. */
    void run(Runnable action) {
        boolean _ =
                hold(() -> {
                    action.run();
                    return true;
                });
    }

    /**
     * {@return what comes of an action while nobody else does one}
     *
     * @param patience how long it may have to wait
     * @throws ShimException ILLEGAL_STATE if it waits longer, or is interrupted
     */
    <T> T hold(Duration patience, Supplier<T> action) {
        try {
            if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw ShimException.of(
                        Category.ILLEGAL_STATE,
                        "task %s is busy for more than %d s".formatted(task, patience.toSeconds()));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw ShimException.of(Category.ILLEGAL_STATE, "interrupted");
        }
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }
}

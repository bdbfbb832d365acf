package dev.kumite.shim;

import dev.kumite.shim.messages.TaskRecord;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What is on disk about a task. Written by the processes that were added, too; so it has a lock of
 * its own, held within the task's or without.
 */
final class TaskFile {

    private final TaskFiles files;
    private final String task;
    private final Function<Exit, TaskRecord> record;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private boolean removed;

    /**
     * @param record says how the task is
     */
    TaskFile(TaskFiles files, String task, Function<Exit, TaskRecord> record) {
        this.files = files;
        this.task = task;
        this.record = record;
    }

    /**
     * Writes down how the task is, unless it was removed.
     *
     * @param how its first process has ended, if it has
     * @throws UncheckedIOException if that is not possible
     */
    void save(Exit how) {
        lock.lock();
        try {
            if (!removed) {
                files.write(record.apply(how));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whoever waits for an end must get it, on a full disk too. */
    void saveWhatever(Exit how) {
        try {
            save(how);
        } catch (UncheckedIOException failure) {
            System.err.println(
                    "the end of task " + task + " is not on disk: " + failure.getMessage());
        }
    }

    /** Removes it; later writes have no effect. */
    void remove() {
        lock.lock();
        try {
            removed = true;
            files.remove(task);
        } finally {
            lock.unlock();
        }
    }
}

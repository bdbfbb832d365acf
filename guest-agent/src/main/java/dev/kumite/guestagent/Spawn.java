package dev.kumite.guestagent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Starts processes one at a time. {@link ProcessPipe} finds its descriptors by what appears in
 * {@code /proc/self/fd}, and a process that is being started makes pipes of its own. Guarded by
 * {@code LOCK}.
 */
final class Spawn {

    static final ReentrantLock LOCK = new ReentrantLock();

    private static final List<Process> CHILDREN = new ArrayList<>();

    private Spawn() {}

    static Process start(ProcessBuilder builder) throws IOException {
        LOCK.lock();
        try {
            Process child = builder.start();
            CHILDREN.removeIf(other -> !other.isAlive());
            CHILDREN.add(child);
            return child;
        } finally {
            LOCK.unlock();
        }
    }

    /** {@return whether a child was started here, and Java waits for it} */
    static boolean started(int pid) {
        LOCK.lock();
        try {
            return CHILDREN.stream().anyMatch(child -> child.pid() == pid);
        } finally {
            LOCK.unlock();
        }
    }
}

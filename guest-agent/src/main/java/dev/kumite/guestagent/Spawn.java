package dev.kumite.guestagent;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Starts processes one at a time. {@link ProcessPipe} finds its descriptors by what appears in
 * {@code /proc/self/fd}, and a process that is being started makes pipes of its own.
 */
final class Spawn {

    static final ReentrantLock LOCK = new ReentrantLock();

    private Spawn() {}

    static Process start(ProcessBuilder builder) throws IOException {
        LOCK.lock();
        try {
            return builder.start();
        } finally {
            LOCK.unlock();
        }
    }
}

package dev.kumite.guestagent;

import dev.kumite.linux.Children;
import dev.kumite.linux.LinuxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The processes that crun leaves to this one, and that nobody else waits for. All other orphans are
 * the guest's first process's business, so this one takes them only while it expects some. Guarded
 * by {@code LOCK}.
 */
final class Orphans {

    /** How long one wait for a process's end takes at most; then the next one begins. */
    private static final Duration WAIT = Duration.ofHours(1);

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Set<Integer> EXPECTED = new HashSet<>();
    private static int expecting;

    private Orphans() {}

    /** Takes orphans from now on. {@link #adopt} has to follow. */
    static void expect() {
        LOCK.lock();
        try {
            Children.adoptOrphans();
            expecting++;
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Keeps the orphan that was expected.
     *
     * @param pid its number, or 0 if it has not come
     */
    static void adopt(int pid) {
        LOCK.lock();
        try {
            if (pid != 0) {
                EXPECTED.add(pid);
            }
            expecting--;
            if (expecting == 0) {
                Children.leaveOrphans();
                takeCareOfOthers();
            }
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * As long as a process has been waited for by nobody, its namespace cannot end. Others come
     * here if a crun fails, or is killed, at the wrong moment.
     */
    private static void takeCareOfOthers() {
        for (int pid : Children.list()) {
            if (!Spawn.started(pid) && EXPECTED.add(pid)) {
                Thread.ofPlatform().daemon().name("orphan-" + pid).start(() -> awaitExit(pid));
            }
        }
    }

    /** {@return the exit code, once the process has ended; 255 if nobody can tell it} */
    static int awaitExit(int pid) {
        Optional<Integer> code = awaitExit(pid, WAIT);
        while (code.isEmpty()) {
            code = awaitExit(pid, WAIT);
        }
        return code.get();
    }

    /** {@return the exit code, if the process ends in time; 255 if nobody can tell it} */
    static Optional<Integer> awaitExit(int pid, Duration timeout) {
        Optional<Integer> code;
        try {
            code = Children.reap(pid, timeout).map(Children.Exit::shellCode);
        } catch (LinuxException _) {
            code = Optional.of(255);
        }
        if (code.isPresent()) {
            forget(pid);
        }
        return code;
    }

    private static void forget(int pid) {
        LOCK.lock();
        try {
            EXPECTED.remove(pid);
        } finally {
            LOCK.unlock();
        }
    }
}

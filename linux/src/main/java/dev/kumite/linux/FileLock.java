package dev.kumite.linux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A lock that the kernel holds on a file until this is closed or the process ends, however it ends.
 *
 * <p>It belongs to the open file: two locks taken in one process exclude each other like those of
 * two processes, which Java's own file locks (one set per process) do not. It is advisory: only who
 * asks for it is held off. The file stays; it must not be deleted by who holds the lock, or two
 * could hold "the" lock.
 *
 * <p>Source: flock(2).
 */
public final class FileLock implements AutoCloseable {
    /** How many may hold it. */
    public enum Mode {
        /** Any number of readers, no writer. */
        SHARED(1),
        /** One. */
        EXCLUSIVE(2);

        private final int operation;

        Mode(int operation) {
            this.operation = operation;
        }
    }

    private static final int LOCK_NB = 4;

    /** Only the owner may open lock files: whoever can open one can hold it for ever. */
    private static final int OWNER_ONLY = 0600;

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private final Fd fd;

    private FileLock(Fd fd) {
        this.fd = fd;
    }

    /**
     * Takes the lock if nobody holds it; makes the file if it is not there.
     *
     * @return the lock, or empty if it is held
     * @throws LinuxException if the file cannot be opened
     */
    public static Optional<FileLock> tryAcquire(Path path, Mode mode) {
        Fd fd = open(path);
        if (lock(fd, path, mode)) {
            return Optional.of(new FileLock(fd));
        }
        fd.close();
        return Optional.empty();
    }

    /**
     * Takes the lock, waiting a limited time.
     *
     * @throws LinuxException with {@link Errno#ETIMEDOUT} if it is held all the time, or {@link
     *     Errno#EINTR} if the thread is interrupted
     */
    public static FileLock acquire(Path path, Mode mode, Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        Fd fd = open(path);
        long pause = FIRST_PAUSE_NANOS;
        try {
            // flock(2) itself can wait, but neither with a limit nor without a thread.
            while (!lock(fd, path, mode)) {
                if (deadline.passed()) {
                    throw LinuxException.timedOut("lock \"" + path + "\"");
                }
                Pause.forNanos(Math.min(pause, deadline.remainingNanos()), "lock \"" + path + "\"");
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        } catch (LinuxException failure) {
            fd.close();
            throw failure;
        }
        return new FileLock(fd);
    }

    private static Fd open(Path path) {
        return Fd.open(path, Fd.O_RDWR | Fd.O_CREAT | Fd.O_NOFOLLOW, OWNER_ONLY);
    }

    private static boolean lock(Fd fd, Path path, Mode mode) {
        long result = fd.tryUse(SyscallNumber.FLOCK, mode.operation | LOCK_NB, 0, 0, "lock");
        if (result == -Syscall.EAGAIN) {
            return false;
        }
        LinuxException.check(result, "lock \"" + path + "\"");
        return true;
    }

    /**
     * {@return the descriptor that holds the lock} It stays this lock's; a child process that
     * inherits it keeps the lock.
     */
    public Fd fd() {
        return fd;
    }

    /** Gives the lock back. Calling it again has no effect. */
    @Override
    public void close() {
        fd.close();
    }
}

package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/**
 * Waiting for a descriptor until it can be read or written. A thread of the system's waits in the
 * kernel; a virtual thread is parked and leaves its carrier to others, see {@link Poller}.
 *
 * <p>Source: ppoll(2).
 */
final class Readiness {
    /** There is something to read, or the other side has closed. Source: poll.h. */
    static final int READABLE = 0x1;

    /** Something can be written. */
    static final int WRITABLE = 0x4;

    private static final int POLLNVAL = 0x20;

    /** After so long a wait looks whether its descriptor was closed by another thread. */
    private static final long SLICE_NANOS = 200_000_000;

    private static final int POLLFD_BYTES = 8;
    private static final int TIMESPEC_BYTES = 16;

    private Readiness() {}

    /**
     * Waits until one of the events, an error or a hang-up is there, the deadline passes or the
     * wait is given up.
     *
     * @return whether the descriptor is ready
     * @throws LinuxException with {@link Errno#EINTR} if a virtual thread is interrupted
     */
    static boolean await(int fd, int events, Deadline deadline, BooleanSupplier givenUp) {
        if (Thread.currentThread().isVirtual()) {
            return Poller.await(fd, events, deadline, givenUp);
        }
        while (!givenUp.getAsBoolean()) {
            long remaining = deadline.remainingNanos();
            if (poll(fd, events, Math.min(remaining, SLICE_NANOS))) {
                return true;
            }
            if (remaining == 0) {
                return false;
            }
        }
        return false;
    }

    /** {@return whether the descriptor is ready within the time} */
    private static boolean poll(int fd, int events, long nanos) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer pollFd =
                    scratch.bytes(POLLFD_BYTES).putInt(0, fd).putShort(4, (short) events);
            ByteBuffer time =
                    scratch.bytes(TIMESPEC_BYTES)
                            .putLong(0, nanos / 1_000_000_000)
                            .putLong(8, nanos % 1_000_000_000);
            long ready =
                    Syscall.call(
                            SyscallNumber.PPOLL,
                            Scratch.address(pollFd),
                            1,
                            Scratch.address(time),
                            0,
                            0);
            if (ready == -Syscall.EINTR) {
                return false;
            }
            LinuxException.check(ready, "wait for descriptor " + fd);
            if ((pollFd.getShort(6) & POLLNVAL) != 0) {
                throw new LinuxException("wait for descriptor " + fd, Errno.EBADF.number());
            }
            return ready > 0;
        }
    }
}

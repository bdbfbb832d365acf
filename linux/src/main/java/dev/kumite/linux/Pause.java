package dev.kumite.linux;

import java.util.concurrent.locks.LockSupport;

/** A short pause where the kernel does not tell when to try again. */
final class Pause {
    private Pause() {}

    /**
     * @param what the attempt that goes on afterwards
     * @throws LinuxException with {@link Errno#EINTR} if the thread is interrupted
     */
    static void forNanos(long nanos, String what) {
        if (Thread.currentThread().isInterrupted()) {
            throw new LinuxException(what, Syscall.EINTR);
        }
        LockSupport.parkNanos(nanos);
    }
}

package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Waits for descriptors on behalf of virtual threads: one thread of the system's waits for all of
 * them, so that the carriers are free. Waits are guarded by {@code lock}; the thread {@code
 * kumite-poller} hands out events.
 *
 * <p>Source: epoll(7).
 */
final class Poller {
    /** Started with the first virtual thread that waits. */
    private static final class Holder {
        static final Poller INSTANCE = new Poller();
    }

    /** One thread that waits for one descriptor. */
    private static final class Wait {
        final Thread thread = Thread.currentThread();
        final int events;
        volatile boolean ready;

        Wait(int events) {
            this.events = events;
        }
    }

    /** The threads that wait for one descriptor; guarded by {@code lock}. */
    private static final class Interest {
        /** Tells events that were under way when a number was closed and given to another file. */
        final int generation;

        final List<Wait> waits = new ArrayList<>();

        Interest(int generation) {
            this.generation = generation;
        }
    }

    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    private static final int EPOLLERR = 0x8;
    private static final int EPOLLHUP = 0x10;
    private static final int EPOLLONESHOT = 1 << 30;

    /** Whether a virtual thread has waited yet. */
    private static volatile boolean started;

    private static final int MOST_EVENTS = 64;

    // struct epoll_event is packed on x86_64 only.
    private static final int DATA = Architecture.CURRENT == Architecture.X86_64 ? 4 : 8;
    private static final int EVENT_BYTES = DATA + Long.BYTES;

    private final int epoll;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Interest> interests = new HashMap<>();
    private int generations;

    private Poller() {
        epoll =
                (int)
                        LinuxException.check(
                                Syscall.call(SyscallNumber.EPOLL_CREATE1, Fd.O_CLOEXEC),
                                "make a poller");
        Thread.ofPlatform().name("kumite-poller").daemon().start(this::run);
    }

    /**
     * Parks the calling virtual thread until the descriptor is ready, the deadline passes, the wait
     * is given up or the thread is interrupted.
     *
     * @param fd must not be closed meanwhile
     * @return whether it is ready
     */
    static boolean await(int fd, int events, Deadline deadline, BooleanSupplier givenUp) {
        started = true;
        return Holder.INSTANCE.park(fd, events, deadline, givenUp);
    }

    /** Makes all threads that wait for the descriptor look whether they should give up. */
    static void wake(int fd) {
        if (started) {
            Holder.INSTANCE.unpark(fd);
        }
    }

    private boolean park(int fd, int events, Deadline deadline, BooleanSupplier givenUp) {
        Wait wait = new Wait(events);
        if (!add(fd, wait)) {
            return true;
        }
        try {
            while (!wait.ready && !givenUp.getAsBoolean() && !deadline.passed()) {
                LockSupport.parkNanos(deadline.remainingNanos());
                if (Thread.currentThread().isInterrupted()) {
                    throw new LinuxException("wait for descriptor " + fd, Syscall.EINTR);
                }
            }
        } finally {
            remove(fd, wait);
        }
        return wait.ready;
    }

    /** {@return false for files that are always ready, which epoll does not take} */
    private boolean add(int fd, Wait wait) {
        lock.lock();
        try {
            Interest known = interests.get(fd);
            Interest interest = known == null ? new Interest(generations++) : known;
            interest.waits.add(wait);
            long result = control(known == null ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, interest);
            if (result < 0) {
                interest.waits.remove(wait);
            }
            if (result == -Syscall.EPERM) {
                return false;
            }
            LinuxException.check(result, "wait for descriptor " + fd);
            interests.put(fd, interest);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void remove(int fd, Wait wait) {
        lock.lock();
        try {
            Interest interest = interests.get(fd);
            if (interest == null) {
                return;
            }
            interest.waits.remove(wait);
            if (interest.waits.isEmpty()) {
                interests.remove(fd);
                // Even if the event has come: the next wait adds it again.
                control(EPOLL_CTL_DEL, fd, interest);
            } else {
                control(EPOLL_CTL_MOD, fd, interest);
            }
        } finally {
            lock.unlock();
        }
    }

    private void unpark(int fd) {
        lock.lock();
        try {
            Interest interest = interests.get(fd);
            if (interest != null) {
                interest.waits.forEach(w -> LockSupport.unpark(w.thread));
            }
        } finally {
            lock.unlock();
        }
    }

    private static int events(List<Wait> waits) {
        int events = EPOLLONESHOT;
        for (Wait wait : waits) {
            events |= wait.ready ? 0 : wait.events;
        }
        return events;
    }

    private long control(int operation, int fd, Interest interest) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer event =
                    scratch.bytes(EVENT_BYTES)
                            .putInt(0, events(interest.waits))
                            .putInt(DATA, fd)
                            .putInt(DATA + Integer.BYTES, interest.generation);
            return Syscall.call(
                    SyscallNumber.EPOLL_CTL, epoll, operation, fd, Scratch.address(event));
        }
    }

    /** The poller's thread, which lasts as long as the virtual machine. */
    private void run() {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer ready = scratch.bytes(MOST_EVENTS * EVENT_BYTES);
            while (true) {
                long count =
                        Syscall.call(
                                SyscallNumber.EPOLL_PWAIT,
                                epoll,
                                Scratch.address(ready),
                                MOST_EVENTS,
                                -1,
                                0);
                if (count != -Syscall.EINTR) {
                    handOut(ready, (int) LinuxException.check(count, "wait for descriptors"));
                }
            }
        }
    }

    private void handOut(ByteBuffer ready, int count) {
        lock.lock();
        try {
            for (int i = 0; i < count; i++) {
                int events = ready.getInt(i * EVENT_BYTES);
                int data = i * EVENT_BYTES + DATA;
                Interest interest = interests.get(ready.getInt(data));
                if (interest != null && interest.generation == ready.getInt(data + Integer.BYTES)) {
                    handOut(ready.getInt(data), interest, events);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void handOut(int fd, Interest interest, int events) {
        boolean left = false;
        for (Wait wait : interest.waits) {
            if ((events & (wait.events | EPOLLERR | EPOLLHUP)) != 0) {
                wait.ready = true;
                LockSupport.unpark(wait.thread);
            }
            left |= !wait.ready;
        }
        if (left) {
            // One event disarms the descriptor for all.
            control(EPOLL_CTL_MOD, fd, interest);
        }
    }
}

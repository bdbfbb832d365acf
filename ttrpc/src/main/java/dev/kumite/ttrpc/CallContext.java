package dev.kumite.ttrpc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a method knows about the call that it answers. A call is cancelled when its deadline passes
 * or its connection ends: nobody waits for the answer any more. Guarded by {@code lock}.
 */
public final class CallContext {

    private final Map<String, String> metadata;
    private final Deadline deadline;
    private final ThreadFactory threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> actions = new ArrayList<>(1);
    private boolean cancelled;
    private boolean finished;
    private @Nullable Future<?> timer;
    private @Nullable Future<?> lateTimer;

    CallContext(Map<String, String> metadata, Deadline deadline, ThreadFactory threads) {
        this.metadata = Map.copyOf(metadata);
        this.threads = threads;
        this.deadline = deadline;
    }

    /**
     * {@return a context without metadata and deadline, for calling a service's methods directly}
     */
    public static CallContext background() {
        return new CallContext(Map.of(), Deadline.never(), Thread::new);
    }

    /** {@return what the caller sent beside the request} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * {@return the time left until the caller's deadline, never negative; absent if there is no
     * deadline}
     */
    public Optional<Duration> remaining() {
        return deadline.isNever()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, deadline.remainingNanos())));
    }

    /** {@return whether nobody waits for the answer any more} */
    public boolean isCancelled() {
        if (deadline.isPassed()) {
            return true;
        }
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has {@code action} run once when the call is cancelled: at once, on this thread, if it is
     * already; later, on a thread of its own, where it may block; not at all if the method has
     * returned before the call was cancelled.
     */
    public void onCancel(Runnable action) {
        lock.lock();
        try {
            if (finished) {
                return;
            }
            if (!cancelled) {
                actions.add(action);
                if (timer == null && !deadline.isNever()) {
                    timer = Timer.schedule(this::cancel, deadline.remainingNanos());
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /**
     * Has the current thread interrupted when the call is cancelled. For methods that wait on locks
     * and queues; a thread that is interrupted in an {@link java.nio.channels.InterruptibleChannel}
     * closes that channel.
     */
    public void interruptOnCancel() {
        Thread worker = Thread.currentThread();
        onCancel(() -> interrupt(worker));
    }

    /** Not once the method has returned: its thread may answer another call by then. */
    private void interrupt(Thread worker) {
        lock.lock();
        try {
            if (!finished) {
                worker.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has {@code action} told, on a thread that it must not keep, what the current thread is doing
     * then, unless the call is done soon.
     */
    void whenLate(Consumer<StackTraceElement[]> action) {
        if (deadline.isNever()) {
            return;
        }
        Thread worker = Thread.currentThread();
        lock.lock();
        try {
            lateTimer =
                    Timer.schedule(() -> tell(action, worker), deadline.remainingNanos() / 10 * 9);
        } finally {
            lock.unlock();
        }
    }

    private void tell(Consumer<StackTraceElement[]> action, Thread worker) {
        StackTraceElement[] stack;
        lock.lock();
        try {
            if (finished) {
                return;
            }
            stack = worker.getStackTrace();
        } finally {
            lock.unlock();
        }
        action.accept(stack);
    }

    /** Runs what {@link #onCancel} was given. */
    void cancel() {
        List<Runnable> due;
        lock.lock();
        try {
            if (cancelled || finished) {
                return;
            }
            cancelled = true;
            due = List.copyOf(actions);
            actions.clear();
        } finally {
            lock.unlock();
        }
        for (Runnable action : due) {
            threads.newThread(action).start();
        }
    }

    /** Drops what {@link #onCancel} was given. */
    void finish() {
        lock.lock();
        try {
            finished = true;
            actions.clear();
            if (timer != null) {
                timer.cancel(false);
            }
            if (lateTimer != null) {
                lateTimer.cancel(false);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Loaded with the first call that has a deadline and wants to hear of it. */
    private static final class Timer {

        private static final ScheduledThreadPoolExecutor EXECUTOR =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("ttrpc-deadlines").factory());

        static {
            EXECUTOR.setRemoveOnCancelPolicy(true);
        }

        static Future<?> schedule(Runnable action, long delayNanos) {
            return EXECUTOR.schedule(action, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        }
    }
}

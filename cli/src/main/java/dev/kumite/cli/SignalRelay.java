package dev.kumite.cli;

import dev.kumite.engine.EngineException;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.SignalDescriptor;
import dev.kumite.linux.Signals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands the signals that this process gets on to a process in a container.
 *
 * <p>Before there is one, a signal that ends programs ends the start: the thread that made this is
 * interrupted. After the process has ended, signals do nothing, since the machine is being torn
 * down, which takes bounded time; who insists is obeyed.
 *
 * <p>Guarded by {@link #lock}; signals come on a thread of their own.
 */
final class SignalRelay implements AutoCloseable {

    /** What is handed on; all that people and supervisors send. */
    private static final List<Integer> SIGNALS =
            List.of(
                    Signals.HUP,
                    Signals.INT,
                    Signals.QUIT,
                    Signals.parse("USR1").orElseThrow(),
                    Signals.parse("USR2").orElseThrow(),
                    Signals.TERM,
                    Signals.WINCH);

    /** So many signals that end programs, while nothing can take them, end this at once. */
    private static final int INSISTENT = 3;

    /** How long the virtual machine's end waits for ours, which halts it. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(60);

    /** Where the signals go. */
    private sealed interface Target {
        /** Nowhere yet. */
        record Starting() implements Target {}

        /** To a process. */
        record Running(Program process, Runnable resize) implements Target {}

        /** Nowhere any longer. */
        record Ended() implements Target {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Runnable> onClose = new ArrayList<>();
    private final Thread starter;
    private final Runnable abandon;
    private Target target = new Target.Starting();
    private int cancelled;
    private int unheard;

    /**
     * A relay that hears of no signals but those that it is told.
     *
     * @param starter is interrupted if the start is to end
     * @param abandon ends the process at once
     */
    SignalRelay(Thread starter, Runnable abandon) {
        this.starter = starter;
        this.abandon = abandon;
    }

    /**
     * {@return a relay that interrupts the calling thread if the start is to end}
     *
     * @param abandon ends the process at once
     */
    static SignalRelay open(Runnable abandon) {
        SignalRelay relay = new SignalRelay(Thread.currentThread(), abandon);
        SignalDescriptor signals = SignalDescriptor.open(SIGNALS);
        relay.onClose.add(signals::close);
        Thread.ofPlatform().daemon().name("signals").start(() -> relay.listen(signals));
        // Where the launcher could not block the signals, the virtual machine takes them and begins
        // to shut down.
        Thread hook = new Thread(relay::shutDown, "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        relay.onClose.add(() -> removeHook(hook));
        return relay;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException tooLate) {
            // It runs already, and ends since this is closed.
        }
    }

    private void shutDown() {
        receive(Signals.TERM);
        try {
            closed.await(SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it all; the command is done. */
    @Override
    public void close() {
        end();
        closed.countDown();
        onClose.forEach(Runnable::run);
        onClose.clear();
    }

    private void listen(SignalDescriptor signals) {
        try {
            int signal = signals.take();
            while (signal != 0) {
                receive(signal);
                signal = signals.take();
            }
        } catch (LinuxException ended) {
            // Closed between two signals.
        }
    }

    /** Does what a signal asks for. */
    void receive(int signal) {
        Target to;
        lock.lock();
        try {
            to = target;
            if (ends(signal) && !(to instanceof Target.Running)) {
                unheard++;
                if (cancelled == 0 && to instanceof Target.Starting) {
                    cancelled = signal;
                    starter.interrupt();
                }
            }
            if (unheard >= INSISTENT) {
                abandon.run();
            }
        } finally {
            lock.unlock();
        }
        if (to instanceof Target.Running(Program process, Runnable resize)) {
            try {
                if (signal == Signals.WINCH) {
                    resize.run();
                } else {
                    process.signal(signal);
                }
            } catch (EngineException gone) {
                // The process has ended, or its machine; whoever waits for it says so.
            }
        }
    }

    /**
     * From now on, signals go to the process; also the one that came just too late to end the
     * start.
     *
     * @param resize is called when the terminal's size has changed
     */
    void handTo(Program process, Runnable resize) {
        int late;
        lock.lock();
        try {
            target = new Target.Running(process, resize);
            late = cancelled;
            cancelled = 0;
            unheard = 0;
            if (late != 0) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
        if (late != 0) {
            receive(late);
        }
    }

    /** From now on, signals do nothing. */
    void end() {
        lock.lock();
        try {
            target = new Target.Ended();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the signal that has ended the start, if one has} */
    OptionalInt cancelled() {
        lock.lock();
        try {
            return cancelled == 0 ? OptionalInt.empty() : OptionalInt.of(cancelled);
        } finally {
            lock.unlock();
        }
    }

    private static boolean ends(int signal) {
        return signal == Signals.HUP
                || signal == Signals.INT
                || signal == Signals.QUIT
                || signal == Signals.TERM;
    }
}

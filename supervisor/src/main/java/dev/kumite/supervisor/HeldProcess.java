package dev.kumite.supervisor;

import dev.kumite.doors.Machines;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import dev.kumite.linux.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;

/**
 * A process in a machine together with its holder: their streams, signals and ends are one. Safe
 * for use by several threads.
 */
final class HeldProcess {

    /** How long output may take to come after the end of the process. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(5);

    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final Holder holder;
    private final Machines.GuestProcess process;
    private final Optional<Fd> terminal;
    private final List<Thread> watches = new CopyOnWriteArrayList<>();

    /**
     * @param terminal our side of it; closed with the process's end
     */
    HeldProcess(Holder holder, Machines.GuestProcess process, Optional<Fd> terminal) {
        this.holder = holder;
        this.process = process;
        this.terminal = terminal;
    }

    Holder holder() {
        return holder;
    }

    /** Watches the holder: it cannot pass SIGKILL on, so that its death is the message. */
    void watch(Runnable whenDead) {
        watch(holder.process(), whenDead);
    }

    /** Kills the process with the command that waits for it, which may have got SIGKILL. */
    void endWith(ProcessIdentity command) {
        watch(command, this::kill);
    }

    private void watch(ProcessIdentity watched, Runnable whenDead) {
        watches.add(
                Thread.ofVirtual()
                        .name("death of " + watched.pid())
                        .start(() -> {
                            try {
                                watched.awaitExit(FOREVER);
                            } catch (LinuxException interrupted) {
                                return;
                            }
                            whenDead.run();
                        }));
    }

    /** Kills the process in the machine. */
    void kill() {
        try {
            process.signal(Signals.KILL);
        } catch (RuntimeException gone) {
            // The machine does not answer, or is gone; who waits for the end gets to know.
            return;
        }
    }

    /** Gives up what was not begun. */
    void abandon(int code) {
        watches.forEach(Thread::interrupt);
        terminal.ifPresent(Fd::close);
        holder.exit(code);
    }

    /**
     * Begins to carry bytes and to wait for the end.
     *
     * @param ended gets the exit code, before the holder ends with it
     */
    void begin(IntConsumer ended) {
        Streams streams = Streams.open(process, holder, terminal);
        terminal.ifPresent(this::resize);
        Thread.ofVirtual()
                .name("end of " + process.id())
                .start(() -> {
                    int code = process.await();
                    try (streams) {
                        streams.awaitOutput(LAST_OUTPUT);
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    watches.forEach(Thread::interrupt);
                    try {
                        ended.accept(code);
                    } finally {
                        holder.exit(code);
                    }
                });
    }

    /** Passes on a signal that the holder, or a command, has got. */
    void signal(int number) {
        if (number == Signals.WINCH && terminal.isPresent()) {
            resize(terminal.get());
        } else {
            process.signal(number);
        }
    }

    private void resize(Fd fd) {
        try {
            Terminal.Size size = Terminal.size(fd);
            if (size.rows() > 0 && size.columns() > 0) {
                process.resize(size.rows(), size.columns());
            }
        } catch (LinuxException hungUp) {
            // The caller has closed the terminal; the process gets to know from its input's end.
            return;
        }
    }
}

package dev.kumite.shim;

import dev.kumite.doors.Machines;
import dev.kumite.shim.messages.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * A process as containerd sees it: the first one of a task, or one that was added. Changed under
 * its task's lock, read without it.
 */
final class TaskProcess {

    /** How long output may take to come after the end of the process. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(5);

    /** A terminal's size in characters. */
    private record Size(int rows, int columns) {}

    private final String id;
    private final Stdio stdio;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private volatile Status status = Status.CREATED;
    private volatile int pid;
    private volatile boolean inputClosed;
    private volatile Optional<Machines.GuestProcess> program = Optional.empty();
    private volatile Optional<TaskStreams> streams = Optional.empty();
    private volatile Optional<Size> size = Optional.empty();

    /**
     * @param id the exec's; empty for the first process
     */
    TaskProcess(String id, Stdio stdio) {
        this.id = id;
        this.stdio = stdio;
    }

    String id() {
        return id;
    }

    Stdio stdio() {
        return stdio;
    }

    Status status() {
        return status;
    }

    void status(Status next) {
        status = next;
    }

    int pid() {
        return pid;
    }

    void pid(int number) {
        pid = number;
    }

    boolean inputClosed() {
        return inputClosed;
    }

    /** {@return the process in the machine; empty before it is started} */
    Optional<Machines.GuestProcess> program() {
        return program;
    }

    /** {@return how it ends; what is waited for} */
    CompletableFuture<Exit> exit() {
        return exit;
    }

    /** {@return how it has ended; never, before} */
    Exit exitNow() {
        return exit.getNow(new Exit(0, Exit.NEVER));
    }

    /** Opens its streams. */
    void open(String namespace, String container) {
        streams = Optional.of(TaskStreams.open(stdio, namespace, container));
    }

    /** Opens its streams once more, for a new supervisor; does without those that are gone. */
    void reopen(String namespace, String container) {
        try {
            open(namespace, container);
        } catch (ShimException gone) {
            streams =
                    Optional.of(
                            TaskStreams.open(
                                    new Stdio("", "", "", stdio.terminal()), namespace, container));
        }
    }

    /** Sends it a signal. */
    void signal(int number) {
        if (status != Status.RUNNING) {
            throw ShimException.ended();
        }
        program.orElseThrow(ShimException::ended).signal(number);
    }

    /**
     * Begins to carry its bytes and to wait for its end.
     *
     * @param ended gets the exit code, when all output was passed on
     */
    void begin(Machines.GuestProcess started, IntConsumer ended) {
        program = Optional.of(started);
        if (inputClosed) {
            streams.ifPresent(TaskStreams::closeInput);
        }
        streams.ifPresent(open -> open.begin(started));
        size.ifPresent(known -> started.resize(known.rows(), known.columns()));
        Thread.ofVirtual()
                .name("end of " + started.id())
                .start(() -> {
                    int code = started.await();
                    close(LAST_OUTPUT);
                    ended.accept(code);
                });
    }

    private void close(Duration patience) {
        if (streams.isEmpty()) {
            return;
        }
        try (TaskStreams open = streams.get()) {
            open.awaitOutput(patience);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives up what was not begun. */
    void abandon() {
        streams.ifPresent(TaskStreams::close);
    }

    /**
     * Says that it has ended; later calls have no effect.
     *
     * @return whether this was the first
     */
    boolean ended(Exit how) {
        status = Status.STOPPED;
        return exit.complete(how);
    }

    void closeInput() {
        inputClosed = true;
        streams.ifPresent(TaskStreams::closeInput);
    }

    /** Sets the size of its terminal, or remembers it for the start. */
    void resize(int rows, int columns) {
        size = Optional.of(new Size(rows, columns));
        if (status == Status.RUNNING) {
            program.ifPresent(running -> running.resize(rows, columns));
        }
    }
}

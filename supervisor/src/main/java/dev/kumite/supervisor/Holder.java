package dev.kumite.supervisor;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import dev.kumite.supervisor.SupervisorException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that stands on this host for one in a machine; see the shell script {@code holder}.
 * Has descriptors of its pipe and streams until it is told to end.
 *
 * <p>A new holder may not have its descriptors in place yet; the command that has started it, and
 * waits, has all of them.
 */
final class Holder implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** How long it may take to do what it was told; the host may be loaded. */
    private static final Duration OBEYS = Duration.ofSeconds(30);

    private static final long LOOK_NANOS = 1_000_000;

    /** Where a holder has a terminal, once it was told to open it. */
    private static final int TERMINAL = 5;

    private final ProcessIdentity process;
    private final Fd pipe;
    private final Optional<Fd> stdin;
    private final Optional<Fd> stdout;
    private final Optional<Fd> stderr;

    private Holder(ProcessIdentity process, ProcessIdentity from, Numbers numbers, Fd pipe) {
        this.process = process;
        this.pipe = pipe;
        this.stdin = from.takeDescriptor(numbers.stdin());
        this.stdout = from.takeDescriptor(numbers.stdout());
        this.stderr = from.takeDescriptor(numbers.stderr());
    }

    /** Under which numbers a process has what a holder needs. */
    private record Numbers(int pipe, int stdin, int stdout, int stderr) {
        static final Numbers OF_FRONT = new Numbers(4, 0, 1, 7);
        static final Numbers OF_HOLDER = new Numbers(0, 9, 1, 2);
    }

    /** {@return the holder that a command has just started; empty if it is dead} */
    static Optional<Holder> started(int pid, ProcessIdentity front) {
        return ProcessIdentity.of(pid)
                .filter(ProcessIdentity::isAlive)
                .flatMap(process -> take(process, front, Numbers.OF_FRONT));
    }

    /** {@return a holder that an earlier supervisor knew; empty if it is dead} */
    static Optional<Holder> found(ProcessIdentity process) {
        return take(process, process, Numbers.OF_HOLDER);
    }

    private static Optional<Holder> take(
            ProcessIdentity process, ProcessIdentity from, Numbers numbers) {
        return from.takeDescriptor(numbers.pipe())
                .map(pipe -> new Holder(process, from, numbers, pipe));
    }

    ProcessIdentity process() {
        return process;
    }

    /** {@return what the process in the machine is to read; empty if that was closed} */
    Optional<Fd> stdin() {
        return stdin;
    }

    Optional<Fd> stdout() {
        return stdout;
    }

    Optional<Fd> stderr() {
        return stderr;
    }

    /** {@return the terminal that it keeps open; empty if it has none} */
    Optional<Fd> terminal() {
        return process.takeDescriptor(TERMINAL);
    }

    /** Makes it end with an exit code, as the process that it stands for has. */
    void exit(int code) {
        tell("exit " + code);
        close();
    }

    /**
     * Makes it open a terminal, keep it open, and hear of changes of its size; waits until it does:
     * a size that is set before is told to nobody.
     *
     * @throws SupervisorException CALLER if it cannot be
     */
    void open(Path terminal) {
        tell("tty " + terminal);
        long start = System.nanoTime();
        while (!hasOpen(terminal)) {
            if (!process.isAlive() || System.nanoTime() - start > OBEYS.toNanos()) {
                throw SupervisorException.of(
                        Category.CALLER,
                        "the process that stands for the container cannot open its terminal "
                                + terminal);
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw SupervisorException.of(Category.ILLEGAL_STATE, "interrupted");
            }
        }
    }

    private boolean hasOpen(Path terminal) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/fd/" + TERMINAL))
                    .equals(terminal);
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Makes the container's files the root of its mount namespace, for those who enter that; for
     * the holder of a container only.
     */
    void show(Path rootfs) {
        tell("root " + rootfs);
    }

    /** Ends it at once, and waits for that: then its standard streams are closed. */
    void kill() {
        process.signal(Signals.KILL);
        process.awaitExit(PATIENCE);
        close();
    }

    /** Writes a line into its pipe. */
    void tell(String line) {
        try {
            pipe.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)), PATIENCE);
        } catch (LinuxException full) {
            // It has not read for long, or was told to end before; it cannot be told otherwise.
            process.signal(Signals.KILL);
        }
    }

    @Override
    public void close() {
        pipe.close();
        stdin.ifPresent(Fd::close);
        stdout.ifPresent(Fd::close);
        stderr.ifPresent(Fd::close);
    }
}

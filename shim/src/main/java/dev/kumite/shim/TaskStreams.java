package dev.kumite.shim;

import dev.kumite.doors.ByteCarrier;
import dev.kumite.doors.Machines;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way of a process's bytes between its machine and containerd.
 *
 * <p>Named pipes are opened so that neither side's end or restart is felt: the reading and the
 * writing end of each are held until the process has ended, but for the input, whose writing end is
 * given up when containerd says that nothing more comes.
 */
final class TaskStreams implements AutoCloseable {

    /** Each chunk costs a call to the agent. Half of what a pipe holds, so that both sides work. */
    private static final int CHUNK_BYTES = 32 << 10;

    private final Stdio stdio;
    private final List<Fd> descriptors = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Fd> stdin = Optional.empty();
    private Optional<Fd> stdout = Optional.empty();
    private Optional<Fd> stderr = Optional.empty();
    private Optional<LogBinary> logger = Optional.empty();
    private volatile Optional<ByteCarrier> carrier = Optional.empty();

    /** Keeps the input from ending with a client that goes away. Guarded by lock. */
    private Optional<Fd> inputHeld = Optional.empty();

    private TaskStreams(Stdio stdio) {
        this.stdio = stdio;
    }

    /**
     * Opens what containerd names.
     *
     * @param namespace containerd's, for a program that takes the output
     * @param id the container's, for the same
     * @throws ShimException USAGE if something cannot be opened
     */
    static TaskStreams open(Stdio stdio, String namespace, String id) {
        TaskStreams streams = new TaskStreams(stdio);
        try {
            streams.open(namespace, id);
            return streams;
        } catch (LinuxException | IllegalArgumentException | ShimException failure) {
            streams.close();
            throw ShimException.of(
                    ShimException.Category.USAGE,
                    "cannot open the streams of " + id + ": " + failure.getMessage(),
                    failure);
        }
    }

    private void open(String namespace, String id) {
        if (!stdio.stdin().isEmpty()) {
            Path path = Path.of(stdio.stdin());
            stdin = Optional.of(own(Fd.open(path, Fd.O_RDONLY | Fd.O_NONBLOCK)));
            inputHeld = Optional.of(own(Fd.open(path, Fd.O_WRONLY | Fd.O_NONBLOCK)));
        }
        if (stdio.stdout().startsWith("binary:")) {
            LogBinary program = LogBinary.start(URI.create(stdio.stdout()), namespace, id);
            logger = Optional.of(program);
            stdout = Optional.of(own(program.stdout()));
            stderr = Optional.of(own(program.stderr()));
            return;
        }
        stdout = output(stdio.stdout());
        stderr = stdio.terminal() ? Optional.empty() : output(stdio.stderr());
    }

    private Optional<Fd> output(String target) {
        if (target.isEmpty()) {
            return Optional.empty();
        }
        if (target.startsWith("file:")) {
            Path file = Path.of(URI.create(target).getPath());
            int flags = Fd.O_WRONLY | Fd.O_CREAT | Fd.O_APPEND;
            return Optional.of(own(Fd.open(file, flags, 0644)));
        }
        Path path = Path.of(target.startsWith("fifo:") ? URI.create(target).getPath() : target);
        // For reading, too: then writing never fails for the lack of a reader.
        return Optional.of(own(Fd.open(path, Fd.O_RDWR | Fd.O_NONBLOCK)));
    }

    private Fd own(Fd fd) {
        descriptors.add(fd);
        return fd;
    }

    /** Begins to carry. */
    void begin(Machines.GuestProcess program) {
        ByteCarrier bytes = new ByteCarrier(program.id(), CHUNK_BYTES);
        carrier = Optional.of(bytes);
        if (stdin.isPresent()) {
            bytes.input(stdin.get(), program.stdin());
        } else if (!stdio.terminal()) {
            bytes.noInput(program.stdin());
        }
        bytes.output("stdout", program.stdout(), stdout);
        if (!stdio.terminal()) {
            bytes.output("stderr", program.stderr(), stderr);
        }
    }

    /** Lets the input end with its last writer outside. */
    void closeInput() {
        lock.lock();
        try {
            inputHeld.ifPresent(Fd::close);
            inputHeld = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what the process has written to be passed on. */
    void awaitOutput(Duration timeout) throws InterruptedException {
        if (carrier.isPresent()) {
            carrier.get().awaitOutput(timeout);
        }
    }

    /** Gives the descriptors back: readers see the end. Streams of the process end with it. */
    @Override
    public void close() {
        descriptors.forEach(Fd::close);
        logger.ifPresent(LogBinary::close);
    }
}

package dev.kumite.shim;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries a process's bytes between its machine and containerd. Each direction has a virtual
 * thread.
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
    private final List<Thread> outputs = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Fd> stdin = Optional.empty();
    private Optional<Fd> stdout = Optional.empty();
    private Optional<Fd> stderr = Optional.empty();
    private Optional<LogBinary> logger = Optional.empty();

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
    void begin(TaskMachines.Program program) {
        String name = program.id();
        if (stdin.isPresent()) {
            input(stdin.get(), program.stdin(), "stdin of " + name);
        } else if (!stdio.terminal()) {
            Thread.ofVirtual().name("stdin of " + name).start(() -> end(program.stdin()));
        }
        output(program.stdout(), stdout, "stdout of " + name);
        if (!stdio.terminal()) {
            output(program.stderr(), stderr, "stderr of " + name);
        }
    }

    private static void input(Fd from, OutputStream to, String name) {
        Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try (to) {
                        byte[] bytes = new byte[CHUNK_BYTES];
                        ByteBuffer buffer = ByteBuffer.wrap(bytes);
                        for (int count = from.read(buffer);
                                count >= 0;
                                count = from.read(buffer.clear())) {
                            to.write(bytes, 0, count);
                            to.flush();
                        }
                    } catch (IOException | RuntimeException ended) {
                        // The process has ended or closed its input.
                    }
                });
    }

    private static void end(OutputStream input) {
        try {
            input.close();
        } catch (IOException | RuntimeException ended) {
            // As good as closed.
        }
    }

    private void output(InputStream from, Optional<Fd> to, String name) {
        outputs.add(
                Thread.ofVirtual()
                        .name(name)
                        .start(() -> {
                            try (from) {
                                drain(from, to);
                            } catch (IOException | RuntimeException gone) {
                                // The machine is gone.
                            }
                        }));
    }

    /** When nobody takes the bytes any more, the process must not be made to wait for that. */
    private static void drain(InputStream from, Optional<Fd> to) throws IOException {
        byte[] bytes = new byte[CHUNK_BYTES];
        boolean wanted = to.isPresent();
        for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
            if (!wanted) {
                continue;
            }
            try {
                to.orElseThrow().write(ByteBuffer.wrap(bytes, 0, count));
            } catch (LinuxException nobodyReads) {
                wanted = false;
            }
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
        long end = System.nanoTime() + timeout.toNanos();
        for (Thread output : outputs) {
            output.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }

    /** Gives the descriptors back: readers see the end. Streams of the process end with it. */
    @Override
    public void close() {
        descriptors.forEach(Fd::close);
        logger.ifPresent(LogBinary::close);
    }
}

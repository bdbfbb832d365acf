package dev.kumite.supervisor;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries a process's bytes between its machine and the descriptors of its holder. Each direction
 * has a virtual thread.
 */
final class Streams implements AutoCloseable {

    /**
     * A pipe that says that it can be written takes so much without blocking, and more perhaps not.
     * Source: pipe(7), PIPE_BUF.
     */
    private static final int CHUNK_BYTES = 4096;

    private final List<Thread> outputs = new ArrayList<>();
    private final List<Fd> descriptors = new ArrayList<>();

    private Streams() {}

    /**
     * Begins.
     *
     * @param terminal our side of the process's terminal; empty if it has none
     */
    static Streams open(Machines.GuestProcess process, Holder holder, Optional<Fd> terminal) {
        Streams streams = new Streams();
        if (terminal.isPresent()) {
            Fd fd = terminal.get();
            streams.descriptors.add(fd);
            streams.input(fd, process.stdin(), "stdin of " + process.id());
            streams.output(process.stdout(), Optional.of(fd), "stdout of " + process.id());
            return streams;
        }
        Optional<Fd> in = holder.stdin().map(fd -> streams.own(fd, Fd.O_RDONLY));
        if (in.isPresent()) {
            streams.input(in.get(), process.stdin(), "stdin of " + process.id());
        }
        streams.output(
                process.stdout(),
                holder.stdout().map(fd -> streams.own(fd, Fd.O_WRONLY)),
                "stdout of " + process.id());
        streams.output(
                process.stderr(),
                holder.stderr().map(fd -> streams.own(fd, Fd.O_WRONLY)),
                "stderr of " + process.id());
        return streams;
    }

    /**
     * {@return the same file, opened once more so that it does not block us, without a change for
     * those who have it, too} A regular file would lose its position, and a socket cannot be
     * opened.
     */
    private Fd own(Fd taken, int mode) {
        Fd own = taken;
        try {
            Path path = taken.path();
            boolean socket = Files.readSymbolicLink(path).toString().startsWith("socket:");
            if (!socket && !Files.isRegularFile(path)) {
                own = Fd.open(path, mode | Fd.O_NONBLOCK | Fd.O_NOCTTY);
                taken.close();
            }
        } catch (LinuxException | IOException notAllowed) {
            own = taken;
        }
        descriptors.add(own);
        return own;
    }

    private void input(Fd from, OutputStream to, String name) {
        Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try (to) {
                        copy(from, to);
                    } catch (IOException | RuntimeException ended) {
                        // The process has ended or closed its input, or the caller is gone.
                    }
                });
    }

    private static void copy(Fd from, OutputStream to) throws IOException {
        byte[] bytes = new byte[CHUNK_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (int count = from.read(buffer.clear()); count >= 0; count = from.read(buffer.clear())) {
            to.write(bytes, 0, count);
            to.flush();
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

    /** Waits for what the process has written to be passed on. */
    void awaitOutput(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        for (Thread output : outputs) {
            output.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }

    /** Gives the descriptors back. Streams of the process end with it. */
    @Override
    public void close() {
        descriptors.forEach(Fd::close);
    }
}

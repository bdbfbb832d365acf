package dev.kumite.doors;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Carries a process's bytes between its machine and descriptors of this host. Each direction has a
 * virtual thread, which ends with the stream that it reads. Safe for use by several threads.
 */
public final class ByteCarrier {

    private final String process;
    private final int chunkBytes;
    private final List<Thread> outputs = new CopyOnWriteArrayList<>();

    /**
     * @param process whose bytes they are, for the names of threads
     * @param chunkBytes the most that is carried at once; each time costs a call to the agent
     */
    public ByteCarrier(String process, int chunkBytes) {
        this.process = process;
        this.chunkBytes = chunkBytes;
    }

    /** Carries what is read from the descriptor until it ends, and closes the stream then. */
    public void input(Fd from, OutputStream to) {
        Thread.ofVirtual()
                .name("stdin of " + process)
                .start(() -> {
                    try (to) {
                        copy(from, to);
                    } catch (IOException | RuntimeException ended) {
                        // The process has ended or closed its input, or the caller is gone.
                    }
                });
    }

    /** Tells the process that there is no input. */
    public void noInput(OutputStream input) {
        Thread.ofVirtual()
                .name("stdin of " + process)
                .start(() -> {
                    try {
                        input.close();
                    } catch (IOException | RuntimeException ended) {
                        // As good as closed.
                    }
                });
    }

    private void copy(Fd from, OutputStream to) throws IOException {
        byte[] bytes = new byte[chunkBytes];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer.clear())) {
            to.write(bytes, 0, count);
            to.flush();
        }
    }

    /**
     * Carries what the process writes.
     *
     * @param name of the stream, for the thread
     * @param to where to; without it, the bytes are dropped: the process must not be made to wait
     */
    public void output(String name, InputStream from, Optional<Fd> to) {
        outputs.add(
                Thread.ofVirtual()
                        .name(name + " of " + process)
                        .start(() -> {
                            try (from) {
                                drain(from, to);
                            } catch (IOException | RuntimeException gone) {
                                // The machine is gone.
                            }
                        }));
    }

    private void drain(InputStream from, Optional<Fd> to) throws IOException {
        byte[] bytes = new byte[chunkBytes];
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
    public void awaitOutput(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        for (Thread output : outputs) {
            output.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }
}

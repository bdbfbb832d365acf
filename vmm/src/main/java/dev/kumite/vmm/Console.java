package dev.kumite.vmm;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads what the guest writes to its console, as long as the machine's owner lives. QEMU drops what
 * nobody reads, so a guest never waits for it; and what is read is kept within bounds.
 */
final class Console implements AutoCloseable {

    private static final int CHUNK_BYTES = 16 << 10;

    /** After such a pause, what is kept of the end goes to the disk. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration WITHOUT_LIMIT = Duration.ofDays(10_000);

    private final UnixSocket socket;
    private final BoundedLog log;
    private final CountDownLatch drained = new CountDownLatch(1);

    private Console(UnixSocket socket, BoundedLog log) {
        this.socket = socket;
        this.log = log;
    }

    /**
     * {@return the console behind a socket}
     *
     * @param log where what is read goes
     */
    static Console connect(Path path, Path log, Duration timeout, Consumer<String> lines) {
        try {
            UnixSocket socket = UnixSocket.connect(path, timeout);
            Console console = new Console(socket, new BoundedLog(log, lines));
            Thread.ofVirtual().name("console").start(console::drain);
            return console;
        } catch (LinuxException e) {
            throw new VmmException(
                    VmmException.Category.PEER_CLOSED,
                    "the console's socket \"" + path + "\": " + e.getMessage(),
                    e);
        }
    }

    private void drain() {
        byte[] chunk = new byte[CHUNK_BYTES];
        boolean unsaved = false;
        try {
            while (true) {
                int count;
                try {
                    count =
                            socket.fd()
                                    .read(ByteBuffer.wrap(chunk), unsaved ? PAUSE : WITHOUT_LIMIT);
                } catch (LinuxException e) {
                    if (!unsaved) {
                        throw e;
                    }
                    log.flush();
                    unsaved = false;
                    continue;
                }
                if (count < 0) {
                    return;
                }
                log.write(chunk, count);
                unsaved = true;
            }
        } catch (LinuxException e) {
            // the socket is broken: as good as closed
        } finally {
            log.close();
            drained.countDown();
        }
    }

    /** {@return the last lines, printable} */
    List<String> lastLines(int most) {
        return log.lastLines(most);
    }

    /** Waits until all that QEMU sent before it ended is read, or for a moment at most. */
    void awaitEnd(Duration timeout) {
        try {
            boolean _ = drained.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}

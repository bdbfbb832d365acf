package dev.kumite.guestagent;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.Terminal;
import dev.kumite.linux.UnixServer;
import dev.kumite.ttrpc.CallContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A terminal, made by crun and sent over its console socket. The first use of system calls: loaded
 * only for containers that want a terminal. {@code connected} publishes {@code master}; reads are
 * guarded by {@code reading}, writes by {@code writing}.
 */
final class TerminalStreams implements ProcessStreams {

    private static final int MAX_BYTES = 64 << 10;

    /** After a terminal's process has ended, its children may hold it open; this is their time. */
    private static final Duration LINGER = Duration.ofMillis(200);

    /** For crun to send the terminal once it has connected. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How often crun's end is looked for while its terminal is awaited. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final ProcessFiles files;
    private final UnixServer console;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final ReentrantLock reading = new ReentrantLock(true);
    private final ReentrantLock writing = new ReentrantLock(true);
    private @Nullable Fd master;
    private volatile boolean ended;
    private ByteString kept = ByteString.EMPTY;

    TerminalStreams(ProcessFiles files) {
        this.files = files;
        this.console = UnixServer.listen(files.console(), 0600);
    }

    @Override
    public void prepare(ProcessBuilder builder) {
        builder.redirectInput(ContainerProcess.nothing());
        builder.redirectOutput(ContainerProcess.nothing());
        builder.redirectError(ContainerProcess.nothing());
    }

    @Override
    public void handedOver() {
        // crun makes the terminal itself.
    }

    @Override
    public void connect(Process child, long deadlineNanos) {
        while (!console.fd().awaitReadable(LOOK)) {
            // What crun sent just before its end counts.
            if (!child.isAlive() && !console.fd().awaitReadable(Duration.ZERO)) {
                throw Crun.failure(files.log(), child.exitValue());
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                child.destroyForcibly();
                throw Refusal.late("crun did not send the terminal in time");
            }
        }
        try {
            master = Terminal.receive(console, PATIENCE);
            connected.countDown();
        } catch (LinuxException e) {
            child.destroyForcibly();
            throw Refusal.failed("cannot get the terminal from crun: " + e.getMessage());
        }
    }

    private Fd master() {
        try {
            connected.await();
        } catch (InterruptedException _) {
            throw Refusal.interrupted();
        }
        Fd fd = master;
        if (fd == null) {
            throw Refusal.notNow("the process has not been started");
        }
        return fd;
    }

    @Override
    public ProcessInput input() {
        return new ProcessInput() {
            @Override
            public void write(ByteString data, CallContext context) {
                writeAll(data);
            }

            @Override
            public void close() {
                // A terminal's end of input is a character that the user types.
            }
        };
    }

    private void writeAll(ByteString data) {
        Fd fd = master();
        writing.lock();
        try {
            fd.write(data.asReadOnlyByteBuffer());
        } catch (LinuxException | IllegalStateException _) {
            throw Refusal.notNow("nobody reads the terminal any more");
        } finally {
            writing.unlock();
        }
    }

    @Override
    public ProcessOutput output() {
        return new ProcessOutput() {
            @Override
            public ByteString read(int most, CallContext context) {
                return readOnce(most, context);
            }

            @Override
            public void processEnded() {
                TerminalStreams.this.processEnded();
            }

            @Override
            public void close() {
                TerminalStreams.this.close();
            }
        };
    }

    private ByteString readOnce(int most, CallContext context) {
        Fd fd = master();
        reading.lock();
        try {
            int size = Math.clamp(most, 1, MAX_BYTES);
            ByteString data = kept;
            kept = ByteString.EMPTY;
            if (data.isEmpty()) {
                data = read(fd, size);
            }
            if (context.isCancelled()) {
                kept = data;
                throw Refusal.notNow("the call was cancelled");
            }
            if (data.size() > size) {
                kept = data.substring(size);
                return data.substring(0, size);
            }
            return data;
        } finally {
            reading.unlock();
        }
    }

    private ByteString read(Fd fd, int size) {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        try {
            while (!fd.awaitReadable(LINGER)) {
                if (ended) {
                    return ByteString.EMPTY;
                }
            }
            return fd.read(buffer) < 0
                    ? ByteString.EMPTY
                    : UnsafeByteOperations.unsafeWrap(buffer.flip());
        } catch (LinuxException | IllegalStateException _) {
            // Closed by us, or hung up: either way there is no more.
            return ByteString.EMPTY;
        }
    }

    /** {@return an output that has ended: what goes there goes to the terminal} */
    @Override
    public ProcessOutput errorOutput() {
        return new ProcessOutput() {
            @Override
            public ByteString read(int most, CallContext context) {
                return ByteString.EMPTY;
            }

            @Override
            public void processEnded() {
                // It never began.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Override
    public void processEnded() {
        ended = true;
        console.close();
    }

    @Override
    public void resize(int rows, int columns) {
        try {
            Terminal.resize(master(), new Terminal.Size(rows, columns));
        } catch (LinuxException | IllegalArgumentException e) {
            throw Refusal.invalid("cannot resize the terminal: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        ended = true;
        console.close();
        Fd fd = master;
        connected.countDown();
        if (fd != null) {
            fd.close();
        }
    }
}

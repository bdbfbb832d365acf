package dev.kumite.guestagent;

import com.google.protobuf.ByteString;
import dev.kumite.ttrpc.CallContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The writing end of a process's input. Writes are in order: guarded by {@code lock}.
 *
 * <p>That nobody reads any more shows late: crun, which waits for the process, holds the reading
 * end open as long as it does. So a write that waits looks for other readers now and then.
 */
final class PipeInput implements ProcessInput {

    /** How long a write waits before it looks, and between two looks. */
    private static final long LOOK_MILLIS = 500;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Pipe.SinkChannel sink;
    private final PipeReaders readers;

    PipeInput(Pipe.SinkChannel sink, PipeReaders readers) {
        this.sink = sink;
        this.readers = readers;
    }

    @Override
    public void write(ByteString data, CallContext context) {
        lock.lock();
        try {
            ByteBuffer bytes = data.asReadOnlyByteBuffer();
            sink.configureBlocking(false);
            sink.write(bytes);
            if (bytes.hasRemaining()) {
                writeSlowly(bytes, context);
            }
        } catch (IOException e) {
            close();
            throw Refusal.notNow("nobody reads the input of the process any more");
        } finally {
            lock.unlock();
        }
    }

    /** The pipe is full: waits for room. */
    private void writeSlowly(ByteBuffer bytes, CallContext context) throws IOException {
        try (Selector selector = Selector.open()) {
            sink.register(selector, SelectionKey.OP_WRITE);
            while (bytes.hasRemaining()) {
                if (selector.select(LOOK_MILLIS) == 0) {
                    if (context.isCancelled()) {
                        throw Refusal.notNow("the call was cancelled");
                    }
                    if (!readers.areThere()) {
                        throw new IOException("only crun holds the pipe");
                    }
                }
                selector.selectedKeys().clear();
                sink.write(bytes);
            }
        }
    }

    /** Also wakes a writer that waits for the process to read. */
    @Override
    public void close() {
        Quietly.close(sink);
    }
}

package dev.kumite.guestagent;

import com.google.protobuf.ByteString;
import dev.kumite.ttrpc.CallContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.locks.ReentrantLock;

/** The writing end of a process's input. Writes are in order: guarded by {@code lock}. */
final class PipeInput implements ProcessInput {

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Pipe.SinkChannel sink;

    PipeInput(Pipe.SinkChannel sink) {
        this.sink = sink;
    }

    @Override
    public void write(ByteString data, CallContext context) {
        lock.lock();
        try {
            ByteBuffer bytes = data.asReadOnlyByteBuffer();
            while (bytes.hasRemaining()) {
                sink.write(bytes);
            }
        } catch (IOException e) {
            close();
            throw Refusal.notNow("nobody reads the input of the process any more");
        } finally {
            lock.unlock();
        }
    }

    /** Also wakes a writer that waits for the process to read. */
    @Override
    public void close() {
        Quietly.close(sink);
    }
}

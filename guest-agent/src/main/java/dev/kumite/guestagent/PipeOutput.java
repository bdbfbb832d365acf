package dev.kumite.guestagent;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kumite.ttrpc.CallContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The reading end of a process's output. Nothing is read before the host asks, so the process waits
 * when the host does. Guarded by {@code lock}, which is fair: whoever asked first gets the earlier
 * bytes, and the end of the process is heard of between two reads.
 */
final class PipeOutput implements ProcessOutput {

    /** What a pipe of the kernel holds. Source: pipe(7). */
    private static final int PIPE_BYTES = 64 << 10;

    /** How often one who waits behind another reader looks whether it is still wanted. */
    private static final int PATIENCE_MILLIS = 500;

    /** For the reader to take what was written before the process ended. */
    private static final int GRACE_MILLIS = 200;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Pipe.SourceChannel source;
    private ByteString kept = ByteString.EMPTY;

    PipeOutput(Pipe.SourceChannel source) {
        this.source = source;
    }

    @Override
    public ByteString read(int most, CallContext context) {
        await(context);
        try {
            int size = Math.clamp(most, 1, PIPE_BYTES);
            ByteString data = kept;
            kept = ByteString.EMPTY;
            if (data.isEmpty()) {
                data = readOnce(size);
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
            lock.unlock();
        }
    }

    private void await(CallContext context) {
        try {
            while (!lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (context.isCancelled()) {
                    throw Refusal.notNow("the call was cancelled");
                }
            }
        } catch (InterruptedException _) {
            throw Refusal.interrupted();
        }
    }

    private ByteString readOnce(int size) {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        try {
            // Once the process has ended, the channel does not block: 0 is then an end, too.
            return source.read(buffer) <= 0
                    ? ByteString.EMPTY
                    : UnsafeByteOperations.unsafeWrap(buffer.flip());
        } catch (ClosedChannelException _) {
            return ByteString.EMPTY;
        } catch (IOException e) {
            throw Refusal.failed("cannot read the output of a process: " + e.getMessage());
        }
    }

    /** Children of the process may hold the other end open for ever; what they write is lost. */
    @Override
    public void processEnded() {
        try {
            if (lock.tryLock(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    source.configureBlocking(false);
                } finally {
                    lock.unlock();
                }
            } else {
                // A reader waits, so the pipe is empty.
                source.close();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ClosedChannelException _) {
            // Closed is as good.
        } catch (IOException e) {
            throw Refusal.failed("cannot end the output of a process: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        Quietly.close(source);
    }
}

package dev.kumite.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An output that is read before anybody asks for it, as far as a buffer goes. Kata's agent forgets
 * what a process has written when it is asked how the process ended; so the output has to be here
 * before that question. For one thread at a time.
 */
final class ReadAhead extends InputStream {

    /** More than a pipe in the guest holds, 64 KiB: a process that ends has room for its rest. */
    static final int BUFFER_BYTES = 128 << 10;

    private final InputStream source;
    private final ReentrantLock guard = new ReentrantLock();
    private final Condition changed = guard.newCondition();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean started;
    private int first;
    private int count;
    private @Nullable IOException failure;

    ReadAhead(InputStream source) {
        this.source = source;
    }

    /** Begins to read, if it has not begun. */
    void start() {
        guard.lock();
        try {
            if (started) {
                return;
            }
            started = true;
        } finally {
            guard.unlock();
        }
        Thread.ofVirtual().name("read-ahead").start(this::fill);
    }

    /** {@return done when all that the process wrote is here} */
    CompletableFuture<Void> ended() {
        return ended.copy();
    }

    private void fill() {
        byte[] chunk = new byte[BUFFER_BYTES];
        try {
            int size = source.read(chunk, 0, awaitRoom());
            while (size >= 0) {
                put(chunk, size);
                size = source.read(chunk, 0, awaitRoom());
            }
            finish(null);
        } catch (IOException e) {
            finish(e);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
        }
    }

    private int awaitRoom() throws InterruptedException {
        guard.lock();
        try {
            while (count == BUFFER_BYTES) {
                changed.await();
            }
            return BUFFER_BYTES - count;
        } finally {
            guard.unlock();
        }
    }

    private void put(byte[] chunk, int size) {
        guard.lock();
        try {
            int place = (first + count) % BUFFER_BYTES;
            int part = Math.min(size, BUFFER_BYTES - place);
            System.arraycopy(chunk, 0, buffer, place, part);
            System.arraycopy(chunk, part, buffer, 0, size - part);
            count += size;
            changed.signalAll();
        } finally {
            guard.unlock();
        }
    }

    private void finish(@Nullable IOException why) {
        guard.lock();
        try {
            failure = why;
            ended.complete(null);
            changed.signalAll();
        } finally {
            guard.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        start();
        guard.lock();
        try {
            while (count == 0 && !ended.isDone()) {
                changed.await();
            }
            if (count == 0) {
                if (failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
                return -1;
            }
            int size = Math.min(length, Math.min(count, BUFFER_BYTES - first));
            System.arraycopy(buffer, first, bytes, offset, size);
            first = (first + size) % BUFFER_BYTES;
            count -= size;
            changed.signalAll();
            return size;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("reading an output");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            guard.unlock();
        }
    }

    @Override
    public int available() {
        guard.lock();
        try {
            return count;
        } finally {
            guard.unlock();
        }
    }
}

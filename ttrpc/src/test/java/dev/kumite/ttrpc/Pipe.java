package dev.kumite.ttrpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes in one direction, as a socket carries them: bounded, and closed from either end. */
final class Pipe {

    private final byte[] ring;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int start;
    private int size;
    private boolean closed;

    final InputStream in = new Source();
    final OutputStream out = new Sink();

    Pipe(int capacity) {
        ring = new byte[capacity];
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Source extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            lock.lock();
            try {
                while (size == 0) {
                    if (closed) {
                        return -1;
                    }
                    pause();
                }
                int count = Math.min(Math.min(length, size), ring.length - start);
                System.arraycopy(ring, start, target, offset, count);
                start = (start + count) % ring.length;
                size -= count;
                changed.signalAll();
                return count;
            } finally {
                lock.unlock();
            }
        }
    }

    private final class Sink extends OutputStream {

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            lock.lock();
            try {
                int at = offset;
                while (at < offset + length) {
                    while (size == ring.length && !closed) {
                        pause();
                    }
                    if (closed) {
                        throw new IOException("broken pipe");
                    }
                    int to = (start + size) % ring.length;
                    int room = Math.min(ring.length - size, ring.length - to);
                    int count = Math.min(offset + length - at, room);
                    System.arraycopy(source, at, ring, to, count);
                    size += count;
                    at += count;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Its callers loop.
    private void pause() throws InterruptedIOException {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}

package dev.kumite.ttrpc;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames in the order in which they were handed over, on a thread of its own: a peer that
 * does not read blocks that thread, and the callers no longer than they want. Guarded by {@code
 * lock}, which is never held while writing.
 */
final class FrameSender {

    /** Frames that wait for the peer; one of the greatest size always fits an empty queue. */
    private static final int MAX_QUEUED_BYTES =
            2 * (FrameHeader.BYTES + FrameHeader.MAX_BODY_BYTES);

    private final OutputStream out;
    private final Thread writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Condition notFull = lock.newCondition();
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private long queuedBytes;
    private @Nullable TtrpcException failure;

    FrameSender(OutputStream out, ThreadFactory threads) {
        this.out = out;
        this.writer = threads.newThread(this::write);
    }

    void start() {
        writer.start();
    }

    /**
     * Queues {@code frame}, waiting for room until {@code deadline}.
     *
     * @return whether there was room in time
     * @throws TtrpcException if the connection has ended
     * @throws InterruptedException if the thread is interrupted while waiting; the frame is not
     *     sent then
     */
    boolean send(byte[] frame, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (failure != null) {
                    throw failure.again();
                }
                if (queue.isEmpty() || queuedBytes + frame.length <= MAX_QUEUED_BYTES) {
                    queue.add(frame);
                    queuedBytes += frame.length;
                    notEmpty.signal();
                    return true;
                }
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return false;
                }
                notFull.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("ReferenceEquality") // Another frame with the same bytes is another frame.
    private static boolean isSame(byte[] one, byte[] other) {
        return one == other;
    }

    /** Takes {@code frame} back if its first byte is not on its way yet. */
    void withdraw(byte[] frame) {
        lock.lock();
        try {
            if (queue.removeIf(queued -> isSame(queued, frame))) {
                queuedBytes -= frame.length;
                notFull.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the thread has ended, which may take as long as the write that it is in. */
    void joinUninterruptibly() {
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread and refuses further frames with {@code reason}; the first reason stays. */
    void close(TtrpcException reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            queue.clear();
            queuedBytes = 0;
            notEmpty.signalAll();
            notFull.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        try {
            while (true) {
                byte[] frame = take();
                if (frame.length == 0) {
                    return;
                }
                out.write(frame);
                out.flush();
            }
        } catch (IOException e) {
            close(
                    TtrpcException.peerClosed(
                            "the connection broke while writing: " + e.getMessage()));
        }
    }

    /** {@return the next frame, or an empty array once closed} */
    private byte[] take() {
        lock.lock();
        try {
            while (failure == null && queue.isEmpty()) {
                notEmpty.awaitUninterruptibly();
            }
            if (failure != null) {
                return new byte[0];
            }
            byte[] frame = queue.remove();
            queuedBytes -= frame.length;
            notFull.signalAll();
            return frame;
        } finally {
            lock.unlock();
        }
    }
}

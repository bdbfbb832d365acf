package dev.kumite.shim;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Signals that are being sent; any number at once. The end of a task waits for them. */
final class SignalsUnderWay {

    private static final long PATIENCE_MILLIS = 2000;

    /** Read while a signal is on its way. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    void send(Runnable signal) {
        lock.readLock().lock();
        try {
            signal.run();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits until each has been answered, and not for long. */
    void await() {
        try {
            if (lock.writeLock().tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                lock.writeLock().unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.kumite.linux;

import java.time.Duration;

/**
 * The point in time at which a wait ends.
 *
 * @param nanoTime the value of {@link System#nanoTime()} at that point
 */
record Deadline(long nanoTime) {
    /** A hundred years: beyond it, differences of nanoTime would overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    static Deadline in(Duration wait) {
        Duration bounded = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
        return new Deadline(System.nanoTime() + bounded.toNanos());
    }

    /** {@return a deadline that is not reached in practice} */
    static Deadline never() {
        return in(LONGEST);
    }

    long remainingNanos() {
        return Math.max(0, nanoTime - System.nanoTime());
    }

    boolean passed() {
        return nanoTime - System.nanoTime() <= 0;
    }
}

package dev.kumite.ttrpc;

import java.time.Duration;

/** A point in time on the monotonic clock, or never. */
record Deadline(boolean isNever, long atNanos) {

    private static final Deadline NEVER = new Deadline(true, 0);

    /** Longest that is counted; half of what {@link System#nanoTime} can tell apart. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    static Deadline never() {
        return NEVER;
    }

    /** {@return the time when {@code timeout} has passed; beyond 146 years it is never} */
    static Deadline after(Duration timeout) {
        return timeout.compareTo(LONGEST) > 0 ? NEVER : afterNanos(timeout.toNanos());
    }

    static Deadline afterNanos(long nanos) {
        return new Deadline(false, System.nanoTime() + nanos);
    }

    /**
     * {@return what is left; not positive once it has passed, {@link Long#MAX_VALUE} if it never
     * does}
     */
    long remainingNanos() {
        return isNever ? Long.MAX_VALUE : atNanos - System.nanoTime();
    }

    boolean isPassed() {
        return remainingNanos() <= 0;
    }
}

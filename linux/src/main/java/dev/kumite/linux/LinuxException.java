package dev.kumite.linux;

/**
 * A system call that failed. The message says what was attempted and why it was refused, for
 * example {@code mount "/a" on "/b": operation not permitted}.
 */
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int number;

    /**
     * @param attempted what was to be done and on what; lower case, no full stop
     * @param number the error number, positive
     */
    LinuxException(String attempted, int number) {
        super(attempted + ": " + Errno.describe(number));
        this.number = number;
    }

    /** {@return the failure of an operation that was not ready in time} */
    static LinuxException timedOut(String attempted) {
        return new LinuxException(attempted, Errno.ETIMEDOUT.number());
    }

    /** {@return the result, if it is not a negative error number} */
    static long check(long result, String attempted) {
        if (result < 0) {
            throw new LinuxException(attempted, (int) -result);
        }
        return result;
    }

    /** {@return the category of the failure; {@link Errno#UNKNOWN} if the number has no name} */
    public Errno errno() {
        return Errno.of(number);
    }

    /** {@return the error number as the kernel gave it; positive} */
    public int number() {
        return number;
    }
}

package dev.kumite.ttrpc;

import java.io.Serial;

/**
 * A call, or the connection under it, failed. What a server's method throws to refuse a call, too.
 */
public final class TtrpcException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** Whose fault it is, which decides what a caller can do about it. */
    public enum Category {
        /**
         * The connection ended, by the peer's will or by our own; no call over it can succeed any
         * more.
         */
        PEER_CLOSED,
        /** The caller's deadline passed. The peer may still be working on the call. */
        TIMEOUT,
        /**
         * The peer answered that it will not, or could not; {@link TtrpcException#status} says why.
         */
        REFUSED,
        /** The peer broke the protocol. */
        PROTOCOL,
        /** The calling thread was interrupted; its interrupt flag is set again. */
        INTERRUPTED
    }

    private final Category category;
    private final StatusCode status;

    private TtrpcException(Category category, StatusCode status, String message) {
        super(message);
        this.category = category;
        this.status = status;
    }

    /** {@return a refusal with this code; {@code message} reaches the peer's user verbatim} */
    public static TtrpcException refused(StatusCode status, String message) {
        return new TtrpcException(Category.REFUSED, status, message);
    }

    /** {@return the refusal of a method that the service does not have} */
    public static TtrpcException unimplemented(String service, String method) {
        return refused(
                StatusCode.UNIMPLEMENTED,
                "there is no method \"" + method + "\" in \"" + service + "\"");
    }

    static TtrpcException peerClosed(String message) {
        return new TtrpcException(Category.PEER_CLOSED, StatusCode.UNAVAILABLE, message);
    }

    static TtrpcException timeout(String message) {
        return new TtrpcException(Category.TIMEOUT, StatusCode.DEADLINE_EXCEEDED, message);
    }

    static TtrpcException protocol(String message) {
        return new TtrpcException(Category.PROTOCOL, StatusCode.INTERNAL, message);
    }

    static TtrpcException interrupted(String message) {
        return new TtrpcException(Category.INTERRUPTED, StatusCode.CANCELLED, message);
    }

    /**
     * {@return the same failure, made anew on the calling thread: several calls may share one
     * cause}
     */
    TtrpcException again() {
        TtrpcException copy = new TtrpcException(category, status, String.valueOf(getMessage()));
        copy.initCause(this);
        return copy;
    }

    /** {@return whose fault it is} */
    public Category category() {
        return category;
    }

    /** {@return the code that the peer sent, or the one that fits best} */
    public StatusCode status() {
        return status;
    }

    /** {@return the message, never absent} */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

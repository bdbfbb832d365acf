package dev.kumite.shim;

import dev.kumite.ttrpc.StatusCode;
import java.io.Serial;

/** A call of containerd cannot be done. The message reaches containerd's user word for word. */
public final class ShimException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    public enum Category {
        /** The call, or what it carries, makes no sense. */
        USAGE(StatusCode.INVALID_ARGUMENT),
        /** There is no such task or process, or it has ended. */
        NOT_FOUND(StatusCode.NOT_FOUND),
        /** The name is taken. */
        CONFLICT(StatusCode.ALREADY_EXISTS),
        /** Not possible in this state. */
        ILLEGAL_STATE(StatusCode.FAILED_PRECONDITION),
        /** Not possible with machines. */
        UNSUPPORTED(StatusCode.UNIMPLEMENTED),
        /** The host or the machine did not do what it was asked. */
        MACHINE(StatusCode.UNKNOWN);

        private final StatusCode status;

        Category(StatusCode status) {
            this.status = status;
        }

        StatusCode status() {
            return status;
        }
    }

    private final Category category;

    private ShimException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    private ShimException(Category category, String message) {
        super(message);
        this.category = category;
    }

    /** {@return a failure} */
    public static ShimException of(Category category, String message) {
        return new ShimException(category, message);
    }

    /** {@return a failure with its reason} */
    public static ShimException of(Category category, String message, Throwable cause) {
        return new ShimException(category, message, cause);
    }

    static ShimException unknownTask(String id) {
        return of(Category.NOT_FOUND, "there is no task " + id);
    }

    static ShimException ended() {
        // The words that containerd's callers look for.
        return of(Category.NOT_FOUND, "process already finished");
    }

    /** {@return what kind of failure it is} */
    public Category category() {
        return category;
    }

    /** {@return the message, never absent} */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

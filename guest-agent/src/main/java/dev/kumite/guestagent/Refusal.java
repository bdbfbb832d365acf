package dev.kumite.guestagent;

import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcException;

/**
 * Makes the answers to calls that cannot be done. The host shows the message to its user, so it
 * says what is wrong with which value, and what the guest's tools said, in one line.
 */
final class Refusal {

    private Refusal() {}

    /** The request itself makes no sense. */
    static TtrpcException invalid(String message) {
        return TtrpcException.refused(StatusCode.INVALID_ARGUMENT, message);
    }

    /** What the request names is not there. */
    static TtrpcException notFound(String message) {
        return TtrpcException.refused(StatusCode.NOT_FOUND, message);
    }

    /** What the request is to make is there already. */
    static TtrpcException exists(String message) {
        return TtrpcException.refused(StatusCode.ALREADY_EXISTS, message);
    }

    /** What the request names is not in a state for it. */
    static TtrpcException notNow(String message) {
        return TtrpcException.refused(StatusCode.FAILED_PRECONDITION, message);
    }

    /** Something took longer than it may. */
    static TtrpcException late(String message) {
        return TtrpcException.refused(StatusCode.DEADLINE_EXCEEDED, message);
    }

    /** The guest tried, and could not. */
    static TtrpcException failed(String message) {
        return TtrpcException.refused(StatusCode.INTERNAL, message);
    }

    /** Nobody waits for the answer any more; restores the interrupt flag. */
    static TtrpcException interrupted() {
        Thread.currentThread().interrupt();
        return TtrpcException.refused(StatusCode.CANCELLED, "the call was cancelled");
    }
}

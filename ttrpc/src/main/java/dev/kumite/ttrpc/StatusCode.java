package dev.kumite.ttrpc;

/**
 * How a call ended, by the numbers that go over the wire. Source: google.rpc.Code.
 *
 * <p>A constant's ordinal is its number.
 */
public enum StatusCode {
    OK,
    CANCELLED,
    /** Also what the peer says where it has no better word. */
    UNKNOWN,
    INVALID_ARGUMENT,
    DEADLINE_EXCEEDED,
    NOT_FOUND,
    ALREADY_EXISTS,
    PERMISSION_DENIED,
    RESOURCE_EXHAUSTED,
    FAILED_PRECONDITION,
    ABORTED,
    OUT_OF_RANGE,
    UNIMPLEMENTED,
    INTERNAL,
    UNAVAILABLE,
    DATA_LOSS,
    UNAUTHENTICATED;

    private static final StatusCode[] BY_NUMBER = values();

    /** {@return the code with this number, or {@link #UNKNOWN} if there is none} */
    public static StatusCode of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }

    /** {@return the number on the wire, 0 to 16} */
    @SuppressWarnings("EnumOrdinal") // The order of the constants is the specification's.
    public int number() {
        return ordinal();
    }
}

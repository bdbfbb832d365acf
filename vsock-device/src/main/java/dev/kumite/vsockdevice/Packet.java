package dev.kumite.vsockdevice;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What precedes the bytes of a packet, in both directions.
 *
 * <p>Source: virtio 1.2, 5.10.6 "Device Operation".
 *
 * @param sourceCid who sends
 * @param destinationCid who is to get it
 * @param sourcePort of the sender
 * @param destinationPort of the receiver
 * @param length bytes that follow
 * @param type 1 for a stream
 * @param operation what it is about, see {@link Operation#number}
 * @param flags of a shutdown
 * @param bufferSpace bytes that the sender takes in all
 * @param forwarded bytes that the sender has passed on, modulo 2^32
 */
record Packet(
        long sourceCid,
        long destinationCid,
        int sourcePort,
        int destinationPort,
        int length,
        int type,
        int operation,
        int flags,
        int bufferSpace,
        int forwarded) {

    static final int HEADER_BYTES = 44;

    static final int TYPE_STREAM = 1;

    /** The sender of a shutdown takes no more. */
    static final int NO_MORE_TAKEN = 1;

    /** The sender of a shutdown sends no more. */
    static final int NO_MORE_SENT = 2;

    /** What a packet is about. */
    enum Operation {
        /** A connection is wanted. */
        REQUEST(1),
        /** The connection is there. */
        RESPONSE(2),
        /** There is no such connection (any more). */
        RST(3),
        /** The sender takes or sends no more. */
        SHUTDOWN(4),
        /** Bytes. */
        RW(5),
        /** How much the sender takes. */
        CREDIT_UPDATE(6),
        /** How much does the receiver take? */
        CREDIT_REQUEST(7);

        private final int number;

        Operation(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        /** {@return the operation, or null for a number that is none} */
        static @Nullable Operation of(int number) {
            for (Operation operation : values()) {
                if (operation.number == number) {
                    return operation;
                }
            }
            return null;
        }
    }

    /** {@return the header that a buffer begins with} */
    static Packet read(ByteBuffer from) {
        return new Packet(
                from.getLong(),
                from.getLong(),
                from.getInt(),
                from.getInt(),
                from.getInt(),
                from.getShort(),
                from.getShort(),
                from.getInt(),
                from.getInt(),
                from.getInt());
    }

    /** {@return the header, followed by room for its bytes} */
    ByteBuffer write() {
        return ByteBuffer.allocate(HEADER_BYTES + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(sourceCid)
                .putLong(destinationCid)
                .putInt(sourcePort)
                .putInt(destinationPort)
                .putInt(length)
                .putShort((short) type)
                .putShort((short) operation)
                .putInt(flags)
                .putInt(bufferSpace)
                .putInt(forwarded);
    }
}

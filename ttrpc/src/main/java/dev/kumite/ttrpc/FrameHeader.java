package dev.kumite.ttrpc;

/**
 * The ten bytes before each body, big endian: length, stream id, type, flags.
 *
 * <p>Source: containerd/ttrpc, PROTOCOL.md, "Message Frame".
 *
 * @param length bytes of the body, 0 to 2³²−1; only a length up to {@link #MAX_BODY_BYTES} is ever
 *     read into memory
 * @param streamId of the call; 32 bits, clients use odd positive numbers
 * @param type {@link #REQUEST}, {@link #RESPONSE} or what a peer made up, 0 to 255
 * @param flags 0 to 255; only streaming calls have any
 */
record FrameHeader(long length, int streamId, int type, int flags) {

    /** Size of a header. */
    static final int BYTES = 10;

    /**
     * Longest body accepted and sent. Source: containerd/ttrpc, PROTOCOL.md: "The maximum data
     * length is 4MB and any larger size should be rejected".
     */
    static final int MAX_BODY_BYTES = 4 << 20;

    static final int REQUEST = 1;
    static final int RESPONSE = 2;

    static FrameHeader request(int length, int streamId) {
        return new FrameHeader(length, streamId, REQUEST, 0);
    }

    static FrameHeader response(int length, int streamId) {
        return new FrameHeader(length, streamId, RESPONSE, 0);
    }

    /** Reads the first ten bytes of {@code bytes}. */
    static FrameHeader decode(byte[] bytes) {
        return new FrameHeader(
                int32(bytes, 0) & 0xFFFF_FFFFL, int32(bytes, 4), bytes[8] & 0xFF, bytes[9] & 0xFF);
    }

    /** Writes this into the first ten bytes of {@code bytes}. */
    void encode(byte[] bytes) {
        putInt32(bytes, 0, (int) length);
        putInt32(bytes, 4, streamId);
        bytes[8] = (byte) type;
        bytes[9] = (byte) flags;
    }

    boolean isOversized() {
        return length > MAX_BODY_BYTES;
    }

    /** {@return whether all ten bytes are zero: filler, not a frame} */
    boolean isZero() {
        return length == 0 && streamId == 0 && type == 0 && flags == 0;
    }

    private static int int32(byte[] bytes, int at) {
        return bytes[at] << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | (bytes[at + 3] & 0xFF);
    }

    private static void putInt32(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
    }
}

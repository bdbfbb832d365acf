package dev.kumite.linux;

import java.nio.ByteBuffer;

/**
 * An address between a virtual machine and its host.
 *
 * <p>Source: vsock(7).
 *
 * @param cid the machine: {@link #HOST}, {@link #LOCAL}, {@link #ANY} to listen, or a guest from 3;
 *     32 bits without a sign
 * @param port 32 bits without a sign
 */
public record VsockAddress(int cid, int port) {
    /** Any machine; to listen only. */
    public static final int ANY = -1;

    /** The machine itself. */
    public static final int LOCAL = 1;

    /** The host, seen from a guest. */
    public static final int HOST = 2;

    private static final int BYTES = 16;

    /** {@return a {@code struct sockaddr_vm}} */
    ByteBuffer encode(Scratch scratch) {
        return scratch.bytes(BYTES)
                .putShort(0, (short) Sockets.AF_VSOCK)
                .putInt(4, port)
                .putInt(8, cid);
    }

    static VsockAddress decode(ByteBuffer address) {
        return new VsockAddress(address.getInt(8), address.getInt(4));
    }

    /** {@return for example {@code vsock://3:1024}} */
    @Override
    public String toString() {
        return "vsock://" + Integer.toUnsignedString(cid) + ":" + Integer.toUnsignedString(port);
    }
}

package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request to the kernel under construction: header, fixed part, attributes. Grows as needed, up
 * to {@link #MOST_BYTES}. Not for several threads.
 *
 * <p>Source: netlink(7), Linux include/uapi/linux/netlink.h.
 */
final class NetlinkMessage {
    static final int HEADER_BYTES = 16;

    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_ACK = 0x4;
    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;
    static final int NLM_F_DUMP = 0x300;

    /** Marks attributes that contain attributes. */
    private static final int NLA_F_NESTED = 0x8000;

    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    private static final int MOST_BYTES = 32 << 10;

    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    /**
     * @param type RTM_...
     * @param flags NLM_F_... besides NLM_F_REQUEST
     */
    NetlinkMessage(int type, int flags) {
        bytes.putInt(0);
        bytes.putShort((short) type);
        bytes.putShort((short) (flags | NLM_F_REQUEST));
        bytes.putInt(0);
        bytes.putInt(0);
    }

    NetlinkMessage u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    NetlinkMessage u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    NetlinkMessage u32(int value) {
        room(4).putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, byte[] value) {
        int length = ATTRIBUTE_HEADER_BYTES + value.length;
        room(length + 3).putShort((short) length).putShort((short) type).put(value);
        return align();
    }

    NetlinkMessage attribute(int type, int value) {
        room(8).putShort((short) 8).putShort((short) type).putInt(value);
        return this;
    }

    /** Text with a zero byte at its end. */
    NetlinkMessage attribute(int type, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(encoded, encoded.length + 1));
    }

    /** {@return the place of an attribute that contains what follows until {@link #end}} */
    int begin(int type) {
        room(ATTRIBUTE_HEADER_BYTES);
        int start = bytes.position();
        bytes.putShort((short) 0).putShort((short) (type | NLA_F_NESTED));
        return start;
    }

    NetlinkMessage end(int start) {
        bytes.putShort(start, (short) (bytes.position() - start));
        return this;
    }

    /** {@return the finished message} */
    ByteBuffer finish(int sequence) {
        bytes.putInt(0, bytes.position()).putInt(8, sequence);
        return bytes.duplicate().order(ByteOrder.nativeOrder()).flip();
    }

    private NetlinkMessage align() {
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    private ByteBuffer room(int more) {
        int needed = bytes.position() + more;
        if (needed > MOST_BYTES) {
            throw new LinuxException(
                    "ask the kernel with " + needed + " bytes", Errno.EMSGSIZE.number());
        }
        if (needed > bytes.capacity()) {
            ByteBuffer larger =
                    ByteBuffer.allocate(Math.max(needed, 2 * bytes.capacity()))
                            .order(ByteOrder.nativeOrder());
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }
}

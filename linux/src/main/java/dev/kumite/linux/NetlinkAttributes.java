package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The attributes of an answer, by type; of several of one type, the last. Lengths that do not fit
 * end the reading: what came before counts.
 *
 * <p>Source: netlink(7), rtnetlink(3).
 */
final class NetlinkAttributes {
    private static final int HEADER_BYTES = 4;
    private static final int TYPE_MASK = 0x3fff;

    private final Map<Integer, byte[]> values;

    private NetlinkAttributes(Map<Integer, byte[]> values) {
        this.values = values;
    }

    /** {@return what the buffer holds from its position to its limit} */
    static NetlinkAttributes parse(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.slice().order(ByteOrder.nativeOrder());
        Map<Integer, byte[]> values = new HashMap<>();
        int at = 0;
        while (at + HEADER_BYTES <= bytes.limit()) {
            int length = bytes.getShort(at) & 0xffff;
            int type = bytes.getShort(at + 2) & TYPE_MASK;
            if (length < HEADER_BYTES || at + length > bytes.limit()) {
                break;
            }
            byte[] value = new byte[length - HEADER_BYTES];
            bytes.get(at + HEADER_BYTES, value);
            values.put(type, value);
            at += (length + 3) & ~3;
        }
        return new NetlinkAttributes(values);
    }

    Optional<byte[]> bytes(int type) {
        return Optional.ofNullable(values.get(type));
    }

    OptionalInt number(int type) {
        byte[] value = values.get(type);
        return value == null || value.length < Integer.BYTES
                ? OptionalInt.empty()
                : OptionalInt.of(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt());
    }

    /** {@return the text up to its zero byte; empty if there is none} */
    String text(int type) {
        byte[] value = values.getOrDefault(type, new byte[0]);
        int length = 0;
        while (length < value.length && value[length] != 0) {
            length++;
        }
        return new String(value, 0, length, StandardCharsets.UTF_8);
    }

    /** {@return the attributes in an attribute; none if it is not there} */
    NetlinkAttributes nested(int type) {
        return parse(ByteBuffer.wrap(values.getOrDefault(type, new byte[0])));
    }
}

package dev.kumite.linux;

import java.util.Arrays;
import java.util.HexFormat;

/** The address of an interface in its network, for Ethernet six bytes. Immutable. */
public final class HardwareAddress {
    /** Source: Linux include/linux/netdevice.h, MAX_ADDR_LEN. */
    private static final int MOST_BYTES = 32;

    private final byte[] bytes;

    private HardwareAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * {@return the address of the bytes}
     *
     * @param bytes at most 32
     */
    public static HardwareAddress of(byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw new LinuxException(
                    "use a hardware address of " + bytes.length + " bytes", Syscall.EINVAL);
        }
        return new HardwareAddress(bytes.clone());
    }

    /**
     * {@return the address written as {@code 02:00:ca:fe:00:01}}
     *
     * @throws LinuxException with {@link Errno#EINVAL} if the text is something else
     */
    public static HardwareAddress parse(String text) {
        try {
            byte[] bytes = HexFormat.ofDelimiter(":").parseHex(text);
            if (bytes.length > 0) {
                return of(bytes);
            }
        } catch (IllegalArgumentException notHexadecimal) {
            // Refused below, like an empty text.
        }
        throw new LinuxException(
                "read \"" + text + "\" as a hardware address like 02:00:ca:fe:00:01",
                Syscall.EINVAL);
    }

    /** {@return a copy of the bytes} */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HardwareAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** {@return the bytes in hexadecimal, separated by colons; empty if there are none} */
    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }
}

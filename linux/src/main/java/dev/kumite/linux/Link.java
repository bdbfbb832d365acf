package dev.kumite.linux;

/**
 * A network interface.
 *
 * @param index by which the kernel names it, at least 1
 * @param name at most 15 bytes
 * @param kind for example {@code veth}, {@code bridge}, {@code tun}; empty for physical ones and
 *     the loopback
 * @param address the hardware address
 * @param mtu longest packet in bytes
 * @param flags IFF_ bits of netdevice(7)
 * @param master index of the bridge (or bond) that it belongs to; 0 if none
 * @param peer index of the interface that it is on, or the other end of a veth, possibly in another
 *     namespace; 0 if none
 */
public record Link(
        int index,
        String name,
        String kind,
        HardwareAddress address,
        int mtu,
        int flags,
        int master,
        int peer) {
    static final int IFF_UP = 0x1;
    private static final int IFF_LOOPBACK = 0x8;

    /** In {@link #flags}: nobody is asked for hardware addresses. */
    public static final int IFF_NOARP = 0x80;

    /** {@return whether it was set up (administratively)} */
    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** {@return whether it is {@code lo}} */
    public boolean isLoopback() {
        return (flags & IFF_LOOPBACK) != 0;
    }
}

package dev.kumite.linux;

import java.net.InetAddress;

/**
 * Which hardware address an IP address of a link has.
 *
 * @param link index of the interface
 * @param destination the IP address
 * @param address the hardware address; without bytes while it is not known
 * @param state a NUD_ number of rtnetlink(7), for example {@link #PERMANENT}
 * @param flags NTF_ bits of rtnetlink(7)
 */
public record Neighbour(
        int link, InetAddress destination, HardwareAddress address, int state, int flags) {
    /** The state of an entry that does not grow old. */
    public static final int PERMANENT = 0x80;

    /** {@return an entry that stays until it is deleted} */
    public static Neighbour permanent(int link, InetAddress destination, HardwareAddress address) {
        return new Neighbour(link, destination, address, PERMANENT, 0);
    }
}

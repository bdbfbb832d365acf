package dev.kumite.linux;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Where packets to a network are sent.
 *
 * @param destination the network; of length 0 for the default route
 * @param gateway the next machine, if the network is not reached directly
 * @param link index of the interface; 0 if the route has several or none
 * @param source the address that packets are sent from
 * @param metric the smallest counts; 0 lets the kernel choose
 * @param scope a RT_SCOPE_ number of rtnetlink(7): 0 for everywhere, 253 for the link
 * @param table by number, 254 for the main one
 * @param protocol who made it: 2 for the kernel, 3 for a program at start-up
 * @param type a RTN_ number of rtnetlink(7): 1 for a usual route
 * @param flags RTNH_F_ bits, for example {@link #ON_LINK}
 * @param mtu longest packet in bytes; 0 for the interface's
 */
public record Route(
        IpPrefix destination,
        Optional<InetAddress> gateway,
        int link,
        Optional<InetAddress> source,
        int metric,
        int scope,
        int table,
        int protocol,
        int type,
        int flags,
        int mtu) {
    /** In {@link #flags}: the gateway is on the link, although no network of the link has it. */
    public static final int ON_LINK = 4;

    /** The scope of networks that are reached directly. */
    public static final int SCOPE_LINK = 253;

    /** The table that is used if nothing else is said. */
    public static final int TABLE_MAIN = 254;

    private static final int PROTOCOL_BOOT = 3;
    private static final int TYPE_UNICAST = 1;

    /** {@return a usual route over a gateway} */
    public static Route via(IpPrefix destination, InetAddress gateway, int link) {
        return plain(destination, Optional.of(gateway), link, 0);
    }

    /** {@return a usual route to a network that is reached directly} */
    public static Route direct(IpPrefix destination, int link) {
        return plain(destination, Optional.empty(), link, SCOPE_LINK);
    }

    private static Route plain(
            IpPrefix destination, Optional<InetAddress> gateway, int link, int scope) {
        return new Route(
                destination,
                gateway,
                link,
                Optional.empty(),
                0,
                scope,
                TABLE_MAIN,
                PROTOCOL_BOOT,
                TYPE_UNICAST,
                0,
                0);
    }

    /** {@return the same with another source address} */
    public Route withSource(InetAddress address) {
        return new Route(
                destination,
                gateway,
                link,
                Optional.of(address),
                metric,
                scope,
                table,
                protocol,
                type,
                flags,
                mtu);
    }

    /** {@return the same with another metric} */
    public Route withMetric(int value) {
        return new Route(
                destination,
                gateway,
                link,
                source,
                value,
                scope,
                table,
                protocol,
                type,
                flags,
                mtu);
    }

    /** {@return the same with another scope} */
    public Route withScope(int value) {
        return new Route(
                destination,
                gateway,
                link,
                source,
                metric,
                value,
                table,
                protocol,
                type,
                flags,
                mtu);
    }

    /** {@return the same with other flags} */
    public Route withFlags(int value) {
        return new Route(
                destination,
                gateway,
                link,
                source,
                metric,
                scope,
                table,
                protocol,
                type,
                value,
                mtu);
    }

    /** {@return the same with another longest packet} */
    public Route withMtu(int value) {
        return new Route(
                destination,
                gateway,
                link,
                source,
                metric,
                scope,
                table,
                protocol,
                type,
                flags,
                value);
    }

    /** {@return whether it is used when no other fits} */
    public boolean isDefault() {
        return destination.length() == 0;
    }
}

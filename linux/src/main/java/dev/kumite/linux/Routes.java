package dev.kumite.linux;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The routes of a namespace.
 *
 * <p>Source: rtnetlink(7), RTM_NEWROUTE; Linux include/uapi/linux/rtnetlink.h.
 */
public final class Routes {
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;

    private static final int RTMSG_BYTES = 12;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTA_TABLE = 15;
    private static final int RTAX_MTU = 2;

    /** Larger tables are named by attribute alone. */
    private static final int LARGEST_SHORT_TABLE = 255;

    private static final int TABLE_UNSPECIFIED = 0;
    private static final int SCOPE_NOWHERE = 255;

    private final Netlink netlink;

    Routes(Netlink netlink) {
        this.netlink = netlink;
    }

    /** {@return all IP routes of all tables, those that the kernel made included} */
    public List<Route> list() {
        List<Route> routes = new ArrayList<>();
        for (int family : new int[] {IpPrefix.AF_INET, IpPrefix.AF_INET6}) {
            for (ByteBuffer answer : netlink.dump(RTM_GETROUTE, family, "list routes")) {
                parse(answer).ifPresent(routes::add);
            }
        }
        return List.copyOf(routes);
    }

    /**
     * Adds a route.
     *
     * @throws LinuxException with {@link Errno#EEXIST} if there is one with the same destination,
     *     metric and table, {@link Errno#ENETUNREACH} if the gateway is not on the link
     */
    public void add(Route route) {
        add(route, NetlinkMessage.NLM_F_EXCL);
    }

    /** Adds a route in place of one with the same destination, metric and table. */
    public void replace(Route route) {
        add(route, NetlinkMessage.NLM_F_REPLACE);
    }

    private void add(Route route, int flag) {
        int flags = NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | flag;
        NetlinkMessage request = request(RTM_NEWROUTE, flags, route, route.scope());
        route.source().ifPresent(source -> request.attribute(RTA_PREFSRC, source.getAddress()));
        if (route.mtu() != 0) {
            request.end(metrics(request, route.mtu()));
        }
        netlink.change(request, "add " + describe(route));
    }

    /**
     * Takes a route away: the first with the same destination, gateway, interface, metric and
     * table.
     *
     * @throws LinuxException with {@link Errno#ESRCH} if there is none
     */
    public void delete(Route route) {
        NetlinkMessage request =
                request(RTM_DELROUTE, NetlinkMessage.NLM_F_ACK, route, SCOPE_NOWHERE);
        netlink.change(request, "delete " + describe(route));
    }

    private static int metrics(NetlinkMessage request, int mtu) {
        int metrics = request.begin(RTA_METRICS);
        request.attribute(RTAX_MTU, mtu);
        return metrics;
    }

    private static NetlinkMessage request(int type, int flags, Route route, int scope) {
        IpPrefix destination = route.destination();
        NetlinkMessage request =
                new NetlinkMessage(type, flags)
                        .u8(destination.family())
                        .u8(destination.length())
                        .u8(0)
                        .u8(0)
                        .u8(route.table() > LARGEST_SHORT_TABLE ? TABLE_UNSPECIFIED : route.table())
                        .u8(route.protocol())
                        .u8(scope)
                        .u8(route.type())
                        .u32(route.flags())
                        .attribute(RTA_TABLE, route.table());
        if (destination.length() > 0) {
            request.attribute(RTA_DST, destination.address().getAddress());
        }
        route.gateway().ifPresent(gateway -> request.attribute(RTA_GATEWAY, gateway.getAddress()));
        if (route.link() != 0) {
            request.attribute(RTA_OIF, route.link());
        }
        if (route.metric() != 0) {
            request.attribute(RTA_PRIORITY, route.metric());
        }
        return request;
    }

    private static String describe(Route route) {
        String via = route.gateway().map(g -> " via " + g.getHostAddress()).orElse("");
        return "route to " + route.destination() + via + " over interface " + route.link();
    }

    /** {@return the route, or empty if it is not one of IP} */
    static Optional<Route> parse(ByteBuffer answer) {
        if (answer.limit() < RTMSG_BYTES) {
            throw new LinuxException("understand a route", Errno.EBADMSG.number());
        }
        int family = answer.get(0) & 0xff;
        if (family != IpPrefix.AF_INET && family != IpPrefix.AF_INET6) {
            return Optional.empty();
        }
        NetlinkAttributes attributes =
                NetlinkAttributes.parse(answer.duplicate().position(RTMSG_BYTES));
        int length = answer.get(1) & 0xff;
        IpPrefix destination =
                attributes
                        .bytes(RTA_DST)
                        .map(bytes -> new IpPrefix(IpPrefix.address(bytes), length))
                        .orElse(IpPrefix.everything(family));
        Optional<InetAddress> gateway = attributes.bytes(RTA_GATEWAY).map(IpPrefix::address);
        Optional<InetAddress> source = attributes.bytes(RTA_PREFSRC).map(IpPrefix::address);
        return Optional.of(
                new Route(
                        destination,
                        gateway,
                        attributes.number(RTA_OIF).orElse(0),
                        source,
                        attributes.number(RTA_PRIORITY).orElse(0),
                        answer.get(6) & 0xff,
                        attributes.number(RTA_TABLE).orElse(answer.get(4) & 0xff),
                        answer.get(5) & 0xff,
                        answer.get(7) & 0xff,
                        answer.getInt(8),
                        attributes.nested(RTA_METRICS).number(RTAX_MTU).orElse(0)));
    }
}

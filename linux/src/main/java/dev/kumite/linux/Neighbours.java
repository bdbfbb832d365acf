package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tables of ARP and of IPv6's neighbour discovery.
 *
 * <p>Source: rtnetlink(7), RTM_NEWNEIGH; Linux include/uapi/linux/neighbour.h.
 */
public final class Neighbours {
    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_DELNEIGH = 29;
    private static final int RTM_GETNEIGH = 30;

    private static final int NDMSG_BYTES = 12;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;

    private static final int AF_BRIDGE = 7;

    /** The table is that of the bridge which the interface is part of. */
    private static final int NTF_MASTER = 0x4;

    private final Netlink netlink;

    Neighbours(Netlink netlink) {
        this.netlink = netlink;
    }

    /** {@return all IP neighbours of all interfaces} */
    public List<Neighbour> list() {
        List<Neighbour> neighbours = new ArrayList<>();
        for (int family : new int[] {IpPrefix.AF_INET, IpPrefix.AF_INET6}) {
            for (ByteBuffer answer : netlink.dump(RTM_GETNEIGH, family, "list neighbours")) {
                parse(answer).ifPresent(neighbours::add);
            }
        }
        return List.copyOf(neighbours);
    }

    /** Adds an entry, in place of one for the same address. */
    public void add(Neighbour neighbour) {
        int flags =
                NetlinkMessage.NLM_F_ACK
                        | NetlinkMessage.NLM_F_CREATE
                        | NetlinkMessage.NLM_F_REPLACE;
        NetlinkMessage request =
                request(RTM_NEWNEIGH, flags, neighbour)
                        .attribute(NDA_LLADDR, neighbour.address().bytes());
        netlink.change(request, "add " + describe(neighbour));
    }

    /** Takes the entry for the address away. */
    public void delete(Neighbour neighbour) {
        netlink.change(
                request(RTM_DELNEIGH, NetlinkMessage.NLM_F_ACK, neighbour),
                "delete " + describe(neighbour));
    }

    /**
     * Makes a bridge forget that an interface of it has the address: what is sent there is
     * forwarded from then on, not kept by this host.
     *
     * @param port the interface
     * @throws LinuxException with {@link Errno#ENOENT} if the bridge does not know it
     */
    public void forgetForwarding(int port, HardwareAddress address) {
        NetlinkMessage request =
                new NetlinkMessage(RTM_DELNEIGH, NetlinkMessage.NLM_F_ACK)
                        .u8(AF_BRIDGE)
                        .u8(0)
                        .u16(0)
                        .u32(port)
                        .u16(Neighbour.PERMANENT)
                        .u8(NTF_MASTER)
                        .u8(0)
                        .attribute(NDA_LLADDR, address.bytes());
        netlink.change(
                request, "make the bridge of interface " + port + " forget address " + address);
    }

    private static NetlinkMessage request(int type, int flags, Neighbour neighbour) {
        return new NetlinkMessage(type, flags)
                .u8(IpPrefix.family(neighbour.destination()))
                .u8(0)
                .u16(0)
                .u32(neighbour.link())
                .u16(neighbour.state())
                .u8(neighbour.flags())
                .u8(0)
                .attribute(NDA_DST, neighbour.destination().getAddress());
    }

    private static String describe(Neighbour neighbour) {
        return "neighbour "
                + neighbour.destination().getHostAddress()
                + " of interface "
                + neighbour.link();
    }

    static Optional<Neighbour> parse(ByteBuffer answer) {
        if (answer.limit() < NDMSG_BYTES) {
            throw new LinuxException("understand a neighbour", Errno.EBADMSG.number());
        }
        NetlinkAttributes attributes =
                NetlinkAttributes.parse(answer.duplicate().position(NDMSG_BYTES));
        byte[] address = attributes.bytes(NDA_LLADDR).orElse(new byte[0]);
        return attributes
                .bytes(NDA_DST)
                .map(destination ->
                        new Neighbour(
                                answer.getInt(4),
                                IpPrefix.address(destination),
                                HardwareAddress.of(address),
                                answer.getShort(8) & 0xffff,
                                answer.get(10) & 0xff));
    }
}

package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The IP addresses of interfaces.
 *
 * <p>Source: rtnetlink(7), RTM_NEWADDR; Linux include/uapi/linux/if_addr.h.
 */
public final class Addresses {
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_GETADDR = 22;

    private static final int IFADDR_BYTES = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_BROADCAST = 4;

    /** Usable at once, without asking first whether somebody has the address. IPv6 only. */
    private static final int IFA_F_NODAD = 0x2;

    /** Networks that are shorter have a broadcast address, their last one. */
    private static final int LONGEST_WITH_BROADCAST = 30;

    private final Netlink netlink;

    Addresses(Netlink netlink) {
        this.netlink = netlink;
    }

    /** {@return all addresses of all interfaces} */
    public List<Address> list() {
        List<Address> addresses = new ArrayList<>();
        for (ByteBuffer answer : netlink.dump(RTM_GETADDR, 0, "list addresses")) {
            parse(answer).ifPresent(addresses::add);
        }
        return List.copyOf(addresses);
    }

    /** {@return the addresses of one interface} */
    public List<Address> of(int link) {
        return list().stream().filter(address -> address.link() == link).toList();
    }

    /** Adds an address; one that is there already stays. IPv6 addresses are usable at once. */
    public void add(Address address) {
        int flags =
                NetlinkMessage.NLM_F_ACK
                        | NetlinkMessage.NLM_F_CREATE
                        | NetlinkMessage.NLM_F_REPLACE;
        NetlinkMessage request = request(RTM_NEWADDR, flags, address);
        IpPrefix prefix = address.prefix();
        if (prefix.family() == IpPrefix.AF_INET && prefix.length() <= LONGEST_WITH_BROADCAST) {
            request.attribute(IFA_BROADCAST, broadcast(prefix));
        }
        netlink.change(request, "add address " + prefix + " to interface " + address.link());
    }

    /** Takes an address away. */
    public void delete(Address address) {
        netlink.change(
                request(RTM_DELADDR, NetlinkMessage.NLM_F_ACK, address),
                "delete address " + address.prefix() + " of interface " + address.link());
    }

    private static NetlinkMessage request(int type, int flags, Address address) {
        IpPrefix prefix = address.prefix();
        byte[] bytes = prefix.address().getAddress();
        int family = prefix.family();
        return new NetlinkMessage(type, flags)
                .u8(family)
                .u8(prefix.length())
                .u8(family == IpPrefix.AF_INET6 ? IFA_F_NODAD : 0)
                .u8(0)
                .u32(address.link())
                .attribute(IFA_LOCAL, bytes)
                .attribute(IFA_ADDRESS, bytes);
    }

    private static byte[] broadcast(IpPrefix prefix) {
        byte[] bytes = prefix.address().getAddress();
        int address = ByteBuffer.wrap(bytes).getInt();
        int host = prefix.length() == 0 ? -1 : (1 << (Integer.SIZE - prefix.length())) - 1;
        return ByteBuffer.allocate(Integer.BYTES).putInt(address | host).array();
    }

    static Optional<Address> parse(ByteBuffer answer) {
        if (answer.limit() < IFADDR_BYTES) {
            throw new LinuxException("understand an address", Errno.EBADMSG.number());
        }
        NetlinkAttributes attributes =
                NetlinkAttributes.parse(answer.duplicate().position(IFADDR_BYTES));
        // On point-to-point links, IFA_ADDRESS is the other side's.
        return attributes
                .bytes(IFA_LOCAL)
                .or(() -> attributes.bytes(IFA_ADDRESS))
                .map(bytes ->
                        new Address(
                                answer.getInt(4),
                                new IpPrefix(IpPrefix.address(bytes), answer.get(1) & 0xff)));
    }
}

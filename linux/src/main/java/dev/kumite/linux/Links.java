package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The network interfaces of a namespace.
 *
 * <p>Source: rtnetlink(7), RTM_NEWLINK; Linux include/uapi/linux/if_link.h.
 */
public final class Links {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;

    private static final int IFINFO_BYTES = 16;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_MACVLAN_MODE = 1;
    private static final int MACVLAN_MODE_BRIDGE = 4;
    private static final int MACVLAN_MODE_PASSTHRU = 8;

    /** Source: Linux include/uapi/linux/if.h, IFNAMSIZ with the zero byte. */
    private static final int MOST_NAME_BYTES = 15;

    private static final int CREATE =
            NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;

    private final Netlink netlink;

    Links(Netlink netlink) {
        this.netlink = netlink;
    }

    /** {@return all interfaces} */
    public List<Link> list() {
        List<Link> links = new ArrayList<>();
        for (ByteBuffer answer : netlink.dump(RTM_GETLINK, 0, "list interfaces")) {
            links.add(parse(answer));
        }
        return List.copyOf(links);
    }

    /** {@return the interface with the name} */
    public Optional<Link> find(String name) {
        return list().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** {@return the first interface with the hardware address} */
    public Optional<Link> find(HardwareAddress address) {
        return list().stream().filter(link -> link.address().equals(address)).findFirst();
    }

    /**
     * {@return the interface with the name}
     *
     * @throws LinuxException with {@link Errno#ENODEV} if there is none
     */
    public Link get(String name) {
        return find(name)
                .orElseThrow(() ->
                        new LinuxException(
                                "find interface \"" + name + "\"", Errno.ENODEV.number()));
    }

    /** Switches an interface on. */
    public void setUp(int index) {
        setFlags(index, Link.IFF_UP, "set up interface " + index);
    }

    /** Switches an interface off; its routes are gone then. */
    public void setDown(int index) {
        setFlags(index, 0, "set down interface " + index);
    }

    /** Makes an interface ask and answer nobody for hardware addresses. */
    public void setNoArp(int index) {
        NetlinkMessage request = new NetlinkMessage(RTM_NEWLINK, NetlinkMessage.NLM_F_ACK);
        netlink.change(
                fixedPart(request, index, Link.IFF_NOARP, Link.IFF_NOARP),
                "switch ARP off on interface " + index);
    }

    /**
     * Gives an interface another name. Some kernels refuse that while it is up.
     *
     * @param name from 1 to 15 bytes
     */
    public void rename(int index, String name) {
        set(index, IFLA_IFNAME, name(name), "name interface " + index + " \"" + name + "\"");
    }

    /** Sets the longest packet in bytes. */
    public void setMtu(int index, int mtu) {
        netlink.change(
                change(index).attribute(IFLA_MTU, mtu),
                "set the MTU of interface " + index + " to " + mtu);
    }

    /** Sets the hardware address. */
    public void setAddress(int index, HardwareAddress address) {
        set(
                index,
                IFLA_ADDRESS,
                address.bytes(),
                "set the address of interface " + index + " to " + address);
    }

    /**
     * Makes an interface part of a bridge.
     *
     * @param bridge its index; 0 to take the interface out of its bridge
     */
    public void setMaster(int index, int bridge) {
        netlink.change(
                change(index).attribute(IFLA_MASTER, bridge),
                "make interface " + index + " part of interface " + bridge);
    }

    /**
     * Moves an interface to another network namespace; it loses its addresses and is down there.
     */
    public void move(int index, Fd namespace) {
        netlink.change(
                change(index).attribute(IFLA_NET_NS_FD, namespace.number()),
                "move interface " + index + " to the namespace of " + namespace);
    }

    /** Deletes an interface that is not physical. */
    public void delete(int index) {
        NetlinkMessage request = new NetlinkMessage(RTM_DELLINK, NetlinkMessage.NLM_F_ACK);
        netlink.change(fixedPart(request, index, 0, 0), "delete interface " + index);
    }

    /** Makes two interfaces; what is sent on one arrives at the other. */
    public void createVeth(String name, String peerName) {
        NetlinkMessage request = create(name);
        int linkInfo = begin(request, "veth");
        int data = request.begin(IFLA_INFO_DATA);
        int peer = request.begin(VETH_INFO_PEER);
        fixedPart(request, 0, 0, 0).attribute(IFLA_IFNAME, name(peerName));
        request.end(peer).end(data).end(linkInfo);
        netlink.change(request, "make veth \"" + name + "\" and \"" + peerName + "\"");
    }

    /** Makes a bridge without parts. */
    public void createBridge(String name) {
        NetlinkMessage request = create(name);
        request.end(begin(request, "bridge"));
        netlink.change(request, "make bridge \"" + name + "\"");
    }

    /**
     * Makes a macvtap on an interface, in bridge mode. What it carries is at /dev/tapN, N being its
     * index; see {@link Tap#openMacvtap}.
     *
     * @param lower the interface whose network it is in
     */
    public void createMacvtap(String name, int lower) {
        NetlinkMessage request = create(name).attribute(IFLA_LINK, lower);
        int linkInfo = begin(request, "macvtap");
        int data = request.begin(IFLA_INFO_DATA);
        request.attribute(IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE).end(data).end(linkInfo);
        netlink.change(request, "make macvtap \"" + name + "\" on interface " + lower);
    }

    /**
     * Makes a macvtap that gets all that arrives at an interface and has its hardware address. The
     * interface itself stays as it is, and hears only broadcasts while the macvtap is there.
     *
     * @param index its index, and so its character device /dev/tapN, whose names all namespaces
     *     share; refused with {@link Errno#EBUSY} or {@link Errno#EEXIST} if it is taken
     * @param lower the interface, which has no other macvtap or macvlan
     */
    public void createPassthroughMacvtap(String name, int index, int lower) {
        NetlinkMessage request = create(name, index).attribute(IFLA_LINK, lower);
        int linkInfo = begin(request, "macvtap");
        int data = request.begin(IFLA_INFO_DATA);
        request.attribute(IFLA_MACVLAN_MODE, MACVLAN_MODE_PASSTHRU).end(data).end(linkInfo);
        netlink.change(request, "make macvtap \"" + name + "\" on interface " + lower);
    }

    private static NetlinkMessage create(String name) {
        return create(name, 0);
    }

    private static NetlinkMessage create(String name, int index) {
        NetlinkMessage request = new NetlinkMessage(RTM_NEWLINK, CREATE);
        return fixedPart(request, index, 0, 0).attribute(IFLA_IFNAME, name(name));
    }

    private static int begin(NetlinkMessage request, String kind) {
        int linkInfo = request.begin(IFLA_LINKINFO);
        request.attribute(IFLA_INFO_KIND, kind);
        return linkInfo;
    }

    private static NetlinkMessage change(int index) {
        return fixedPart(new NetlinkMessage(RTM_NEWLINK, NetlinkMessage.NLM_F_ACK), index, 0, 0);
    }

    /** {@code struct ifinfomsg}. */
    private static NetlinkMessage fixedPart(
            NetlinkMessage request, int index, int flags, int mask) {
        return request.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(mask);
    }

    private void setFlags(int index, int flags, String what) {
        NetlinkMessage request = new NetlinkMessage(RTM_NEWLINK, NetlinkMessage.NLM_F_ACK);
        netlink.change(fixedPart(request, index, flags, Link.IFF_UP), what);
    }

    private void set(int index, int attribute, byte[] value, String what) {
        netlink.change(change(index).attribute(attribute, value), what);
    }

    /** {@return the name with its zero byte} */
    private static byte[] name(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MOST_NAME_BYTES || name.indexOf('\0') >= 0) {
            throw new LinuxException(
                    "name an interface \"" + name + "\"; names have 1 to 15 bytes", Syscall.EINVAL);
        }
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static Link parse(ByteBuffer answer) {
        if (answer.limit() < IFINFO_BYTES) {
            throw new LinuxException("understand an interface", Errno.EBADMSG.number());
        }
        NetlinkAttributes attributes =
                NetlinkAttributes.parse(answer.duplicate().position(IFINFO_BYTES));
        byte[] address = attributes.bytes(IFLA_ADDRESS).orElse(new byte[0]);
        return new Link(
                answer.getInt(4),
                attributes.text(IFLA_IFNAME),
                attributes.nested(IFLA_LINKINFO).text(IFLA_INFO_KIND),
                HardwareAddress.of(address),
                attributes.number(IFLA_MTU).orElse(0),
                answer.getInt(8),
                attributes.number(IFLA_MASTER).orElse(0),
                attributes.number(IFLA_LINK).orElse(0));
    }
}

package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the kernel does with packets of an interface: here, to pass all that arrive at one on to
 * another, so that a virtual machine's tap and a container's interface are like one wire.
 *
 * <p>Source: tc(8), tc-u32(8), tc-mirred(8); Linux include/uapi/linux/pkt_cls.h and
 * include/uapi/linux/tc_act/tc_mirred.h.
 */
public final class TrafficControl {
    private static final int RTM_NEWQDISC = 36;
    private static final int RTM_DELQDISC = 37;
    private static final int RTM_GETQDISC = 38;

    private static final int TCMSG_BYTES = 20;
    private static final int RTM_NEWTFILTER = 44;

    private static final int TCA_KIND = 1;
    private static final int TCA_OPTIONS = 2;

    private static final int TC_H_INGRESS = 0xfffffff1;
    private static final int INGRESS_HANDLE = 0xffff0000;

    private static final int TCA_U32_SEL = 5;
    private static final int TCA_U32_ACT = 7;

    /** The header of a selection and one key, which is zero under a mask of zero: everything. */
    private static final int SELECTION_BYTES = 32;

    private static final int TC_U32_TERMINAL = 1;

    private static final int FIRST_ACTION = 1;
    private static final int TCA_ACT_KIND = 1;
    private static final int TCA_ACT_OPTIONS = 2;
    private static final int TCA_MIRRED_PARMS = 2;
    private static final int MIRRED_BYTES = 28;
    private static final int TC_ACT_STOLEN = 4;
    private static final int TCA_EGRESS_REDIR = 1;

    private static final int PRIORITY = 1;
    private static final int ETH_P_ALL = 0x0003;

    private static final int CREATE =
            NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;

    private final Netlink netlink;

    TrafficControl(Netlink netlink) {
        this.netlink = netlink;
    }

    /**
     * Sends everything that arrives at one interface out of another, at the place where the ingress
     * queue of {@link #addIngress} is.
     *
     * @param from index of the interface whose packets are taken
     * @param to index of the interface that sends them
     */
    public void redirect(int from, int to) {
        NetlinkMessage request =
                fixedPart(
                        new NetlinkMessage(RTM_NEWTFILTER, CREATE),
                        from,
                        0,
                        INGRESS_HANDLE,
                        PRIORITY << 16 | networkOrder(ETH_P_ALL));
        request.attribute(TCA_KIND, "u32");
        int options = request.begin(TCA_OPTIONS);
        request.attribute(TCA_U32_SEL, everything());
        int actions = request.begin(TCA_U32_ACT);
        int action = request.begin(FIRST_ACTION);
        request.attribute(TCA_ACT_KIND, "mirred");
        int actionOptions = request.begin(TCA_ACT_OPTIONS);
        request.attribute(TCA_MIRRED_PARMS, sendOutOf(to));
        request.end(actionOptions).end(action).end(actions).end(options);
        netlink.change(
                request, "redirect what arrives at interface " + from + " to interface " + to);
    }

    /** {@return whether an interface has a place where arriving packets can be taken} */
    public boolean hasIngress(int link) {
        int words = TCMSG_BYTES / Integer.BYTES - 1;
        for (ByteBuffer answer : netlink.dump(RTM_GETQDISC, 0, words, "list queues")) {
            if (answer.limit() >= TCMSG_BYTES
                    && answer.getInt(4) == link
                    && answer.getInt(12) == TC_H_INGRESS) {
                return true;
            }
        }
        return false;
    }

    /** Gives an interface the place where arriving packets can be taken. */
    public void addIngress(int link) {
        NetlinkMessage request =
                fixedPart(
                        new NetlinkMessage(RTM_NEWQDISC, CREATE),
                        link,
                        INGRESS_HANDLE,
                        TC_H_INGRESS,
                        0);
        netlink.change(
                request.attribute(TCA_KIND, "ingress"), "add ingress queue to interface " + link);
    }

    /** Takes the place for arriving packets away, with all redirections. */
    public void deleteIngress(int link) {
        netlink.change(
                fixedPart(
                        new NetlinkMessage(RTM_DELQDISC, NetlinkMessage.NLM_F_ACK),
                        link,
                        INGRESS_HANDLE,
                        TC_H_INGRESS,
                        0),
                "delete ingress queue of interface " + link);
    }

    /** {@code struct tcmsg}. */
    private static NetlinkMessage fixedPart(
            NetlinkMessage request, int link, int handle, int parent, int more) {
        return request.u8(0).u8(0).u16(0).u32(link).u32(handle).u32(parent).u32(more);
    }

    /** {@code struct tc_u32_sel}. */
    private static byte[] everything() {
        return ByteBuffer.allocate(SELECTION_BYTES)
                .put(0, (byte) TC_U32_TERMINAL)
                .put(2, (byte) 1)
                .array();
    }

    /** {@code struct tc_mirred}. */
    private static byte[] sendOutOf(int link) {
        return ByteBuffer.allocate(MIRRED_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(8, TC_ACT_STOLEN)
                .putInt(20, TCA_EGRESS_REDIR)
                .putInt(24, link)
                .array();
    }

    /** Both architectures are little-endian; the network is not. */
    private static int networkOrder(int value) {
        return Short.reverseBytes((short) value) & 0xffff;
    }
}

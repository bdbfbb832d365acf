package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks the kernel about network interfaces, addresses and routes, and changes them. It works on the
 * network namespace of the thread that opens it, wherever it is used later; see {@link
 * NetworkNamespace}. Requests of several threads wait for each other, guarded by {@code lock}.
 *
 * <p>Source: netlink(7), rtnetlink(7).
 */
public final class Netlink implements AutoCloseable {
    /** The kernel answers at once, except while it removes interfaces. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** One datagram of the kernel. Source: Linux net/netlink/af_netlink.c, netlink_dump. */
    private static final int DATAGRAM_BYTES = 32 << 10;

    /** Enough for some 100 000 routes. */
    private static final int MOST_ANSWER_BYTES = 32 << 20;

    /** How often a list that changed while it was read is read again. */
    private static final int MOST_DUMPS = 10;

    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;

    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;

    private final Fd socket;
    private final ReentrantLock lock = new ReentrantLock();
    private int sequence;

    private Netlink(Fd socket) {
        this.socket = socket;
    }

    /**
     * Opens a connection to the network namespace of the calling thread.
     *
     * @throws LinuxException if the kernel has no network
     */
    public static Netlink open() {
        Fd socket =
                Sockets.open(
                        Sockets.AF_NETLINK,
                        Sockets.SOCK_RAW,
                        NETLINK_ROUTE,
                        "talk to the kernel about the network");
        try {
            Sockets.setOption(socket, SOL_NETLINK, NETLINK_CAP_ACK, 1);
            Sockets.setOption(socket, SOL_NETLINK, NETLINK_EXT_ACK, 1);
        } catch (LinuxException failure) {
            socket.close();
            throw failure;
        }
        return new Netlink(socket);
    }

    /** {@return the network interfaces} */
    public Links links() {
        return new Links(this);
    }

    /** {@return the interfaces' addresses} */
    public Addresses addresses() {
        return new Addresses(this);
    }

    /** {@return the routes} */
    public Routes routes() {
        return new Routes(this);
    }

    /** {@return the neighbours: who has which hardware address} */
    public Neighbours neighbours() {
        return new Neighbours(this);
    }

    /** {@return what is done with packets} */
    public TrafficControl trafficControl() {
        return new TrafficControl(this);
    }

    /** Makes a change. */
    void change(NetlinkMessage request, String what) {
        lock.lock();
        try {
            exchange(request, what, new ArrayList<>());
        } finally {
            lock.unlock();
        }
    }

    /** {@return the answers to a request for a list, each from behind the message's header} */
    List<ByteBuffer> dump(int type, int family, String what) {
        // The smallest fixed part that most kinds of lists accept: the family alone.
        return dump(type, family, 0, what);
    }

    /**
     * {@return the answers to a request for a list, each from behind the message's header}
     *
     * @param words how many zero words follow the family in the request's fixed part
     */
    List<ByteBuffer> dump(int type, int family, int words, String what) {
        lock.lock();
        try {
            for (int i = 0; i < MOST_DUMPS; i++) {
                List<ByteBuffer> answers = new ArrayList<>();
                NetlinkMessage request =
                        new NetlinkMessage(type, NetlinkMessage.NLM_F_DUMP).u8(family).u8(0).u16(0);
                for (int word = 0; word < words; word++) {
                    request.u32(0);
                }
                if (exchange(request, what, answers)) {
                    return answers;
                }
            }
        } finally {
            lock.unlock();
        }
        throw new LinuxException(what + ", which changes all the time", Syscall.EINTR);
    }

    /** {@return whether the answers are consistent} */
    private boolean exchange(NetlinkMessage request, String what, List<ByteBuffer> answers) {
        Deadline deadline = Deadline.in(TIMEOUT);
        int number = ++sequence;
        socket.write(request.finish(number), deadline);
        boolean consistent = true;
        int total = 0;
        while (true) {
            ByteBuffer datagram =
                    ByteBuffer.allocate(DATAGRAM_BYTES).order(ByteOrder.nativeOrder());
            socket.read(datagram, deadline);
            datagram.flip();
            total += datagram.remaining();
            if (total > MOST_ANSWER_BYTES) {
                throw new LinuxException(what, Errno.EMSGSIZE.number());
            }
            while (datagram.remaining() >= NetlinkMessage.HEADER_BYTES) {
                ByteBuffer message = next(datagram, what);
                int type = message.getShort(4) & 0xffff;
                int flags = message.getShort(6) & 0xffff;
                if (message.getInt(8) != number) {
                    // The end of an earlier exchange that was given up.
                    continue;
                }
                consistent &= (flags & NLM_F_DUMP_INTR) == 0;
                if (type == NLMSG_ERROR || type == NLMSG_DONE) {
                    check(message, flags, what);
                    return consistent;
                }
                answers.add(
                        message.position(NetlinkMessage.HEADER_BYTES)
                                .slice()
                                .order(ByteOrder.nativeOrder()));
            }
        }
    }

    private static ByteBuffer next(ByteBuffer datagram, String what) {
        int start = datagram.position();
        int length = datagram.getInt(start);
        if (length < NetlinkMessage.HEADER_BYTES || length > datagram.remaining()) {
            throw new LinuxException(what, Errno.EBADMSG.number());
        }
        int aligned = Math.min((length + 3) & ~3, datagram.remaining());
        datagram.position(start + aligned);
        return datagram.slice(start, length).order(ByteOrder.nativeOrder());
    }

    /** Throws if the kernel refused; its own words say more than the number. */
    private static void check(ByteBuffer message, int flags, String what) {
        int header = NetlinkMessage.HEADER_BYTES;
        if (message.limit() < header + Integer.BYTES) {
            return;
        }
        int error = message.getInt(header);
        if (error == 0) {
            return;
        }
        String words = "";
        // Behind the number: the header of the request, then attributes.
        int attributes = header + Integer.BYTES + header;
        if ((flags & NLM_F_ACK_TLVS) != 0 && message.limit() > attributes) {
            words = NetlinkAttributes.parse(message.position(attributes)).text(NLMSGERR_ATTR_MSG);
        }
        throw new LinuxException(words.isEmpty() ? what : what + " (" + words + ")", -error);
    }

    /** Closes the connection; what was changed stays. */
    @Override
    public void close() {
        socket.close();
    }
}

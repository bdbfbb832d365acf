package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code struct msghdr} with one piece of data and room for descriptors.
 *
 * <p>Source: sendmsg(2), recvmsg(2), cmsg(3), unix(7) SCM_RIGHTS.
 */
final class SocketMessage {
    private static final int MSGHDR_BYTES = 56;
    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;

    private static final int IOVEC_BYTES = 16;
    private static final int CMSG_HEADER_BYTES = 16;
    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int SCM_RIGHTS = 1;

    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private static final int MOST_BYTES = 64 << 10;

    private final SyscallNumber call;
    private final ByteBuffer header;
    private final ByteBuffer data;
    private final ByteBuffer control;

    private SocketMessage(
            SyscallNumber call, Scratch scratch, ByteBuffer data, ByteBuffer control) {
        this.call = call;
        this.data = data;
        this.control = control;
        ByteBuffer piece =
                scratch.bytes(IOVEC_BYTES)
                        .putLong(0, Scratch.address(data))
                        .putLong(8, data.limit());
        this.header =
                scratch.bytes(MSGHDR_BYTES)
                        .putLong(IOV, Scratch.address(piece))
                        .putLong(IOV_COUNT, 1)
                        .putLong(CONTROL, control.limit() == 0 ? 0 : Scratch.address(control))
                        .putLong(CONTROL_LENGTH, control.limit());
    }

    /** {@return a message with the first of the bytes, whose position does not change} */
    static SocketMessage toSend(Scratch scratch, ByteBuffer bytes, List<Fd> descriptors) {
        int size = Math.min(bytes.remaining(), MOST_BYTES);
        ByteBuffer data = scratch.bytes(size).put(0, bytes, bytes.position(), size);
        int used = CMSG_HEADER_BYTES + Integer.BYTES * descriptors.size();
        ByteBuffer control = scratch.bytes(descriptors.isEmpty() ? 0 : aligned(used));
        if (!descriptors.isEmpty()) {
            control.putLong(0, used)
                    .putInt(CMSG_LEVEL, Sockets.SOL_SOCKET)
                    .putInt(CMSG_TYPE, SCM_RIGHTS);
            for (int i = 0; i < descriptors.size(); i++) {
                control.putInt(CMSG_HEADER_BYTES + Integer.BYTES * i, descriptors.get(i).number());
            }
        }
        return new SocketMessage(SyscallNumber.SENDMSG, scratch, data, control);
    }

    static SocketMessage toReceive(Scratch scratch, int mostBytes, int mostDescriptors) {
        ByteBuffer data = scratch.bytes(Math.min(mostBytes, MOST_BYTES));
        int room = CMSG_HEADER_BYTES + Integer.BYTES * mostDescriptors;
        // Not rounded up: in the rest of the last word the kernel would put one more.
        ByteBuffer control = scratch.bytes(room);
        return new SocketMessage(SyscallNumber.RECVMSG, scratch, data, control);
    }

    /** {@return how many bytes went over} */
    int transfer(Fd socket, Deadline deadline) {
        boolean receives = call == SyscallNumber.RECVMSG;
        int flags = receives ? MSG_CMSG_CLOEXEC : Sockets.MSG_NOSIGNAL;
        String what = (receives ? "receive from " : "send to ") + socket;
        while (true) {
            long result = socket.tryUse(call, Scratch.address(header), flags, 0, "transfer over");
            if (result != -Syscall.EAGAIN) {
                return (int) LinuxException.check(result, what);
            }
            if (!socket.await(receives ? Readiness.READABLE : Readiness.WRITABLE, deadline)) {
                throw LinuxException.timedOut(what);
            }
        }
    }

    /** {@return whether descriptors were lost for want of room} */
    boolean isTruncated() {
        return (header.getInt(FLAGS) & MSG_CTRUNC) != 0;
    }

    /** {@return the first {@code count} bytes of what was received} */
    ByteBuffer received(int count) {
        return data.duplicate().position(0).limit(count);
    }

    /** {@return the descriptors that were received} */
    List<Fd> descriptors() {
        List<Fd> descriptors = new ArrayList<>();
        long end = header.getLong(CONTROL_LENGTH);
        int at = 0;
        while (at + CMSG_HEADER_BYTES <= end) {
            long length = control.getLong(at);
            if (length < CMSG_HEADER_BYTES || at + length > end) {
                break;
            }
            if (control.getInt(at + CMSG_LEVEL) == Sockets.SOL_SOCKET
                    && control.getInt(at + CMSG_TYPE) == SCM_RIGHTS) {
                for (int i = CMSG_HEADER_BYTES; i + Integer.BYTES <= length; i += Integer.BYTES) {
                    descriptors.add(Fd.of(control.getInt(at + i)));
                }
            }
            at += aligned((int) length);
        }
        return descriptors;
    }

    private static int aligned(int length) {
        return (length + Long.BYTES - 1) & -Long.BYTES;
    }
}

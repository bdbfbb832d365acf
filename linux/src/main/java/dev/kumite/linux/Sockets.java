package dev.kumite.linux;

import java.nio.ByteBuffer;

/**
 * The calls that all stream sockets share. Sockets do not block in the kernel; {@link Fd} waits.
 *
 * <p>Source: socket(2), bind(2), listen(2), accept(2), connect(2), socket(7).
 */
final class Sockets {
    static final int AF_UNIX = 1;
    static final int AF_NETLINK = 16;
    static final int AF_VSOCK = 40;

    static final int SOCK_STREAM = 1;
    static final int SOCK_RAW = 3;

    // The same bits as O_CLOEXEC and O_NONBLOCK.
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOCK_NONBLOCK = 0x800;

    /** Writing to a closed connection is an error number, not a signal. */
    static final int MSG_NOSIGNAL = 0x4000;

    static final int SOL_SOCKET = 1;

    private static final int SO_ERROR = 4;
    private static final int SHUT_WR = 1;

    private Sockets() {}

    static Fd open(int family, int type, int protocol, String what) {
        long result =
                Syscall.call(
                        SyscallNumber.SOCKET,
                        family,
                        type | SOCK_CLOEXEC | SOCK_NONBLOCK,
                        protocol);
        return Fd.nonBlocking(LinuxException.check(result, what));
    }

    static void bind(Fd socket, ByteBuffer address, String what) {
        LinuxException.check(
                socket.tryUse(
                        SyscallNumber.BIND, Scratch.address(address), address.limit(), 0, "bind"),
                what);
    }

    static void listen(Fd socket, int backlog, String what) {
        LinuxException.check(socket.tryUse(SyscallNumber.LISTEN, backlog, 0, 0, "listen"), what);
    }

    /** Connects within the time. */
    static void connect(Fd socket, ByteBuffer address, Deadline deadline, String what) {
        while (true) {
            long result =
                    socket.tryUse(
                            SyscallNumber.CONNECT,
                            Scratch.address(address),
                            address.limit(),
                            0,
                            "connect");
            if (result == -Syscall.EINPROGRESS) {
                if (!socket.await(Readiness.WRITABLE, deadline)) {
                    throw LinuxException.timedOut(what);
                }
                LinuxException.check(-option(socket, SOL_SOCKET, SO_ERROR), what);
                return;
            }
            if (result != -Syscall.EAGAIN) {
                LinuxException.check(result, what);
                return;
            }
            // A listening Unix socket whose queue is full; the kernel does not say when it is not.
            if (deadline.passed()) {
                throw LinuxException.timedOut(what);
            }
            Pause.forNanos(Math.min(5_000_000, deadline.remainingNanos()), what);
        }
    }

    /**
     * {@return the number of the next connection, or a negative error number: {@link
     * Errno#ETIMEDOUT} if none came in time}
     */
    static long accept(Fd socket, Deadline deadline, String what) {
        while (true) {
            if (!socket.await(Readiness.READABLE, deadline)) {
                return socket.isClosed() ? -Errno.EBADF.number() : -Errno.ETIMEDOUT.number();
            }
            long result =
                    socket.tryUse(
                            SyscallNumber.ACCEPT4, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK, "accept");
            // Somebody else took it, or the peer is gone already: wait for the next.
            if (result != -Syscall.EAGAIN && result != -Errno.ECONNABORTED.number()) {
                return LinuxException.check(result, what);
            }
        }
    }

    static void shutdownOutput(Fd socket) {
        long result = socket.tryUse(SyscallNumber.SHUTDOWN, SHUT_WR, 0, 0, "shut down");
        if (result != -Errno.ENOTCONN.number()) {
            LinuxException.check(result, "end output of " + socket);
        }
    }

    /** {@return the value of an option that is a number} */
    static int option(Fd socket, int level, int name) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer value = scratch.bytes(Integer.BYTES);
            option(socket, level, name, value, scratch);
            return value.getInt(0);
        }
    }

    /** Reads an option into the buffer. */
    static void option(Fd socket, int level, int name, ByteBuffer value, Scratch scratch) {
        ByteBuffer length = scratch.bytes(Integer.BYTES).putInt(0, value.limit());
        socket.acquire("read option of");
        try {
            LinuxException.check(
                    Syscall.call(
                            SyscallNumber.GETSOCKOPT,
                            socket.number(),
                            level,
                            name,
                            Scratch.address(value),
                            Scratch.address(length)),
                    "read option " + name + " of " + socket);
        } finally {
            socket.release();
        }
    }

    /** Sets an option that is a number. */
    static void setOption(Fd socket, int level, int name, int value) {
        socket.acquire("set option of");
        try (Scratch scratch = new Scratch()) {
            LinuxException.check(
                    Syscall.call(
                            SyscallNumber.SETSOCKOPT,
                            socket.number(),
                            level,
                            name,
                            Scratch.address(scratch.bytes(Integer.BYTES).putInt(0, value)),
                            Integer.BYTES),
                    "set option " + name + " of " + socket);
        } finally {
            socket.release();
        }
    }
}

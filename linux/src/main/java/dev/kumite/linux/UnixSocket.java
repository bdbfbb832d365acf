package dev.kumite.linux;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection of two processes on this machine, over which they can also pass open files.
 *
 * <p>Reads and writes wait without occupying more than the calling thread; on a virtual thread, its
 * carrier is free meanwhile. Closing ends waiting calls of other threads.
 *
 * <p>Source: unix(7).
 */
public final class UnixSocket implements AutoCloseable {
    /**
     * Most descriptors that the kernel passes with one message. Source: unix(7), SCM_RIGHTS,
     * SCM_MAX_FD.
     */
    public static final int MOST_DESCRIPTORS = 253;

    /**
     * Who is on the other side of a connection; as of when it was made.
     *
     * @param pid the process
     * @param uid its user
     * @param gid its group
     */
    public record Credentials(int pid, int uid, int gid) {}

    /**
     * Two sockets that are connected to each other.
     *
     * @param first one side
     * @param second the other side
     */
    public record Pair(UnixSocket first, UnixSocket second) implements AutoCloseable {
        /** Closes both. */
        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    /**
     * What came with one receive.
     *
     * @param count bytes put into the buffer; -1 after the other side has closed
     * @param descriptors that came along; the receiver has to close them
     */
    public record Received(int count, List<Fd> descriptors) {
        public Received {
            descriptors = List.copyOf(descriptors);
        }
    }

    private static final int SO_PEERCRED = 17;
    private static final int CREDENTIAL_BYTES = 12;

    private final Fd fd;

    private UnixSocket(Fd fd) {
        this.fd = fd;
    }

    /**
     * Connects to a socket in the file system. A path may be longer than the 107 bytes that fit
     * into an address; its last component may not.
     *
     * @throws LinuxException with {@link Errno#ENOENT} if there is nothing, {@link
     *     Errno#ECONNREFUSED} if nobody listens, {@link Errno#ETIMEDOUT} if the listener's queue
     *     stays full
     */
    public static UnixSocket connect(Path path, Duration timeout) {
        String what = "connect to \"" + path + "\"";
        Fd fd = Sockets.open(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0, what);
        try (Scratch scratch = new Scratch();
                UnixAddress address = UnixAddress.of(path)) {
            Sockets.connect(fd, address.encode(scratch), Deadline.in(timeout), what);
            return new UnixSocket(fd);
        } catch (LinuxException failure) {
            fd.close();
            throw failure;
        }
    }

    /** Makes two sockets that are connected to each other. Source: socketpair(2). */
    public static Pair pair() {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer pair = scratch.bytes(2 * Integer.BYTES);
            LinuxException.check(
                    Syscall.call(
                            SyscallNumber.SOCKETPAIR,
                            Sockets.AF_UNIX,
                            Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC | Sockets.SOCK_NONBLOCK,
                            0,
                            Scratch.address(pair)),
                    "make a pair of sockets");
            return new Pair(
                    new UnixSocket(Fd.nonBlocking(pair.getInt(0))),
                    new UnixSocket(Fd.nonBlocking(pair.getInt(4))));
        }
    }

    /** Takes over a descriptor that is a connected Unix stream socket. */
    public static UnixSocket of(Fd fd) {
        return new UnixSocket(fd);
    }

    /** {@return the descriptor, which stays this socket's} */
    public Fd fd() {
        return fd;
    }

    /** {@return what arrives; waits without limit} Closing the stream closes the socket. */
    public InputStream inputStream() {
        return fd.inputStream();
    }

    /** {@return a stream that sends; waits without limit} Closing the stream closes the socket. */
    public OutputStream outputStream() {
        return fd.outputStream();
    }

    /** Tells the other side that nothing more will be sent. */
    public void shutdownOutput() {
        Sockets.shutdownOutput(fd);
    }

    /** {@return who is on the other side} */
    public Credentials peer() {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer value = scratch.bytes(CREDENTIAL_BYTES);
            Sockets.option(fd, Sockets.SOL_SOCKET, SO_PEERCRED, value, scratch);
            return new Credentials(value.getInt(0), value.getInt(4), value.getInt(8));
        }
    }

    /**
     * Sends all bytes, and descriptors with the first of them. The descriptors stay open here.
     *
     * @param bytes at least one
     * @throws LinuxException with {@link Errno#ETIMEDOUT} if the other side does not take them in
     *     time, {@link Errno#EPIPE} if it has closed
     */
    public void send(ByteBuffer bytes, List<Fd> descriptors, Duration timeout) {
        if (!bytes.hasRemaining() || descriptors.size() > MOST_DESCRIPTORS) {
            throw new LinuxException(
                    "send "
                            + descriptors.size()
                            + " descriptors with "
                            + bytes.remaining()
                            + " bytes; there must be a byte and at most "
                            + MOST_DESCRIPTORS
                            + " descriptors",
                    Syscall.EINVAL);
        }
        Deadline deadline = Deadline.in(timeout);
        List<Fd> held = new ArrayList<>();
        try (Scratch scratch = new Scratch()) {
            // A descriptor must not be closed, and its number given to another file, until it is
            // sent.
            for (Fd descriptor : descriptors) {
                descriptor.acquire("send");
                held.add(descriptor);
            }
            SocketMessage message = SocketMessage.toSend(scratch, bytes, descriptors);
            bytes.position(bytes.position() + message.transfer(fd, deadline));
        } finally {
            held.forEach(Fd::release);
        }
        fd.write(bytes, deadline);
    }

    /**
     * Receives some bytes, with the descriptors that came with them.
     *
     * @param mostDescriptors more are refused: the kernel closes those beyond, and this the others
     * @throws LinuxException with {@link Errno#ETIMEDOUT} if nothing arrives in time, {@link
     *     Errno#EMSGSIZE} if there are more descriptors
     */
    public Received receive(ByteBuffer into, int mostDescriptors, Duration timeout) {
        if (!into.hasRemaining()) {
            throw new LinuxException("receive into a full buffer", Syscall.EINVAL);
        }
        try (Scratch scratch = new Scratch()) {
            SocketMessage message =
                    SocketMessage.toReceive(scratch, into.remaining(), mostDescriptors);
            int count = message.transfer(fd, Deadline.in(timeout));
            List<Fd> descriptors = message.descriptors();
            if (message.isTruncated()) {
                descriptors.forEach(Fd::close);
                throw new LinuxException(
                        "receive more than " + mostDescriptors + " descriptors",
                        Errno.EMSGSIZE.number());
            }
            into.put(message.received(count));
            return new Received(count == 0 ? -1 : count, descriptors);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}

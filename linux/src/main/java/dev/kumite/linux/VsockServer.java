package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A port that the host, or guests, connect to.
 *
 * <p>Source: vsock(7).
 */
public final class VsockServer implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int ADDRESS_BYTES = 16;

    private final Fd fd;
    private final VsockAddress address;

    private VsockServer(Fd fd, VsockAddress address) {
        this.fd = fd;
        this.address = address;
    }

    /**
     * Listens on a port.
     *
     * @param address usually with {@link VsockAddress#ANY}
     * @throws LinuxException with {@link Errno#EADDRINUSE} if somebody listens there, {@link
     *     Errno#EAFNOSUPPORT} if this machine has no such sockets
     */
    public static VsockServer listen(VsockAddress address) {
        String what = "listen on " + address;
        Fd fd = Sockets.open(Sockets.AF_VSOCK, Sockets.SOCK_STREAM, 0, what);
        try (Scratch scratch = new Scratch()) {
            Sockets.bind(fd, address.encode(scratch), what);
            Sockets.listen(fd, BACKLOG, what);
            return new VsockServer(fd, address);
        } catch (LinuxException failure) {
            fd.close();
            throw failure;
        }
    }

    /**
     * Waits for a connection.
     *
     * @return it, or empty if none came in time or another thread closed this
     */
    public Optional<VsockSocket> accept(Duration timeout) {
        long result = Sockets.accept(fd, Deadline.in(timeout), "accept a connection on " + address);
        if (result < 0) {
            return Optional.empty();
        }
        Fd connection = Fd.nonBlocking(result);
        try (Scratch scratch = new Scratch()) {
            ByteBuffer peer = scratch.bytes(ADDRESS_BYTES);
            ByteBuffer length = scratch.bytes(Integer.BYTES).putInt(0, ADDRESS_BYTES);
            connection.use(
                    SyscallNumber.GETPEERNAME,
                    Scratch.address(peer),
                    Scratch.address(length),
                    0,
                    "read the other side of");
            return Optional.of(new VsockSocket(connection, VsockAddress.decode(peer)));
        } catch (LinuxException failure) {
            connection.close();
            throw failure;
        }
    }

    /** {@return where it listens} */
    public VsockAddress address() {
        return address;
    }

    /** {@return the descriptor, which stays this server's} */
    public Fd fd() {
        return fd;
    }

    /** Stops listening. */
    @Override
    public void close() {
        fd.close();
    }
}

package dev.kumite.linux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A socket in the file system that others connect to.
 *
 * <p>Source: unix(7).
 */
public final class UnixServer implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final Fd fd;
    private final Path path;

    private UnixServer(Fd fd, Path path) {
        this.fd = fd;
        this.path = path;
    }

    /**
     * Makes a socket file and listens. The file appears with its permissions, so that nobody else
     * can connect in between. It is not deleted by {@link #close}.
     *
     * @param path may be longer than the 107 bytes that fit into an address
     * @param mode permissions, for example 0600 (octal); subject to the umask
     * @throws LinuxException with {@link Errno#EADDRINUSE} if there is a file already
     */
    public static UnixServer listen(Path path, int mode) {
        String what = "listen on \"" + path + "\"";
        Fd fd = Sockets.open(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0, what);
        try (Scratch scratch = new Scratch();
                UnixAddress address = UnixAddress.of(path)) {
            // The kernel takes the file's permissions from the socket's.
            fd.use(SyscallNumber.FCHMOD, mode, 0, 0, "set permissions of");
            Sockets.bind(fd, address.encode(scratch), what);
            Sockets.listen(fd, BACKLOG, what);
            return new UnixServer(fd, path);
        } catch (LinuxException failure) {
            fd.close();
            throw failure;
        }
    }

    /** Takes over a descriptor that is a listening Unix stream socket. */
    public static UnixServer of(Fd fd, Path path) {
        return new UnixServer(fd, path);
    }

    /**
     * Waits for a connection.
     *
     * @return it, or empty if none came in time or another thread closed this
     */
    public Optional<UnixSocket> accept(Duration timeout) {
        long result =
                Sockets.accept(fd, Deadline.in(timeout), "accept a connection on \"" + path + "\"");
        return result < 0 ? Optional.empty() : Optional.of(UnixSocket.of(Fd.nonBlocking(result)));
    }

    /** {@return the file} */
    public Path path() {
        return path;
    }

    /** {@return the descriptor, which stays this server's} */
    public Fd fd() {
        return fd;
    }

    /** Stops listening; the file stays. */
    @Override
    public void close() {
        fd.close();
    }
}

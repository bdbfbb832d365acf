package dev.kumite.linux;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/**
 * A connection between a virtual machine and its host.
 *
 * <p>Reads and writes wait without occupying more than the calling thread; on a virtual thread, its
 * carrier is free meanwhile. Closing ends waiting calls of other threads.
 *
 * <p>Source: vsock(7).
 */
public final class VsockSocket implements AutoCloseable {
    private final Fd fd;
    private final VsockAddress peer;

    VsockSocket(Fd fd, VsockAddress peer) {
        this.fd = fd;
        this.peer = peer;
    }

    /**
     * Connects to a listening socket.
     *
     * @throws LinuxException with {@link Errno#ECONNRESET} if nobody listens, {@link Errno#ENODEV}
     *     or {@link Errno#EAFNOSUPPORT} if this machine has no such sockets, {@link
     *     Errno#ETIMEDOUT} if there is no answer in time
     */
    public static VsockSocket connect(VsockAddress address, Duration timeout) {
        String what = "connect to " + address;
        Fd fd = Sockets.open(Sockets.AF_VSOCK, Sockets.SOCK_STREAM, 0, what);
        try (Scratch scratch = new Scratch()) {
            Sockets.connect(fd, address.encode(scratch), Deadline.in(timeout), what);
            return new VsockSocket(fd, address);
        } catch (LinuxException failure) {
            fd.close();
            throw failure;
        }
    }

    /** {@return the other side} */
    public VsockAddress peer() {
        return peer;
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

    @Override
    public void close() {
        fd.close();
    }
}

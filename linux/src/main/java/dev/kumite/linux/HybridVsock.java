package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Connections to a guest whose vsock device is a process with a Unix socket, and not the kernel.
 *
 * <p>Source: Firecracker, docs/vsock.md, "Host-Initiated Connections".
 */
public final class HybridVsock {

    /** Longest answer: {@code OK}, a number of ten digits, a new line. */
    private static final int MOST_ANSWER_BYTES = 14;

    private HybridVsock() {}

    /**
     * Connects to a port in the guest.
     *
     * @param device the device's socket
     * @param port in the guest, an unsigned number
     * @param timeout for each of the three steps: connect, ask, and be answered
     * @throws LinuxException with {@link Errno#ECONNREFUSED} if nobody listens at the port, or the
     *     guest has not found the device yet; with {@link Errno#ENOENT} or {@link Errno#ETIMEDOUT}
     *     if there is no device, or it does not answer
     */
    public static UnixSocket connect(Path device, int port, Duration timeout) {
        UnixSocket socket = UnixSocket.connect(device, timeout);
        try {
            ask(
                    socket,
                    port,
                    "connect to port " + Integer.toUnsignedString(port) + " by \"" + device + "\"",
                    timeout);
            return socket;
        } catch (LinuxException failure) {
            socket.close();
            throw failure;
        }
    }

    /**
     * A device refuses by closing the connection. Where it has not read the request first, the
     * kernel tells of that by other errors than an end.
     */
    static void ask(UnixSocket socket, int port, String what, Duration timeout) {
        String request = "CONNECT " + Integer.toUnsignedString(port) + "\n";
        try {
            socket.fd()
                    .write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)), timeout);
            awaitAnswer(socket.fd(), what, timeout);
        } catch (LinuxException failure) {
            throw failure.errno() == Errno.EPIPE || failure.errno() == Errno.ECONNRESET
                    ? refusal(what)
                    : failure;
        }
    }

    /** Byte by byte: what follows the line is the guest's. */
    private static void awaitAnswer(Fd fd, String what, Duration timeout) {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int count = 0; count < MOST_ANSWER_BYTES; count++) {
            if (fd.read(one.clear(), timeout) < 0) {
                break;
            }
            if (one.get(0) == '\n') {
                return;
            }
        }
        throw refusal(what);
    }

    private static LinuxException refusal(String what) {
        return new LinuxException(what, Errno.ECONNREFUSED.number());
    }
}

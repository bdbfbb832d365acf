package dev.kumite.vsockdevice;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixServer;
import dev.kumite.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * The socket of the host's side. A client writes {@code CONNECT port}, a new line, and reads {@code
 * OK} and a number that means nothing to it; the rest is between it and the guest. Where there is
 * nobody in the guest, its connection is closed instead.
 *
 * <p>Source: Firecracker, docs/vsock.md, "Host-Initiated Connections".
 */
final class HostSide {

    private static final String CONNECT = "CONNECT ";

    /** For a port of ten digits. */
    private static final int MOST_LINE_BYTES = CONNECT.length() + 11;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final UnixServer server;
    private final VsockDevice device;

    HostSide(UnixServer server, VsockDevice device) {
        this.server = server;
        this.device = device;
    }

    /** Serves clients until the socket is closed. */
    void serve() {
        try {
            Optional<UnixSocket> client = server.accept(FOREVER);
            while (client.isPresent()) {
                UnixSocket socket = client.get();
                Thread _ = device.threads().start("client", () -> serve(socket));
                client = server.accept(FOREVER);
            }
        } catch (LinuxException e) {
            if (!server.fd().isClosed()) {
                throw e;
            }
        }
    }

    private void serve(UnixSocket client) throws InterruptedException {
        try (client) {
            Optional<Integer> port = readPort(client);
            Optional<Connection> connection =
                    port.isEmpty() ? Optional.empty() : device.connect(client, port.get());
            if (connection.isPresent()) {
                connection.get().run();
            }
        } catch (LinuxException e) {
            // The client is gone, or says nothing.
        }
    }

    /** Byte by byte: what follows the line is the guest's. */
    private static Optional<Integer> readPort(UnixSocket client) {
        ByteBuffer line = ByteBuffer.allocate(MOST_LINE_BYTES);
        while (line.hasRemaining()) {
            int place = line.position();
            if (client.fd().read(line.slice(place, 1), PATIENCE) < 0) {
                return Optional.empty();
            }
            if (line.get(place) == '\n') {
                return port(new String(line.array(), 0, place, StandardCharsets.US_ASCII));
            }
            line.position(place + 1);
        }
        return Optional.empty();
    }

    private static Optional<Integer> port(String line) {
        if (!line.startsWith(CONNECT)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.parseUnsignedInt(line.substring(CONNECT.length())));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}

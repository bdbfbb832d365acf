package dev.kumite.supervisor;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixServer;
import dev.kumite.linux.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers {@code GET /metrics} over HTTP on a Unix socket. One request for each connection, one
 * connection after the other.
 */
final class MetricsDoor implements AutoCloseable {

    private static final String SOCKET = "metrics";
    private static final Duration FOREVER = Duration.ofDays(36_500);

    /** For a request, and for taking the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Far longer than what Prometheus and curl send. */
    private static final int MOST_REQUEST_BYTES = 8192;

    private final UnixServer server;
    private final Supplier<String> metrics;

    private MetricsDoor(UnixServer server, Supplier<String> metrics) {
        this.server = server;
        this.metrics = metrics;
    }

    /** Makes the socket, and answers from then on. */
    static MetricsDoor open(Path directory, Supplier<String> metrics) throws IOException {
        Path socket = directory.resolve(SOCKET);
        Files.deleteIfExists(socket);
        MetricsDoor door = new MetricsDoor(UnixServer.listen(socket, 0600), metrics);
        Thread.ofVirtual().name("metrics").start(door::accept);
        return door;
    }

    private void accept() {
        try {
            Optional<UnixSocket> connection = server.accept(FOREVER);
            while (connection.isPresent()) {
                answer(connection.get());
                connection = server.accept(FOREVER);
            }
        } catch (LinuxException closed) {
            // The supervisor ends.
            return;
        }
    }

    private void answer(UnixSocket connection) {
        try (connection) {
            String request = request(connection);
            boolean known = request.startsWith("GET /metrics ") || request.startsWith("GET / ");
            String body = known ? metrics.get() : "only GET /metrics is answered\n";
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head =
                    "HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                            .formatted(known ? "200 OK" : "404 Not Found", bytes.length);
            connection
                    .fd()
                    .write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)), PATIENCE);
            connection.fd().write(ByteBuffer.wrap(bytes), PATIENCE);
        } catch (LinuxException gone) {
            // The caller did not wait for its answer.
            return;
        }
    }

    /** {@return the request's head; cut where it is too long} */
    private static String request(UnixSocket connection) {
        ByteBuffer buffer = ByteBuffer.allocate(MOST_REQUEST_BYTES);
        String text = "";
        while (buffer.hasRemaining() && !text.contains("\r\n\r\n")) {
            if (connection.fd().read(buffer, PATIENCE) < 0) {
                return text;
            }
            text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
        }
        return text;
    }

    @Override
    public void close() {
        server.close();
        try {
            Files.deleteIfExists(server.path());
        } catch (IOException failure) {
            System.err.println("cannot remove " + server.path() + ": " + failure.getMessage());
        }
    }
}

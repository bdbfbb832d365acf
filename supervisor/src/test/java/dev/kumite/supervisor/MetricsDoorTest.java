package dev.kumite.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsDoorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private String ask(String request) throws IOException {
        try (UnixSocket socket = UnixSocket.connect(directory.resolve("metrics"), PATIENCE)) {
            byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
            socket.fd().write(ByteBuffer.wrap(bytes), PATIENCE);
            return new String(socket.inputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersWithTheMetrics() throws Exception {
        try (MetricsDoor _ = MetricsDoor.open(directory, () -> "name 1\n")) {
            assertThat(ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Content-Length: 7\r\n")
                    .endsWith("\r\n\r\nname 1\n");
        }
        assertThat(directory.resolve("metrics")).doesNotExist();
    }

    @Test
    void knowsNothingElse() throws Exception {
        try (MetricsDoor _ = MetricsDoor.open(directory, () -> "name 1\n")) {
            assertThat(ask("POST /metrics HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
            assertThat(ask("GET /metrics HTTP/1.1\r\n\r\n")).endsWith("name 1\n");
        }
    }
}

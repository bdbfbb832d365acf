package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HybridVsockTest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final int PORT = 0xffff_fffe;

    private final UnixSocket.Pair pair = UnixSocket.pair();
    private final UnixSocket client = pair.first();
    private final UnixSocket device = pair.second();

    @Test
    void asksForThePortAndLeavesTheGuestsBytes() throws Exception {
        send("OK 1073741825\nfrom the guest");

        HybridVsock.ask(client, PORT, "ask", LONG);

        client.shutdownOutput();
        assertThat(text(device)).isEqualTo("CONNECT 4294967294\n");
        device.close();
        assertThat(text(client)).isEqualTo("from the guest");
        client.close();
    }

    @Test
    void isRefusedByADeviceThatClosedBeforeItWasAsked() {
        device.close();

        assertRefused();
    }

    @Test
    void isRefusedByADeviceThatClosesInsteadOfAnAnswer() throws Exception {
        Thread closing =
                Thread.ofVirtual()
                        .start(() -> {
                            receive("CONNECT 4294967294\n".length());
                            device.close();
                        });

        assertRefused();
        closing.join();
    }

    /** The kernel makes a reset of bytes that nobody read. Source: unix(7). */
    @Test
    void isRefusedByADeviceThatClosesWithTheRequestUnread() throws Exception {
        Thread closing =
                Thread.ofVirtual()
                        .start(() -> {
                            device.fd().awaitReadable(LONG);
                            device.close();
                        });

        assertRefused();
        closing.join();
    }

    @Test
    void isRefusedByWhatIsNotALine() throws Exception {
        send("OK 00000000000000000000000");

        assertRefused();
        device.close();
    }

    private void assertRefused() {
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> HybridVsock.ask(client, PORT, "ask", LONG))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED));
        client.close();
    }

    private void send(String text) throws IOException {
        device.outputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void receive(int bytes) {
        for (ByteBuffer request = ByteBuffer.allocate(bytes); request.hasRemaining(); ) {
            device.fd().read(request, LONG);
        }
    }

    private static String text(UnixSocket socket) throws IOException {
        return new String(socket.inputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}

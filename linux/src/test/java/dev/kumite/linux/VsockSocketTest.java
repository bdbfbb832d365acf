package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class VsockSocketTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final VsockAddress PORT = new VsockAddress(VsockAddress.ANY, 0xf0f0_1024);

    @Test
    void aPortCanBeListenedOnOnce() {
        assumeTrue(Files.exists(Path.of("/dev/vsock")), "needs a kernel with vsock");
        try (VsockServer server = VsockServer.listen(PORT)) {
            assertThat(server.accept(SHORT)).isEmpty();
            assertThat(server.address()).isEqualTo(PORT);
            assertThat(server.fd().isClosed()).isFalse();
            assertThatThrownBy(() -> VsockServer.listen(PORT))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE));
        }
    }

    @Test
    void connectingToWhereNobodyIsFailsInTime() {
        VsockAddress nobody = new VsockAddress(0x7fff_fff0, 1);

        assertThatThrownBy(() -> VsockSocket.connect(nobody, SHORT))
                .isInstanceOf(LinuxException.class)
                .hasMessageStartingWith("connect to vsock://2147483632:1: ");
    }

    @Test
    void aConnectionCarriesBytesWhereTheKernelHasLoopback() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/sys/module/vsock_loopback")),
                "needs a kernel with vsock loopback");
        try (VsockServer server = VsockServer.listen(PORT);
                VsockSocket client =
                        VsockSocket.connect(
                                new VsockAddress(VsockAddress.LOCAL, PORT.port()), SHORT);
                VsockSocket connection = server.accept(SHORT).orElseThrow()) {
            client.outputStream().write(7);
            client.shutdownOutput();
            assertThat(connection.inputStream().readAllBytes()).containsExactly(7);
            assertThat(connection.peer().cid()).isEqualTo(VsockAddress.LOCAL);
            assertThat(connection.fd()).isNotNull();
            assertThat(client.peer().port()).isEqualTo(PORT.port());
            connection.outputStream().write(8);
            assertThat(client.inputStream().read()).isEqualTo(8);
        }
    }

    @Test
    void theStructureIsTheKernels() {
        try (Scratch scratch = new Scratch()) {
            assertThat(VsockAddress.decode(new VsockAddress(3, 1024).encode(scratch)))
                    .isEqualTo(new VsockAddress(3, 1024));
        }
        assertThat(PORT).hasToString("vsock://4294967295:4042264612");
    }
}

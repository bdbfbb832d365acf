package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.agentprotocol.AgentBinding;
import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.agentprotocol.messages.VersionCheckResponse;
import dev.kumite.linux.UnixServer;
import dev.kumite.linux.UnixSocket;
import dev.kumite.linux.VsockAddress;
import dev.kumite.ttrpc.TtrpcServer;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.SandboxDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VsockLineTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void leadsToTheAgentsPortOfTheMachinesAddress() {
        AgentTransport transport = new AgentTransport.Vsock(4_000_000_000L);
        SandboxDirectory files = new SandboxDirectory(directory);

        assertThat(AgentPort.ofOwner(files, transport))
                .contains(new AgentPort.Vsock(new VsockAddress((int) 4_000_000_000L, 1024)));
        assertThat(AgentPort.free(files, transport)).isEqualTo(AgentPort.ofOwner(files, transport));
    }

    @Test
    void leadsToTheDevicesSocketWhereTheHostHasNoVsock() {
        AgentTransport transport = new AgentTransport.HybridVsock(77);
        SandboxDirectory files = new SandboxDirectory(directory);

        assertThat(AgentPort.ofOwner(files, transport))
                .contains(new AgentPort.HybridVsock(directory.resolve("vsock.sock")));
        assertThat(AgentPort.free(files, transport)).isEqualTo(AgentPort.ofOwner(files, transport));
    }

    /** A device closes the connection while nobody listens in the guest. */
    @Test
    void triesAgainUntilSomebodyListens() throws Exception {
        Path socket = directory.resolve("vsock.sock");
        try (UnixServer device = UnixServer.listen(socket, 0600);
                FakeAgent agent = new FakeAgent(directory.resolve("fake.sock"))) {
            Thread guest =
                    Thread.ofVirtual()
                            .start(() -> {
                                refuse(device);
                                refuse(device);
                                answer(device, agent);
                            });
            try (GuestAgent connected =
                    GuestAgent.connect(
                            new AgentPort.HybridVsock(socket), PATIENCE, PATIENCE, PATIENCE)) {
                CheckRequest question = CheckRequest.getDefaultInstance();
                VersionCheckResponse answer =
                        connected.call("asking", client -> client.version(question));
                assertThat(answer).isEqualTo(VersionCheckResponse.getDefaultInstance());
            }
            guest.join();
        }
    }

    private static void refuse(UnixServer device) {
        device.accept(PATIENCE).orElseThrow().close();
    }

    private static void answer(UnixServer device, FakeAgent agent) {
        try (UnixSocket client = device.accept(PATIENCE).orElseThrow()) {
            byte[] wanted = "CONNECT 1024\n".getBytes(StandardCharsets.US_ASCII);
            assertThat(client.inputStream().readNBytes(wanted.length)).isEqualTo(wanted);
            client.outputStream().write("OK 1073741825\n".getBytes(StandardCharsets.US_ASCII));
            AgentBinding.bind(TtrpcServer.create(), agent, agent)
                    .serve(client.inputStream(), client.outputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the kernel makes of an address that no machine has depends on its drivers. */
    @Test
    void givesUpWhereNobodyAnswers() {
        AgentPort port = new AgentPort.Vsock(new VsockAddress(0x7fff_fff0, 1024));

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() ->
                        GuestAgent.connect(
                                port,
                                Duration.ofSeconds(1),
                                Duration.ofMillis(10),
                                Duration.ofSeconds(1)))
                .satisfies(e ->
                        assertThat(e.category())
                                .isIn(
                                        EngineException.Category.TIMEOUT,
                                        EngineException.Category.CLOSED,
                                        EngineException.Category.HOST))
                .withMessageContaining("vsock://2147483632:1024");
    }
}

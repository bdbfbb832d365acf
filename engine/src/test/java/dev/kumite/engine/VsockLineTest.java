package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.linux.VsockAddress;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.SandboxDirectory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VsockLineTest {

    @TempDir Path directory;

    @Test
    void leadsToTheAgentsPortOfTheMachinesAddress() {
        AgentTransport transport = new AgentTransport.Vsock(4_000_000_000L);
        SandboxDirectory files = new SandboxDirectory(directory);

        assertThat(AgentPort.ofOwner(files, transport))
                .contains(new AgentPort.Vsock(new VsockAddress((int) 4_000_000_000L, 1024)));
        assertThat(AgentPort.free(files, transport)).isEqualTo(AgentPort.ofOwner(files, transport));
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

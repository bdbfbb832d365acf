package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class KernelParametersTest {

    @Test
    void hasDefaults() {
        assertThat(KernelParameters.parse("console=ttyS0 quiet\n"))
                .isEqualTo(new KernelParameters(Log.Level.INFO, false, 1024));
        assertThat(KernelParameters.read(Path.of("/nonexistent")).vsockPort()).isEqualTo(1024);
    }

    @Test
    void readsWhatKataNames() {
        assertThat(
                        KernelParameters.parse(
                                "agent.log=debug agent.devmode  agent.vsock_port=7 root=x\n"))
                .isEqualTo(new KernelParameters(Log.Level.DEBUG, true, 7));
        assertThat(KernelParameters.parse("agent.log=warning").level()).isEqualTo(Log.Level.WARN);
        assertThat(KernelParameters.parse("agent.log=critical").level()).isEqualTo(Log.Level.ERROR);
    }

    @Test
    void passesOverPortsThatAreNone() {
        assertThat(KernelParameters.parse("agent.vsock_port=x").vsockPort()).isEqualTo(1024);
    }
}

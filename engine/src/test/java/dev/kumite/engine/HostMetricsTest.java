package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HostMetricsTest {

    private static SandboxStatus sandbox(String id, SandboxStatus.State state, long qemu) {
        long owner = ProcessHandle.current().pid();
        return new SandboxStatus(
                id, state, Instant.EPOCH, owner, qemu, Path.of("/run/x"), List.of());
    }

    @Test
    void namesWhatEachMachineCosts() {
        long self = ProcessHandle.current().pid();

        String text =
                HostMetrics.of(
                        List.of(
                                sandbox("a", SandboxStatus.State.RUNNING, self),
                                sandbox("b", SandboxStatus.State.DEAD, self)));

        assertThat(text)
                .contains("# TYPE kata_monitor_running_shim_count gauge\n")
                .contains("\nkata_monitor_running_shim_count 1\n")
                .containsPattern("\nkata_hypervisor_fds\\{sandbox_id=\"a\"\\} [1-9]")
                .containsPattern("\nkata_hypervisor_threads\\{sandbox_id=\"a\"\\} [1-9]")
                .containsPattern(
                        "kata_hypervisor_proc_status\\{sandbox_id=\"a\",item=\"vmrss\"\\} [1-9]\\d{6}")
                .containsPattern(
                        "kata_hypervisor_proc_stat\\{sandbox_id=\"a\",item=\"utime\"\\} \\d")
                .containsPattern(
                        "kata_shim_proc_status\\{pid=\"" + self + "\",item=\"vmrss\"\\} [1-9]")
                .doesNotContain("sandbox_id=\"b\"");
    }

    @Test
    void leavesOutAProcessThatIsGone() {
        String text = HostMetrics.of(List.of(sandbox("a", SandboxStatus.State.RUNNING, 0)));

        assertThat(text).doesNotContain("sandbox_id").contains("running_shim_count 1");
    }
}

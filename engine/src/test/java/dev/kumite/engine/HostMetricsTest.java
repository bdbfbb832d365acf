package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.ProcessIdentity;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.MachineState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void takesOfAGuestOnlySamplesOfItsOwn() {
        String guest =
                """
                # HELP kata_guest_load what
                kata_guest_load{item="load1"} 0.25
                kata_agent_threads 7
                kata_hypervisor_fds 7
                kata_guest_a{sandbox_id="other"} 1
                kata_guest_b{item="x\\"} 1
                kata_guest_c{item="x} 1
                kata_guest_d{item="x"} NaN
                kata_guest_e 1 2
                kata_guest_F 1
                kata_guest_g
                kata_guest_h{} 1
                kata_guest_i{item="}"} 1
                """
                        + "kata_guest_j"
                        + "j".repeat(300)
                        + " 1\n";

        String text =
                HostMetrics.of(
                        List.of(sandbox("a", SandboxStatus.State.RUNNING, 0)), Map.of("a", guest));

        assertThat(text.lines().filter(line -> line.matches("k[a-z]+_(guest|agent)_.*")))
                .containsExactly(
                        "kata_agent_threads{sandbox_id=\"a\"} 7",
                        "kata_guest_h{sandbox_id=\"a\"} 1",
                        "kata_guest_load{sandbox_id=\"a\",item=\"load1\"} 0.25");
    }

    @Test
    void countsAMachinesCompanionsWithTheirChildren(@TempDir Path directory) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "sleep 100; :").start();
        try {
            while (shell.children().findAny().isEmpty()) {
                assertThat(shell.isAlive()).isTrue();
                Thread.onSpinWait();
            }
            SandboxState state =
                    SandboxState.starting("a", Instant.EPOCH, ProcessIdentity.self())
                            .withMachine(
                                    MachineState.of(
                                            Optional.empty(),
                                            ProcessIdentity.of((int) shell.pid()),
                                            Optional.of(ProcessIdentity.self()),
                                            new AgentTransport.VirtioSerial()));
            try (SandboxHome _ = SandboxHome.create(directory.resolve("a"), state)) {
                long self = ProcessHandle.current().pid();
                String text =
                        HostMetrics.of(
                                List.of(
                                        new SandboxStatus(
                                                "a",
                                                SandboxStatus.State.RUNNING,
                                                Instant.EPOCH,
                                                self,
                                                self,
                                                directory.resolve("a"),
                                                List.of())));

                assertThat(text)
                        .contains("kata_virtiofsd_threads{sandbox_id=\"a\"} 2\n")
                        .containsPattern("kumite_vsock_device_fds\\{sandbox_id=\"a\"\\} [1-9]");
            }
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
    }

    @Test
    void leavesOutAProcessThatIsGone() {
        String text = HostMetrics.of(List.of(sandbox("a", SandboxStatus.State.RUNNING, 0)));

        assertThat(text).doesNotContain("sandbox_id").contains("running_shim_count 1");
    }
}

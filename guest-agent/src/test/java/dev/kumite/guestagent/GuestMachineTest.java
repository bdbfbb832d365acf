package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.agentprotocol.messages.GuestDetailsRequest;
import dev.kumite.agentprotocol.messages.OnlineCPUMemRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuestMachineTest {

    @TempDir private Path sys;
    private GuestMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new GuestMachine(sys, 20_000_000);
    }

    private Path file(String name, String text) throws IOException {
        Path file = sys.resolve("devices/system").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void switchesProcessorsAndMemoryOn() throws IOException {
        Path cpu1 = file("cpu/cpu1/online", "0\n");
        Path cpu2 = file("cpu/cpu2/online", "1\n");
        Path block = file("memory/memory33/online", "0\n");

        machine.online(OnlineCPUMemRequest.newBuilder().setWait(true).setNbCpus(1).build());

        assertThat(cpu1).hasContent("1");
        assertThat(cpu2).hasContent("1\n");
        assertThat(block).hasContent("1");
    }

    @Test
    void leavesMemoryAloneWhereOnlyProcessorsAreMeant() throws IOException {
        Path block = file("memory/memory33/online", "0\n");

        machine.online(OnlineCPUMemRequest.newBuilder().setNbCpus(1).setCpuOnly(true).build());

        assertThat(block).hasContent("0\n");
    }

    @Test
    void saysThatProcessorsDidNotCome() {
        assertThatThrownBy(() ->
                        machine.online(
                                OnlineCPUMemRequest.newBuilder()
                                        .setWait(true)
                                        .setNbCpus(2)
                                        .build()))
                .hasMessageContaining("of 2 new processors, 0 came");
    }

    @Test
    void tellsOfMemoryBlocks() throws IOException {
        file("memory/block_size_bytes", "8000000\n");
        Path probe = file("memory/probe", "");
        GuestDetailsRequest request =
                GuestDetailsRequest.newBuilder()
                        .setMemBlockSize(true)
                        .setMemHotplugProbe(true)
                        .build();

        assertThat(machine.details(request).getMemBlockSizeBytes()).isEqualTo(128 << 20);
        assertThat(machine.details(request).getSupportMemHotplugProbe()).isTrue();
        machine.probeMemory(List.of(0x100000000L));

        assertThat(probe).hasContent("0x100000000");
    }

    @Test
    void refusesToProbeWhereItCannot() {
        assertThatThrownBy(() -> machine.probeMemory(List.of(1L))).hasMessageContaining("0x1");
    }

    @Test
    void countsWhatInterfacesMove() throws IOException {
        Path counts = Files.createDirectories(sys.resolve("net/eth0/statistics"));
        Files.writeString(counts.resolve("rx_bytes"), "12\n");

        assertThat(new InterfaceStatistics(sys.resolve("net")).read())
                .singleElement()
                .satisfies(one -> assertThat(one.getRxBytes()).isEqualTo(12));
        assertThat(new InterfaceStatistics(sys.resolve("none")).read()).isEmpty();
    }

    @Test
    void writesMetrics() throws IOException {
        Files.createDirectories(sys.resolve("self"));
        Files.writeString(sys.resolve("meminfo"), "MemTotal:  100 kB\nMemFree: 50 kB\n");
        Files.writeString(sys.resolve("self/status"), "Name: x\nVmRSS:\t  7 kB\nThreads:\t3\n");
        Files.writeString(sys.resolve("loadavg"), "0.10 0.20 0.30 1/2 3\n");

        assertThat(new GuestMetrics(sys).text(2))
                .contains("kata_guest_meminfo{item=\"mem_total\"} 102400\n")
                .contains("kata_agent_total_rss 7168\n")
                .contains("kata_agent_threads 3\n")
                .contains("kumite_agent_containers 2\n")
                .contains("kata_guest_load{item=\"load15\"} 0.30\n");
    }
}

package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.agentprotocol.messages.BlkioStats;
import dev.kumite.agentprotocol.messages.CgroupStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CgroupStatisticsTest {

    @TempDir private Path group;

    private void file(String name, String text) throws IOException {
        Files.writeString(group.resolve(name), text);
    }

    @Test
    void readsProcessorMemoryAndProcesses() throws IOException {
        file(
                "cpu.stat",
                """
                usage_usec 1500
                user_usec 1000
                system_usec 500
                nr_periods 7
                nr_throttled 2
                throttled_usec 30
                """);
        file("memory.current", "4096\n");
        file("memory.peak", "8192\n");
        file("memory.max", "max\n");
        file("memory.stat", "anon 100\nfile 200\nkernel 50\n");
        file("memory.events", "low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\n");
        file("pids.current", "5\n");
        file("pids.max", "max\n");
        file("hugetlb.2MB.current", "2097152\n");
        file("hugetlb.2MB.events", "max 4\n");
        file("hugetlb.2MB.rsvd.current", "1\n");

        CgroupStats stats = new CgroupStatistics(group).read();

        assertThat(stats.getCpuStats().getCpuUsage().getTotalUsage()).isEqualTo(1_500_000);
        assertThat(stats.getCpuStats().getThrottlingData().getThrottledPeriods()).isEqualTo(2);
        assertThat(stats.getMemoryStats().getUsage().getUsage()).isEqualTo(4096);
        assertThat(stats.getMemoryStats().getUsage().getMaxUsage()).isEqualTo(8192);
        assertThat(stats.getMemoryStats().getUsage().getLimit()).isEqualTo(Long.MAX_VALUE);
        assertThat(stats.getMemoryStats().getUsage().getFailcnt()).isEqualTo(3);
        assertThat(stats.getMemoryStats().getCache()).isEqualTo(200);
        assertThat(stats.getMemoryStats().getKernelUsage().getUsage()).isEqualTo(50);
        assertThat(stats.getMemoryStats().getStatsMap()).containsEntry("anon", 100L);
        assertThat(stats.getPidsStats().getCurrent()).isEqualTo(5);
        assertThat(stats.getPidsStats().getLimit()).isZero();
        assertThat(stats.getHugetlbStatsMap()).containsOnlyKeys("2MB");
        assertThat(stats.getHugetlbStatsMap().get("2MB").getFailcnt()).isEqualTo(4);
    }

    @Test
    void readsDisks() {
        BlkioStats stats =
                CgroupStatistics.blockIo(
                        "254:16 rbytes=4096 wbytes=512 rios=2 wios=1 dbytes=0 dios=0\n\nodd\n");

        assertThat(stats.getIoServiceBytesRecursiveList()).hasSize(2);
        assertThat(stats.getIoServiceBytesRecursive(0).getMajor()).isEqualTo(254);
        assertThat(stats.getIoServiceBytesRecursive(0).getMinor()).isEqualTo(16);
        assertThat(stats.getIoServiceBytesRecursive(0).getValue()).isEqualTo(4096);
        assertThat(stats.getIoServiceBytesRecursive(1).getOp()).isEqualTo("Write");
        assertThat(stats.getIoServicedRecursive(1).getValue()).isEqualTo(1);
    }

    @Test
    void countsMissingFilesAsZero() {
        assertThat(new CgroupStatistics(group.resolve("none")).read().getPidsStats().getCurrent())
                .isZero();
    }

    @Test
    void countsKillsOfAGroupThatOutlivesItsContainer() throws IOException {
        ContainerCgroup cgroup = new ContainerCgroup(group, "c1");
        file("cgroup.controllers", "memory\n");
        assertThat(cgroup.outOfMemoryKills()).isZero();

        cgroup.create();
        Files.writeString(cgroup.group().resolve("memory.events"), "oom 2\noom_kill 2\n");

        assertThat(cgroup.outOfMemoryKills()).isEqualTo(2);
        assertThat(cgroup.path()).isEqualTo("/kumite/c1/container");
        Files.delete(cgroup.group().resolve("memory.events"));
        cgroup.delete();
        assertThat(cgroup.group()).doesNotExist();
    }

    @Test
    void listsTheProcessesOfAGroupAndOfThoseBelow() throws IOException {
        ContainerCgroup cgroup = new ContainerCgroup(group, "c1");
        assertThat(cgroup.pids()).isEmpty();
        Path below = Files.createDirectories(cgroup.processes().resolve("below"));
        Files.writeString(cgroup.processes().resolve("cgroup.procs"), "1\n2\n0\n");
        Files.writeString(below.resolve("cgroup.procs"), "3\n");

        assertThat(cgroup.pids()).containsExactly(1, 2, 3);
    }
}

package dev.kumite.shim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.MemorySize;
import dev.kumite.shim.messages.Metrics1;
import dev.kumite.shim.messages.Metrics2;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MetricsTest {

    private static final ContainerStats STATS =
            new ContainerStats(
                    new ContainerStats.Cpu(
                            Duration.ofNanos(3000),
                            Duration.ofNanos(2000),
                            Duration.ofNanos(1000),
                            5,
                            Duration.ofNanos(6000)),
                    new ContainerStats.Memory(
                            new MemorySize(1 << 20),
                            new MemorySize(2 << 20),
                            Optional.of(new MemorySize(4 << 20)),
                            Map.of("anon", 4096L, "file", 8192L, "pgfault", 7L)),
                    new ContainerStats.Pids(3, 100),
                    List.of(new ContainerStats.Network("eth0", 1, 2, 3, 4)));

    @Test
    void areInTheWordsOfVersionOne() throws Exception {
        Any any = Metrics.of(STATS, false);

        assertThat(any.getTypeUrl()).isEqualTo("io.containerd.cgroups.v1.Metrics");
        Metrics1.Metrics metrics = Metrics1.Metrics.parseFrom(any.getValue());
        assertThat(metrics.getCpu().getUsage().getTotal()).isEqualTo(3000);
        assertThat(metrics.getMemory().getUsage().getUsage()).isEqualTo(1 << 20);
        assertThat(metrics.getMemory().getUsage().getLimit()).isEqualTo(4 << 20);
        assertThat(metrics.getMemory().getTotalRss()).isEqualTo(4096);
        assertThat(metrics.getPids().getCurrent()).isEqualTo(3);
        assertThat(metrics.getNetwork(0).getTxBytes()).isEqualTo(3);
    }

    @Test
    void areInTheWordsOfVersionTwo() throws Exception {
        Any any = Metrics.of(STATS, true);

        assertThat(any.getTypeUrl()).isEqualTo("io.containerd.cgroups.v2.Metrics");
        Metrics2.Metrics metrics = Metrics2.Metrics.parseFrom(any.getValue());
        assertThat(metrics.getCpu().getUsageUsec()).isEqualTo(3);
        assertThat(metrics.getMemory().getAnon()).isEqualTo(4096);
        assertThat(metrics.getMemory().getUsageLimit()).isEqualTo(4 << 20);
        assertThat(metrics.getMemory().getMaxUsage()).isEqualTo(2 << 20);
    }
}

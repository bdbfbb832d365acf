package dev.kumite.shim;

import com.google.protobuf.Any;
import dev.kumite.engine.ContainerStats;
import dev.kumite.shim.messages.Metrics1;
import dev.kumite.shim.messages.Metrics2;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a container uses, in containerd's words: those of cgroups v1 or v2, whichever this host has,
 * because that is what readers of metrics expect here. The guest itself has cgroups v2.
 */
final class Metrics {

    private static final String V1 = "io.containerd.cgroups.v1.Metrics";
    private static final String V2 = "io.containerd.cgroups.v2.Metrics";

    /** Source: cgroups(7); what a container without a limit shows in v1. */
    private static final long UNLIMITED_V1 = 0x7FFF_FFFF_FFFF_F000L;

    private static final long UNLIMITED_V2 = -1L;

    private Metrics() {}

    /** {@return whether this host has cgroups v2 only} */
    static boolean hostIsUnified() {
        return Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
    }

    static Any of(ContainerStats stats, boolean unified) {
        return unified
                ? Any.newBuilder().setTypeUrl(V2).setValue(v2(stats).toByteString()).build()
                : Any.newBuilder().setTypeUrl(V1).setValue(v1(stats).toByteString()).build();
    }

    private static Metrics1.Metrics v1(ContainerStats stats) {
        ContainerStats.Cpu cpu = stats.cpu();
        Metrics1.Metrics.Builder metrics =
                Metrics1.Metrics.newBuilder()
                        .setPids(
                                Metrics1.PidsStat.newBuilder()
                                        .setCurrent(stats.pids().current())
                                        .setLimit(stats.pids().limit()))
                        .setCpu(
                                Metrics1.CPUStat.newBuilder()
                                        .setUsage(
                                                Metrics1.CPUUsage.newBuilder()
                                                        .setTotal(cpu.total().toNanos())
                                                        .setUser(cpu.user().toNanos())
                                                        .setKernel(cpu.system().toNanos()))
                                        .setThrottling(
                                                Metrics1.Throttle.newBuilder()
                                                        .setThrottledPeriods(cpu.throttledPeriods())
                                                        .setThrottledTime(
                                                                cpu.throttled().toNanos())))
                        .setMemory(memory1(stats.memory()));
        for (ContainerStats.Network network : stats.networks()) {
            metrics.addNetwork(
                    Metrics1.NetworkStat.newBuilder()
                            .setName(network.name())
                            .setRxBytes(network.receivedBytes())
                            .setRxPackets(network.receivedPackets())
                            .setTxBytes(network.sentBytes())
                            .setTxPackets(network.sentPackets()));
        }
        return metrics.build();
    }

    /** The names on the right are those of v2, which the guest has. */
    private static Metrics1.MemoryStat memory1(ContainerStats.Memory memory) {
        Details details = new Details(memory);
        long limit = limit(memory, UNLIMITED_V1);
        return Metrics1.MemoryStat.newBuilder()
                .setUsage(
                        Metrics1.MemoryEntry.newBuilder()
                                .setUsage(memory.usage().bytes())
                                .setMax(memory.peak().bytes())
                                .setLimit(limit))
                .setHierarchicalMemoryLimit(limit)
                .setCache(details.get("file"))
                .setTotalCache(details.get("file"))
                .setRss(details.get("anon"))
                .setTotalRss(details.get("anon"))
                .setMappedFile(details.get("file_mapped"))
                .setTotalMappedFile(details.get("file_mapped"))
                .setDirty(details.get("file_dirty"))
                .setTotalDirty(details.get("file_dirty"))
                .setWriteback(details.get("file_writeback"))
                .setTotalWriteback(details.get("file_writeback"))
                .setPgFault(details.get("pgfault"))
                .setTotalPgFault(details.get("pgfault"))
                .setPgMajFault(details.get("pgmajfault"))
                .setTotalPgMajFault(details.get("pgmajfault"))
                .setInactiveAnon(details.get("inactive_anon"))
                .setTotalInactiveAnon(details.get("inactive_anon"))
                .setActiveAnon(details.get("active_anon"))
                .setTotalActiveAnon(details.get("active_anon"))
                .setInactiveFile(details.get("inactive_file"))
                .setTotalInactiveFile(details.get("inactive_file"))
                .setActiveFile(details.get("active_file"))
                .setTotalActiveFile(details.get("active_file"))
                .setUnevictable(details.get("unevictable"))
                .setTotalUnevictable(details.get("unevictable"))
                .build();
    }

    private static Metrics2.Metrics v2(ContainerStats stats) {
        ContainerStats.Cpu cpu = stats.cpu();
        return Metrics2.Metrics.newBuilder()
                .setPids(
                        Metrics2.PidsStat.newBuilder()
                                .setCurrent(stats.pids().current())
                                .setLimit(stats.pids().limit()))
                .setCpu(
                        Metrics2.CPUStat.newBuilder()
                                .setUsageUsec(micros(cpu.total()))
                                .setUserUsec(micros(cpu.user()))
                                .setSystemUsec(micros(cpu.system()))
                                .setNrThrottled(cpu.throttledPeriods())
                                .setThrottledUsec(micros(cpu.throttled())))
                .setMemory(memory2(stats.memory()))
                .build();
    }

    private static Metrics2.MemoryStat memory2(ContainerStats.Memory memory) {
        Details details = new Details(memory);
        return Metrics2.MemoryStat.newBuilder()
                .setUsage(memory.usage().bytes())
                .setUsageLimit(limit(memory, UNLIMITED_V2))
                .setMaxUsage(memory.peak().bytes())
                .setAnon(details.get("anon"))
                .setFile(details.get("file"))
                .setKernelStack(details.get("kernel_stack"))
                .setSlab(details.get("slab"))
                .setSock(details.get("sock"))
                .setShmem(details.get("shmem"))
                .setFileMapped(details.get("file_mapped"))
                .setFileDirty(details.get("file_dirty"))
                .setFileWriteback(details.get("file_writeback"))
                .setInactiveAnon(details.get("inactive_anon"))
                .setActiveAnon(details.get("active_anon"))
                .setInactiveFile(details.get("inactive_file"))
                .setActiveFile(details.get("active_file"))
                .setUnevictable(details.get("unevictable"))
                .setSlabReclaimable(details.get("slab_reclaimable"))
                .setSlabUnreclaimable(details.get("slab_unreclaimable"))
                .setPgfault(details.get("pgfault"))
                .setPgmajfault(details.get("pgmajfault"))
                .build();
    }

    private static long limit(ContainerStats.Memory memory, long none) {
        return memory.limit().map(size -> size.bytes()).orElse(none);
    }

    private static long micros(java.time.Duration time) {
        return time.toNanos() / 1000;
    }

    /** Counters of the guest's kernel; what it does not tell is 0. */
    private record Details(ContainerStats.Memory memory) {
        long get(String name) {
            return memory.details().getOrDefault(name, 0L);
        }
    }
}

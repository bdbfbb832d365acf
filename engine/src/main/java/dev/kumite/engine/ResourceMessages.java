package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.CgroupStats;
import dev.kumite.agentprotocol.messages.CpuStats;
import dev.kumite.agentprotocol.messages.LinuxCPU;
import dev.kumite.agentprotocol.messages.LinuxMemory;
import dev.kumite.agentprotocol.messages.LinuxPids;
import dev.kumite.agentprotocol.messages.LinuxResources;
import dev.kumite.agentprotocol.messages.MemoryStats;
import dev.kumite.agentprotocol.messages.NetworkStats;
import dev.kumite.agentprotocol.messages.StatsContainerResponse;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Uint64;
import java.time.Duration;
import java.util.Optional;

/** Limits as messages to the agent, and what it tells about their use. */
final class ResourceMessages {

    /**
     * From here on a limit is none: the kernel's own "no limit" is the largest number of pages.
     * Source: Linux, include/linux/page_counter.h, {@code PAGE_COUNTER_MAX}.
     */
    private static final long NO_LIMIT = Long.MAX_VALUE - (1L << 20);

    private ResourceMessages() {}

    static LinuxResources resources(Resources limits) {
        LinuxResources.Builder message = LinuxResources.newBuilder();
        limits.memory().ifPresent(memory -> message.setMemory(memory(memory)));
        limits.cpu().ifPresent(cpu -> message.setCPU(cpu(cpu)));
        limits.pids()
                .ifPresent(pids -> message.setPids(LinuxPids.newBuilder().setLimit(pids.limit())));
        return message.build();
    }

    private static LinuxMemory memory(Resources.Memory memory) {
        return LinuxMemory.newBuilder()
                .setLimit(memory.limit().orElse(0L))
                .setReservation(memory.reservation().orElse(0L))
                .setSwap(memory.swap().orElse(0L))
                .setSwappiness(memory.swappiness().orElse(Uint64.ZERO).bits())
                .setDisableOOMKiller(memory.disableOOMKiller().orElse(false))
                .build();
    }

    private static LinuxCPU cpu(Resources.Cpu cpu) {
        return LinuxCPU.newBuilder()
                .setShares(cpu.shares().orElse(Uint64.ZERO).bits())
                .setQuota(cpu.quota().orElse(0L))
                .setPeriod(cpu.period().orElse(Uint64.ZERO).bits())
                .setRealtimeRuntime(cpu.realtimeRuntime().orElse(0L))
                .setRealtimePeriod(cpu.realtimePeriod().orElse(Uint64.ZERO).bits())
                .build();
    }

    static ContainerStats stats(StatsContainerResponse answer) {
        CgroupStats groups = answer.getCgroupStats();
        return new ContainerStats(
                cpu(groups.getCpuStats()),
                memory(groups.getMemoryStats()),
                new ContainerStats.Pids(
                        atLeastZero(groups.getPidsStats().getCurrent()),
                        atLeastZero(groups.getPidsStats().getLimit())),
                answer.getNetworkStatsList().stream().map(ResourceMessages::network).toList());
    }

    private static ContainerStats.Cpu cpu(CpuStats cpu) {
        return new ContainerStats.Cpu(
                nanos(cpu.getCpuUsage().getTotalUsage()),
                nanos(cpu.getCpuUsage().getUsageInUsermode()),
                nanos(cpu.getCpuUsage().getUsageInKernelmode()),
                atLeastZero(cpu.getThrottlingData().getThrottledPeriods()),
                nanos(cpu.getThrottlingData().getThrottledTime()));
    }

    private static ContainerStats.Memory memory(MemoryStats memory) {
        long limit = memory.getUsage().getLimit();
        boolean limited = limit > 0 && limit < NO_LIMIT;
        return new ContainerStats.Memory(
                new MemorySize(atLeastZero(memory.getUsage().getUsage())),
                new MemorySize(atLeastZero(memory.getUsage().getMaxUsage())),
                limited ? Optional.of(new MemorySize(limit)) : Optional.empty(),
                memory.getStatsMap());
    }

    private static ContainerStats.Network network(NetworkStats network) {
        return new ContainerStats.Network(
                network.getName(),
                network.getRxBytes(),
                network.getRxPackets(),
                network.getTxBytes(),
                network.getTxPackets());
    }

    private static Duration nanos(long nanos) {
        return Duration.ofNanos(atLeastZero(nanos));
    }

    /** The guest's numbers are unsigned, and may be any. */
    private static long atLeastZero(long number) {
        return number < 0 ? Long.MAX_VALUE : number;
    }
}

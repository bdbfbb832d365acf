package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.BlkioStats;
import dev.kumite.agentprotocol.messages.BlkioStatsEntry;
import dev.kumite.agentprotocol.messages.CgroupStats;
import dev.kumite.agentprotocol.messages.CpuStats;
import dev.kumite.agentprotocol.messages.CpuUsage;
import dev.kumite.agentprotocol.messages.HugetlbStats;
import dev.kumite.agentprotocol.messages.MemoryData;
import dev.kumite.agentprotocol.messages.MemoryStats;
import dev.kumite.agentprotocol.messages.PidsStats;
import dev.kumite.agentprotocol.messages.ThrottlingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a group of cgroup v2 uses, in the words of version 1 that the protocol has. A file that is
 * not there, because the kernel lacks the controller, counts as zero.
 *
 * <p>Source: cgroup-v2.rst; Kata Containers 4.1, agent, StatsContainer.
 */
final class CgroupStatistics {

    private static final long NANOS_PER_MICRO = 1000;

    private final Path group;

    CgroupStatistics(Path group) {
        this.group = group;
    }

    CgroupStats read() {
        CgroupStats.Builder stats =
                CgroupStats.newBuilder()
                        .setCpuStats(cpu())
                        .setMemoryStats(memory())
                        .setPidsStats(
                                PidsStats.newBuilder()
                                        .setCurrent(number("pids.current"))
                                        .setLimit(limit("pids.max")))
                        .setBlkioStats(blockIo(text("io.stat")));
        hugePages(stats);
        return stats.build();
    }

    private CpuStats cpu() {
        String stat = text("cpu.stat");
        return CpuStats.newBuilder()
                .setCpuUsage(
                        CpuUsage.newBuilder()
                                .setTotalUsage(nanos(stat, "usage_usec"))
                                .setUsageInKernelmode(nanos(stat, "system_usec"))
                                .setUsageInUsermode(nanos(stat, "user_usec")))
                .setThrottlingData(
                        ThrottlingData.newBuilder()
                                .setPeriods(Keyed.value(stat, "nr_periods"))
                                .setThrottledPeriods(Keyed.value(stat, "nr_throttled"))
                                .setThrottledTime(nanos(stat, "throttled_usec")))
                .build();
    }

    private static long nanos(String stat, String key) {
        return Keyed.value(stat, key) * NANOS_PER_MICRO;
    }

    private MemoryStats memory() {
        String stat = text("memory.stat");
        String events = text("memory.events");
        MemoryStats.Builder memory =
                MemoryStats.newBuilder()
                        .setCache(Keyed.value(stat, "file"))
                        .setUsage(
                                MemoryData.newBuilder()
                                        .setUsage(number("memory.current"))
                                        .setMaxUsage(number("memory.peak"))
                                        .setFailcnt(Keyed.value(events, "max"))
                                        .setLimit(number("memory.max")))
                        .setSwapUsage(
                                MemoryData.newBuilder()
                                        .setUsage(number("memory.swap.current"))
                                        .setLimit(number("memory.swap.max")))
                        .setKernelUsage(
                                MemoryData.newBuilder().setUsage(Keyed.value(stat, "kernel")))
                        .setUseHierarchy(true);
        int at = 0;
        while (at < stat.length()) {
            int end = stat.indexOf('\n', at);
            int stop = end < 0 ? stat.length() : end;
            int space = stat.indexOf(' ', at);
            if (space > at && space < stop) {
                memory.putStats(
                        stat.substring(at, space),
                        Keyed.number(stat.substring(space + 1, stop).strip()));
            }
            at = stop + 1;
        }
        return memory.build();
    }

    /** Lines such as {@code 254:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0}. */
    static BlkioStats blockIo(String text) {
        BlkioStats.Builder stats = BlkioStats.newBuilder();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            int stop = end < 0 ? text.length() : end;
            device(stats, text.substring(at, stop));
            at = stop + 1;
        }
        return stats.build();
    }

    private static void device(BlkioStats.Builder stats, String line) {
        int colon = line.indexOf(':');
        int space = line.indexOf(' ');
        if (colon <= 0 || space < colon) {
            return;
        }
        BlkioStatsEntry.Builder entry =
                BlkioStatsEntry.newBuilder()
                        .setMajor(Keyed.number(line.substring(0, colon)))
                        .setMinor(Keyed.number(line.substring(colon + 1, space)));
        stats.addIoServiceBytesRecursive(entry.setOp("Read").setValue(field(line, "rbytes=")));
        stats.addIoServiceBytesRecursive(entry.setOp("Write").setValue(field(line, "wbytes=")));
        stats.addIoServicedRecursive(entry.setOp("Read").setValue(field(line, "rios=")));
        stats.addIoServicedRecursive(entry.setOp("Write").setValue(field(line, "wios=")));
    }

    private static long field(String line, String name) {
        int at = line.indexOf(' ' + name);
        if (at < 0) {
            return 0;
        }
        int from = at + 1 + name.length();
        int end = line.indexOf(' ', from);
        return Keyed.number(line.substring(from, end < 0 ? line.length() : end).strip());
    }

    private void hugePages(CgroupStats.Builder stats) {
        String[] names = group.toFile().list();
        if (names == null) {
            return;
        }
        for (String name : names) {
            if (name.startsWith("hugetlb.")
                    && name.endsWith(".current")
                    && !name.contains(".rsvd.")) {
                String size = name.substring("hugetlb.".length(), name.length() - 8);
                stats.putHugetlbStats(
                        size,
                        HugetlbStats.newBuilder()
                                .setUsage(number(name))
                                .setFailcnt(Keyed.value(text("hugetlb." + size + ".events"), "max"))
                                .build());
            }
        }
    }

    /** No limit is 0 here, as with version 1. */
    private long limit(String file) {
        long value = number(file);
        return value == Long.MAX_VALUE ? 0 : value;
    }

    private long number(String file) {
        return Keyed.number(text(file).strip());
    }

    private String text(String file) {
        try {
            return Files.readString(group.resolve(file));
        } catch (IOException _) {
            return "";
        }
    }
}

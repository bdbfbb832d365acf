package dev.kumite.supervisor;

import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.MemorySize;

/** What a container uses, as {@code events --stats} prints it. Source: runc, types/events.go. */
final class StatsJson {

    private StatsJson() {}

    /** {@return one line of JSON} */
    static String of(String id, ContainerStats stats) {
        return ("{\"type\":\"stats\",\"id\":\"%s\",\"data\":{"
                        + "\"cpu\":{\"usage\":{\"total\":%d,\"kernel\":%d,\"user\":%d},"
                        + "\"throttling\":{\"throttledPeriods\":%d,\"throttledTime\":%d}},"
                        + "\"memory\":{\"usage\":{\"usage\":%d,\"max\":%d,\"limit\":%d}},"
                        + "\"pids\":{\"current\":%d,\"limit\":%d}}}")
                .formatted(
                        id,
                        stats.cpu().total().toNanos(),
                        stats.cpu().system().toNanos(),
                        stats.cpu().user().toNanos(),
                        stats.cpu().throttledPeriods(),
                        stats.cpu().throttled().toNanos(),
                        stats.memory().usage().bytes(),
                        stats.memory().peak().bytes(),
                        stats.memory().limit().map(MemorySize::bytes).orElse(0L),
                        stats.pids().current(),
                        stats.pids().limit());
    }
}

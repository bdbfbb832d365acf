package dev.kumite.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container uses, as the guest's cgroups count it.
 *
 * @param cpu processor time
 * @param memory memory
 * @param pids processes
 * @param networks interfaces that the container sees; empty if it has none
 */
public record ContainerStats(Cpu cpu, Memory memory, Pids pids, List<Network> networks) {

    public ContainerStats {
        networks = List.copyOf(networks);
    }

    /**
     * Processor time.
     *
     * @param total all of it
     * @param user in programs
     * @param system in the guest's kernel
     * @param throttledPeriods how many periods the quota was used up in
     * @param throttled how long the container was held back for that
     */
    public record Cpu(
            Duration total,
            Duration user,
            Duration system,
            long throttledPeriods,
            Duration throttled) {}

    /**
     * Memory.
     *
     * @param usage in use now
     * @param peak most that was in use; 0 if the guest does not say
     * @param limit the limit; nothing if there is none
     * @param details counters of the guest's kernel by name
     */
    public record Memory(
            MemorySize usage,
            MemorySize peak,
            Optional<MemorySize> limit,
            Map<String, Long> details) {
        public Memory {
            details = Map.copyOf(details);
        }
    }

    /**
     * Processes.
     *
     * @param current how many there are
     * @param limit how many there may be; 0 for no limit
     */
    public record Pids(long current, long limit) {}

    /**
     * An interface.
     *
     * @param name such as {@code eth0}
     * @param receivedBytes bytes received
     * @param receivedPackets packets received
     * @param sentBytes bytes sent
     * @param sentPackets packets sent
     */
    public record Network(
            String name,
            long receivedBytes,
            long receivedPackets,
            long sentBytes,
            long sentPackets) {}
}

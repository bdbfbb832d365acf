package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.NetworkStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Counts of the guest's network interfaces. Source: the kernel's sysfs-class-net-statistics. */
final class InterfaceStatistics {

    private final Path interfaces;

    InterfaceStatistics(Path interfaces) {
        this.interfaces = interfaces;
    }

    /** {@return one entry for each interface, by name} */
    List<NetworkStats> read() {
        List<NetworkStats> stats = new ArrayList<>();
        String[] names = interfaces.toFile().list();
        if (names == null) {
            return stats;
        }
        Arrays.sort(names);
        for (String name : names) {
            Path counts = interfaces.resolve(name).resolve("statistics");
            stats.add(
                    NetworkStats.newBuilder()
                            .setName(name)
                            .setRxBytes(count(counts, "rx_bytes"))
                            .setRxPackets(count(counts, "rx_packets"))
                            .setRxErrors(count(counts, "rx_errors"))
                            .setRxDropped(count(counts, "rx_dropped"))
                            .setTxBytes(count(counts, "tx_bytes"))
                            .setTxPackets(count(counts, "tx_packets"))
                            .setTxErrors(count(counts, "tx_errors"))
                            .setTxDropped(count(counts, "tx_dropped"))
                            .build());
        }
        return stats;
    }

    private static long count(Path counts, String name) {
        try {
            return Keyed.number(Files.readString(counts.resolve(name)).strip());
        } catch (IOException _) {
            return 0;
        }
    }
}

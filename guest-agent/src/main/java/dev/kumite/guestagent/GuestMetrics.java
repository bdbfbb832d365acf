package dev.kumite.guestagent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the guest and the agent use, as Prometheus reads it.
 *
 * <p>Source: Prometheus' text exposition format 0.0.4; names are those of Kata's agent where it has
 * the same.
 */
final class GuestMetrics {

    /** The kernel's names, each followed by Kata's. */
    private static final String[] MEMORY = {
        "MemTotal", "mem_total",
        "MemFree", "mem_free",
        "MemAvailable", "mem_available",
        "Buffers", "buffers",
        "Cached", "cached",
        "SwapTotal", "swap_total",
        "SwapFree", "swap_free",
        "Shmem", "shmem"
    };

    private final Path proc;

    GuestMetrics(Path proc) {
        this.proc = proc;
    }

    String text(int containers) {
        StringBuilder out = new StringBuilder(2048);
        String memory = read("meminfo");
        for (int i = 0; i < MEMORY.length; i += 2) {
            gauge(
                    out,
                    "kata_guest_meminfo{item=\"" + MEMORY[i + 1] + "\"}",
                    Keyed.colonValue(memory, MEMORY[i]) << 10);
        }
        String status = read("self/status");
        gauge(out, "kata_agent_total_rss", Keyed.colonValue(status, "VmRSS") << 10);
        gauge(out, "kata_agent_total_vm", Keyed.colonValue(status, "VmSize") << 10);
        gauge(out, "kata_agent_threads", Keyed.colonValue(status, "Threads"));
        gauge(out, "kumite_agent_containers", containers);
        load(out, read("loadavg"));
        return out.toString();
    }

    private static void load(StringBuilder out, String text) {
        String[] names = {"load1", "load5", "load15"};
        int at = 0;
        for (String name : names) {
            int end = text.indexOf(' ', at);
            if (end < 0) {
                return;
            }
            out.append("kata_guest_load{item=\"")
                    .append(name)
                    .append("\"} ")
                    .append(text, at, end)
                    .append('\n');
            at = end + 1;
        }
    }

    private static void gauge(StringBuilder out, String name, long value) {
        out.append(name).append(' ').append(value).append('\n');
    }

    private String read(String name) {
        try {
            return Files.readString(proc.resolve(name));
        } catch (IOException _) {
            return "";
        }
    }
}

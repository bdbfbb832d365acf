package dev.kumite.engine;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Settings;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import dev.kumite.vmm.MemInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The host's memory, in MiB, as far as machines are concerned.
 *
 * <p>Source: proc_meminfo(5).
 *
 * @param total memory and swap
 * @param available what can be had without swapping
 * @param hugePages what is free as huge pages
 */
record HostMemory(long total, long available, long hugePages) {

    /** {@return what the host has now; if it does not say, as much as anybody wants} */
    static HostMemory read() {
        try {
            return of(Files.readAllLines(Path.of("/proc/meminfo")));
        } catch (IOException _) {
            return new HostMemory(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
        }
    }

    /** {@return what the lines of {@code /proc/meminfo} say} */
    static HostMemory of(List<String> meminfo) {
        long pages = MemInfo.number(meminfo, "HugePages_Free:", 0);
        return new HostMemory(
                MemInfo.number(meminfo, "MemTotal:", Long.MAX_VALUE) / 1024
                        + MemInfo.number(meminfo, "SwapTotal:", 0) / 1024,
                MemInfo.number(meminfo, "MemAvailable:", Long.MAX_VALUE) / 1024,
                pages * MemInfo.number(meminfo, "Hugepagesize:", 0) / 1024);
    }

    /**
     * {@return why the host cannot give a machine its memory} One that wants more than there is
     * would start, and be killed by the kernel, or have something else killed, when it uses it.
     *
     * @param machine the machine's settings
     */
    Optional<Problem> shortage(Settings<HypervisorConfig> machine) {
        long wanted = machine.get(HypervisorConfig.MEMORY_SIZE);
        if (machine.get(HypervisorConfig.HUGE_PAGES)) {
            return wanted <= hugePages
                    ? Optional.empty()
                    : problem(
                            wanted,
                            "the host has " + hugePages + " MiB of free huge pages",
                            "enable_hugepages takes all of a machine's memory from them",
                            "reserve more (/proc/sys/vm/nr_hugepages), lower default_memory, or set enable_hugepages = false");
        }
        if (wanted > total) {
            return problem(
                    wanted,
                    "the host has " + total + " MiB",
                    "what the machine uses beyond that would get it killed",
                    "lower default_memory in configuration.toml, or the container's memory limit");
        }
        if (machine.get(HypervisorConfig.MEM_PREALLOC) && wanted > available) {
            return problem(
                    wanted,
                    "the host has " + available + " MiB available",
                    "enable_mem_prealloc takes all of it at once",
                    "end other programs, lower default_memory, or set enable_mem_prealloc = false");
        }
        return Optional.empty();
    }

    private static Optional<Problem> problem(long wanted, String has, String why, String fix) {
        return Optional.of(
                Problem.error(
                        new Location.Argument("default_memory"),
                        "the machine is to have " + wanted + " MiB of memory, and " + has,
                        why,
                        fix));
    }
}

package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.Settings;
import dev.kumite.config.SystemHost;
import dev.kumite.oci.Problem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostMemoryTest {

    private static final Origin TEST = new Origin.Argument("test");

    private static final HostMemory HOST =
            HostMemory.of(
                    List.of(
                            "MemTotal:        4096000 kB",
                            "MemFree:          100000 kB",
                            "MemAvailable:    1024000 kB",
                            "SwapTotal:       1024000 kB",
                            "HugePages_Free:      100",
                            "Hugepagesize:       2048 kB"));

    private static Settings.Builder<HypervisorConfig> machine(long memoryMib) {
        return BootFiles.builtIn(SystemHost.open()).hypervisorConfig().toBuilder()
                .set(HypervisorConfig.MEMORY_SIZE, memoryMib, TEST);
    }

    private static String what(Settings.Builder<HypervisorConfig> machine) {
        return HOST.shortage(machine.build()).map(Problem::what).orElse("");
    }

    @Test
    void lendsMoreThanIsFreeButNotMoreThanThereIs() {
        assertThat(HOST).isEqualTo(new HostMemory(5000, 1000, 200));
        assertThat(what(machine(5000))).isEmpty();
        assertThat(what(machine(5001)))
                .isEqualTo("the machine is to have 5001 MiB of memory, and the host has 5000 MiB");
    }

    @Test
    void givesAtOnceOnlyWhatIsAvailable() {
        assertThat(what(machine(1000).set(HypervisorConfig.MEM_PREALLOC, true, TEST))).isEmpty();
        assertThat(what(machine(1001).set(HypervisorConfig.MEM_PREALLOC, true, TEST)))
                .endsWith("the host has 1000 MiB available");
    }

    @Test
    void givesHugePagesThatAreFree() {
        assertThat(what(machine(200).set(HypervisorConfig.HUGE_PAGES, true, TEST))).isEmpty();
        assertThat(what(machine(256).set(HypervisorConfig.HUGE_PAGES, true, TEST)))
                .endsWith("the host has 200 MiB of free huge pages");
    }

    @Test
    void refusesNothingWhereTheHostDoesNotSayWhatItHas() {
        assertThat(HostMemory.of(List.of()).shortage(machine(1 << 30).build()))
                .isEqualTo(Optional.empty());
        assertThat(HostMemory.read().total()).isPositive();
    }
}

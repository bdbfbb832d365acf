package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Plan;
import dev.kumite.config.SandboxConfig;
import dev.kumite.config.Settings;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Uint64;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineSizeTest {

    private static final MachineSize BASE = new MachineSize(1, 2048);

    private static Resources limits(double cpus, long mib) {
        return Workload.builder()
                .rootfs(Path.of("/r"))
                .command("x")
                .cpus(cpus)
                .memory(MemorySize.ofMib(mib))
                .build()
                .spec()
                .linux()
                .orElseThrow()
                .resources()
                .orElseThrow();
    }

    private static Resources shares(long shares, long quota) {
        return new Resources(
                List.of(),
                Optional.empty(),
                Optional.of(
                        new Resources.Cpu(
                                Optional.of(Uint64.of(shares)),
                                Optional.of(quota),
                                Optional.empty(),
                                Optional.of(Uint64.of(100_000)),
                                Optional.empty(),
                                Optional.empty(),
                                "",
                                "",
                                Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    @Test
    void addsQuotasUpBeforeTheyAreRounded() {
        MachineSize size = BASE.with(List.of(limits(0.5, 100), limits(0.5, 28)));

        assertThat(size).isEqualTo(new MachineSize(2, 2176));
    }

    @Test
    void keepsTheSizeForContainersWithoutLimits() {
        assertThat(BASE.with(List.of(Resources.empty()))).isEqualTo(BASE);
    }

    @Test
    void countsSharesOnlyWithoutAQuotaAndOnlyAboveTheDefault() {
        assertThat(BASE.with(List.of(shares(3 * 1024, -1))).vcpus()).isEqualTo(3);
        assertThat(BASE.with(List.of(shares(512, -1))).vcpus()).isEqualTo(1);
        assertThat(BASE.with(List.of(shares(3 * 1024, 100_000))).vcpus()).isEqualTo(2);
    }

    @Test
    void staysWithinWhatThereIs() {
        assertThat(new MachineSize(8, 9000).atMost(4, 4096)).isEqualTo(new MachineSize(4, 4096));
        assertThat(new MachineSize(8, 9000).atMost(0, 10000)).isEqualTo(new MachineSize(8, 9000));
    }

    @Test
    void bootsWithRoomForTheFirstContainer() {
        Engine engine = Engine.builder().root(Path.of("/run/x")).build();
        ContainerRequest request =
                Workload.builder()
                        .id("c")
                        .rootfs(Path.of("/r"))
                        .command("x")
                        .memory(MemorySize.ofMib(100))
                        .build();
        SandboxConfig config =
                ((Plan.NewSandbox) engine.plan(request).value().orElseThrow()).sandbox();

        Settings<HypervisorConfig> settings =
                MachineSize.withRoomFor(
                        config.containers().getFirst().resources(), config, 1 << 20);

        assertThat(settings.get(HypervisorConfig.MEMORY_SIZE)).isEqualTo(2148);
        assertThat(settings.origin(HypervisorConfig.MEMORY_SIZE).describe())
                .startsWith("room for the first container");
    }
}

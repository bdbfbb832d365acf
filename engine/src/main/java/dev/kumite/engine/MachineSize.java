package dev.kumite.engine;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.SandboxConfig;
import dev.kumite.config.SandboxFields;
import dev.kumite.config.SandboxResources;
import dev.kumite.config.Settings;
import dev.kumite.oci.Resources;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How large a machine is to be for the containers in it.
 *
 * <p>Source: Kata Containers, Go runtime, {@code Sandbox.calculateSandboxCPUs} and {@code
 * calculateSandboxMemory}.
 *
 * @param vcpus virtual CPUs, from 1
 * @param memoryMib memory
 */
record MachineSize(long vcpus, long memoryMib) {

    private static final long MILLI = 1000;

    /** CPU shares that stand for one CPU. Source: Docker, {@code --cpu-shares}. */
    private static final long SHARES_PER_CPU = 1024;

    /** {@return the size that the plan says, without any container's share} */
    static MachineSize base(SandboxConfig sandbox) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        return new MachineSize(
                Math.max(1, vm.get(HypervisorConfig.NUM_VCPUS)),
                vm.get(HypervisorConfig.MEMORY_SIZE));
    }

    /**
     * {@return the size with what the containers ask for on top}
     *
     * <p>Time quotas are added up before they are rounded up.
     */
    MachineSize with(Collection<Resources> containers) {
        long milliCpus = 0;
        long sharesCpus = 0;
        long memory = 0;
        for (Resources limits : containers) {
            long quota = limits.cpu().flatMap(MachineSize::milliCpus).orElse(0L);
            milliCpus = Math.addExact(milliCpus, quota);
            if (quota == 0) {
                sharesCpus =
                        Math.max(sharesCpus, limits.cpu().map(MachineSize::byShares).orElse(0L));
            }
            memory +=
                    limits.memory()
                            .flatMap(Resources.Memory::limit)
                            .map(MachineSize::mib)
                            .orElse(0L);
        }
        long added = (milliCpus + MILLI - 1) / MILLI;
        return new MachineSize(
                Math.max(vcpus + added, sharesCpus), Math.addExact(memoryMib, memory));
    }

    private static Optional<Long> milliCpus(Resources.Cpu cpu) {
        long quota = cpu.quota().orElse(0L);
        long period = cpu.period().map(value -> value.bits()).orElse(0L);
        return quota > 0 && period > 0 && quota < Long.MAX_VALUE / MILLI
                ? Optional.of(quota * MILLI / period)
                : Optional.empty();
    }

    /**
     * CPUs for a share without a quota: what a static CPU manager sets.
     *
     * <p>Differs from kata: only later versions do so.
     */
    private static long byShares(Resources.Cpu cpu) {
        boolean unlimited = cpu.quota().orElse(0L) == -1;
        long shares = cpu.shares().map(value -> value.bits()).orElse(0L);
        return unlimited && shares > 0 ? (shares + SHARES_PER_CPU - 1) / SHARES_PER_CPU : 0;
    }

    private static long mib(long bytes) {
        return bytes <= 0 ? 0 : bytes >> 20;
    }

    /** {@return the size within what the machine and the host can have} */
    MachineSize atMost(long maxVcpus, long maxMemoryMib) {
        return new MachineSize(
                maxVcpus > 0 ? Math.min(vcpus, Math.max(1, maxVcpus)) : vcpus,
                Math.min(memoryMib, maxMemoryMib));
    }

    /**
     * {@return the plan's settings of the machine with room for its first container}
     *
     * <p>Under static sizing the plan holds it already. Otherwise Kata boots the machine without it
     * and plugs it in at once; booting with it gives the same machine sooner.
     */
    static Settings<HypervisorConfig> withRoomFor(
            Resources first, SandboxConfig sandbox, long hostMemoryMib) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        if (sandbox.settings().get(SandboxFields.STATIC_RESOURCE_MGMT)) {
            return vm;
        }
        MachineSize base = base(sandbox);
        MachineSize size =
                base.with(List.of(first))
                        .atMost(
                                Math.max(base.vcpus(), vm.get(HypervisorConfig.DEFAULT_MAX_VCPUS)),
                                Math.max(base.memoryMib(), hostMemoryMib));
        Origin origin =
                new Origin.Rule(
                        "room for the first container",
                        List.of(
                                sandbox.sandboxResources()
                                        .origin(SandboxResources.WORKLOAD_MEM_MB)));
        return vm.toBuilder()
                .set(HypervisorConfig.NUM_VCPUS, size.vcpus(), origin)
                .set(HypervisorConfig.MEMORY_SIZE, size.memoryMib(), origin)
                .build();
    }
}

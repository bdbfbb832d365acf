package dev.kumite.engine;

import dev.kumite.oci.Resources;
import java.util.Optional;

/** Limits that change. */
final class Limits {

    private Limits() {}

    /** {@return the limits with the new ones in place of those that they name} */
    static Resources merge(Resources old, Resources changed) {
        return new Resources(
                old.devices(),
                memory(old.memory(), changed.memory()),
                cpu(old.cpu(), changed.cpu()),
                changed.pids().isPresent() ? changed.pids() : old.pids(),
                old.blockIO(),
                old.hugepageLimits(),
                old.network(),
                old.rdma(),
                old.unified());
    }

    private static Optional<Resources.Memory> memory(
            Optional<Resources.Memory> old, Optional<Resources.Memory> changed) {
        if (old.isEmpty() || changed.isEmpty()) {
            return changed.isPresent() ? changed : old;
        }
        Resources.Memory a = old.get();
        Resources.Memory b = changed.get();
        return Optional.of(
                new Resources.Memory(
                        b.limit().or(a::limit),
                        b.reservation().or(a::reservation),
                        b.swap().or(a::swap),
                        b.kernel().or(a::kernel),
                        b.kernelTCP().or(a::kernelTCP),
                        b.swappiness().or(a::swappiness),
                        b.disableOOMKiller().or(a::disableOOMKiller),
                        b.useHierarchy().or(a::useHierarchy),
                        b.checkBeforeUpdate().or(a::checkBeforeUpdate)));
    }

    private static Optional<Resources.Cpu> cpu(
            Optional<Resources.Cpu> old, Optional<Resources.Cpu> changed) {
        if (old.isEmpty() || changed.isEmpty()) {
            return changed.isPresent() ? changed : old;
        }
        Resources.Cpu a = old.get();
        Resources.Cpu b = changed.get();
        return Optional.of(
                new Resources.Cpu(
                        b.shares().or(a::shares),
                        b.quota().or(a::quota),
                        b.burst().or(a::burst),
                        b.period().or(a::period),
                        b.realtimeRuntime().or(a::realtimeRuntime),
                        b.realtimePeriod().or(a::realtimePeriod),
                        b.cpus().isEmpty() ? a.cpus() : b.cpus(),
                        b.mems().isEmpty() ? a.mems() : b.mems(),
                        b.idle().or(a::idle)));
    }
}

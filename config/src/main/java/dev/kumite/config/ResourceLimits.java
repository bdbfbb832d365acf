package dev.kumite.config;

import dev.kumite.oci.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The limits that a container asks for, one by one, in the words of the specification. */
final class ResourceLimits {

    private ResourceLimits() {}

    /**
     * One limit.
     *
     * @param member its place below {@code /linux/resources}, such as {@code cpu/quota}
     * @param value a number, a text or a list of texts
     */
    record Limit(String member, Object value) {}

    static List<Limit> of(Resources resources) {
        List<Limit> limits = new ArrayList<>();
        resources.cpu().ifPresent(cpu -> cpu(cpu, limits));
        resources.memory().ifPresent(memory -> memory(memory, limits));
        resources.pids().ifPresent(pids -> add(limits, "pids/limit", Optional.of(pids.limit())));
        resources.blockIO().ifPresent(blockIo -> blockIo(blockIo, limits));
        for (int i = 0; i < resources.hugepageLimits().size(); i++) {
            Resources.HugepageLimit limit = resources.hugepageLimits().get(i);
            limits.add(new Limit("hugepageLimits/" + i, limit.pageSize() + " " + limit.limit()));
        }
        resources
                .network()
                .ifPresent(network -> {
                    add(limits, "network/classID", network.classID());
                    for (Resources.InterfacePriority priority : network.priorities()) {
                        limits.add(
                                new Limit(
                                        "network/priorities/" + priority.name(),
                                        priority.priority()));
                    }
                });
        resources
                .rdma()
                .forEach(
                        (device, rdma) -> limits.add(new Limit("rdma/" + device, rdma.toString())));
        resources
                .unified()
                .forEach((file, value) -> limits.add(new Limit("unified/" + file, value)));
        List<String> devices = resources.devices().stream().map(ResourceLimits::rule).toList();
        if (!devices.isEmpty()) {
            limits.add(new Limit("devices", devices));
        }
        return limits;
    }

    private static void cpu(Resources.Cpu cpu, List<Limit> limits) {
        add(limits, "cpu/shares", cpu.shares());
        add(limits, "cpu/quota", cpu.quota());
        add(limits, "cpu/period", cpu.period());
        add(limits, "cpu/burst", cpu.burst());
        add(limits, "cpu/realtimeRuntime", cpu.realtimeRuntime());
        add(limits, "cpu/realtimePeriod", cpu.realtimePeriod());
        add(limits, "cpu/cpus", Optional.of(cpu.cpus()).filter(cpus -> !cpus.isEmpty()));
        add(limits, "cpu/mems", Optional.of(cpu.mems()).filter(mems -> !mems.isEmpty()));
        add(limits, "cpu/idle", cpu.idle());
    }

    private static void memory(Resources.Memory memory, List<Limit> limits) {
        add(limits, "memory/limit", memory.limit());
        add(limits, "memory/reservation", memory.reservation());
        add(limits, "memory/swap", memory.swap());
        add(limits, "memory/kernel", memory.kernel());
        add(limits, "memory/kernelTCP", memory.kernelTCP());
        add(limits, "memory/swappiness", memory.swappiness());
        add(limits, "memory/disableOOMKiller", memory.disableOOMKiller());
        add(limits, "memory/useHierarchy", memory.useHierarchy());
        add(limits, "memory/checkBeforeUpdate", memory.checkBeforeUpdate());
    }

    private static void blockIo(Resources.BlockIo blockIo, List<Limit> limits) {
        add(limits, "blockIO/weight", blockIo.weight());
        add(limits, "blockIO/leafWeight", blockIo.leafWeight());
        for (Resources.WeightDevice device : blockIo.weightDevice()) {
            String at = "blockIO/weightDevice/" + device.major() + ":" + device.minor();
            add(limits, at + "/weight", device.weight());
            add(limits, at + "/leafWeight", device.leafWeight());
        }
        throttle("throttleReadBpsDevice", blockIo.throttleReadBpsDevice(), limits);
        throttle("throttleWriteBpsDevice", blockIo.throttleWriteBpsDevice(), limits);
        throttle("throttleReadIOPSDevice", blockIo.throttleReadIOPSDevice(), limits);
        throttle("throttleWriteIOPSDevice", blockIo.throttleWriteIOPSDevice(), limits);
    }

    private static void throttle(
            String member, List<Resources.ThrottleDevice> devices, List<Limit> limits) {
        for (Resources.ThrottleDevice device : devices) {
            limits.add(
                    new Limit(
                            "blockIO/" + member + "/" + device.major() + ":" + device.minor(),
                            device.rate()));
        }
    }

    private static String rule(Resources.DeviceRule rule) {
        String numbers =
                rule.major().isEmpty() && rule.minor().isEmpty()
                        ? ""
                        : " " + number(rule.major()) + ":" + number(rule.minor());
        String type = rule.type().isEmpty() ? "a" : rule.type();
        return (rule.allow() ? "allow " : "deny ") + type + numbers + " " + rule.access();
    }

    private static String number(Optional<Long> number) {
        return number.map(Object::toString).orElse("*");
    }

    private static void add(List<Limit> limits, String member, Optional<?> value) {
        value.ifPresent(present -> limits.add(new Limit(member, present)));
    }
}

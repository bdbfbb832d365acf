package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.LinuxBlockIO;
import dev.kumite.agentprotocol.messages.LinuxCPU;
import dev.kumite.agentprotocol.messages.LinuxDeviceCgroup;
import dev.kumite.agentprotocol.messages.LinuxHugepageLimit;
import dev.kumite.agentprotocol.messages.LinuxMemory;
import dev.kumite.agentprotocol.messages.LinuxResources;
import dev.kumite.agentprotocol.messages.LinuxThrottleDevice;
import dev.kumite.agentprotocol.messages.LinuxWeightDevice;
import java.util.List;

/**
 * Writes {@code linux.resources}. What cgroup v2 does not have is left out: kernel and TCP memory,
 * real-time budgets, network classes; {@code crun} would refuse some of them.
 *
 * <p>Source: runtime-spec config-linux.md, Control groups; crun(1), "cgroup v2".
 */
final class ResourcesJson {

    private ResourcesJson() {}

    /** {@return the file that {@code crun update --resources} takes} */
    static String document(LinuxResources resources) {
        Json out = new Json().begin();
        resources(out, resources);
        return out.end().toString();
    }

    static void resources(Json out, LinuxResources resources) {
        devices(out, resources.getDevicesList());
        if (resources.hasMemory()) {
            LinuxMemory memory = resources.getMemory();
            out.begin("memory")
                    .number("limit", memory.getLimit())
                    .number("reservation", memory.getReservation())
                    .number("swap", memory.getSwap())
                    .bool("disableOOMKiller", memory.getDisableOOMKiller())
                    .end();
        }
        if (resources.hasCPU()) {
            LinuxCPU cpu = resources.getCPU();
            out.begin("cpu")
                    .unsigned("shares", cpu.getShares())
                    .number("quota", cpu.getQuota())
                    .unsigned("period", cpu.getPeriod())
                    .string("cpus", cpu.getCpus())
                    .string("mems", cpu.getMems())
                    .end();
        }
        if (resources.hasPids() && resources.getPids().getLimit() != 0) {
            out.begin("pids").numberAlways("limit", resources.getPids().getLimit()).end();
        }
        if (resources.hasBlockIO()) {
            blockIo(out, resources.getBlockIO());
        }
        hugepages(out, resources.getHugepageLimitsList());
    }

    private static void devices(Json out, List<LinuxDeviceCgroup> rules) {
        if (rules.isEmpty()) {
            return;
        }
        out.beginList("devices");
        for (LinuxDeviceCgroup rule : rules) {
            boolean all = rule.getType().isEmpty() || rule.getType().equals("a");
            // No device has the major number 0, so that 0 can only be an absent one; -1 is "any".
            boolean anyMajor = rule.getMajor() <= 0;
            out.begin().boolAlways("allow", rule.getAllow()).string("type", rule.getType());
            if (!all && !anyMajor) {
                out.numberAlways("major", rule.getMajor());
                if (rule.getMinor() >= 0) {
                    out.numberAlways("minor", rule.getMinor());
                }
            }
            out.string("access", rule.getAccess()).end();
        }
        out.endList();
    }

    private static void blockIo(Json out, LinuxBlockIO blockIo) {
        out.begin("blockIO")
                .number("weight", blockIo.getWeight())
                .number("leafWeight", blockIo.getLeafWeight());
        if (!blockIo.getWeightDeviceList().isEmpty()) {
            out.beginList("weightDevice");
            for (LinuxWeightDevice device : blockIo.getWeightDeviceList()) {
                out.begin()
                        .numberAlways("major", device.getMajor())
                        .numberAlways("minor", device.getMinor())
                        .number("weight", device.getWeight())
                        .number("leafWeight", device.getLeafWeight())
                        .end();
            }
            out.endList();
        }
        throttles(out, "throttleReadBpsDevice", blockIo.getThrottleReadBpsDeviceList());
        throttles(out, "throttleWriteBpsDevice", blockIo.getThrottleWriteBpsDeviceList());
        throttles(out, "throttleReadIOPSDevice", blockIo.getThrottleReadIOPSDeviceList());
        throttles(out, "throttleWriteIOPSDevice", blockIo.getThrottleWriteIOPSDeviceList());
        out.end();
    }

    private static void throttles(Json out, String name, List<LinuxThrottleDevice> devices) {
        if (devices.isEmpty()) {
            return;
        }
        out.beginList(name);
        for (LinuxThrottleDevice device : devices) {
            out.begin()
                    .numberAlways("major", device.getMajor())
                    .numberAlways("minor", device.getMinor())
                    .unsignedAlways("rate", device.getRate())
                    .end();
        }
        out.endList();
    }

    private static void hugepages(Json out, List<LinuxHugepageLimit> limits) {
        if (limits.isEmpty()) {
            return;
        }
        out.beginList("hugepageLimits");
        for (LinuxHugepageLimit limit : limits) {
            out.begin()
                    .stringAlways("pageSize", limit.getPagesize())
                    .unsignedAlways("limit", limit.getLimit())
                    .end();
        }
        out.endList();
    }
}

package dev.kumite.oci;

import dev.kumite.oci.Resources.BlockIo;
import dev.kumite.oci.Resources.Cpu;
import dev.kumite.oci.Resources.DeviceRule;
import dev.kumite.oci.Resources.HugepageLimit;
import dev.kumite.oci.Resources.InterfacePriority;
import dev.kumite.oci.Resources.Memory;
import dev.kumite.oci.Resources.Network;
import dev.kumite.oci.Resources.Pids;
import dev.kumite.oci.Resources.Rdma;
import dev.kumite.oci.Resources.ThrottleDevice;
import dev.kumite.oci.Resources.WeightDevice;
import java.util.List;
import java.util.Optional;

/** Writes {@code linux.resources}. Source: runtime-spec config-linux.md, Control groups. */
final class ResourcesWriter {

    private static final Memory NO_MEMORY =
            new Memory(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private static final Cpu NO_CPU =
            new Cpu(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    "",
                    Optional.empty());

    private static final BlockIo NO_BLOCK_IO =
            new BlockIo(
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of());

    private static final Network NO_NETWORK = new Network(Optional.empty(), List.of());

    private ResourcesWriter() {}

    static void resources(JsonOutput out, Resources resources) {
        out.objects("devices", resources.devices(), ResourcesWriter::deviceRule);
        out.object("memory", resources.memory(), ResourcesWriter::memory);
        out.object("cpu", resources.cpu(), ResourcesWriter::cpu);
        out.object("pids", resources.pids(), ResourcesWriter::pids);
        out.object("blockIO", resources.blockIO(), ResourcesWriter::blockIo);
        out.objects("hugepageLimits", resources.hugepageLimits(), ResourcesWriter::hugepageLimit);
        out.object("network", resources.network(), ResourcesWriter::network);
        out.objectMap("rdma", resources.rdma(), ResourcesWriter::rdma);
        out.stringMap("unified", resources.unified());
    }

    /** {@return the resources as kata's data types know them, without objects that hold nothing} */
    static Resources asKataKnows(Resources resources) {
        return new Resources(
                resources.devices(),
                resources
                        .memory()
                        .map(ResourcesWriter::asKataKnows)
                        .filter(memory -> !memory.equals(NO_MEMORY)),
                resources
                        .cpu()
                        .map(ResourcesWriter::asKataKnows)
                        .filter(cpu -> !cpu.equals(NO_CPU)),
                resources.pids(),
                resources.blockIO().filter(blockIo -> !blockIo.equals(NO_BLOCK_IO)),
                resources.hugepageLimits(),
                resources.network().filter(network -> !network.equals(NO_NETWORK)),
                resources.rdma(),
                resources.unified());
    }

    private static Memory asKataKnows(Memory memory) {
        return new Memory(
                memory.limit(),
                memory.reservation(),
                memory.swap(),
                memory.kernel(),
                memory.kernelTCP(),
                memory.swappiness(),
                memory.disableOOMKiller(),
                memory.useHierarchy(),
                Optional.empty());
    }

    private static Cpu asKataKnows(Cpu cpu) {
        return new Cpu(
                cpu.shares(),
                cpu.quota(),
                Optional.empty(),
                cpu.period(),
                cpu.realtimeRuntime(),
                cpu.realtimePeriod(),
                cpu.cpus(),
                cpu.mems(),
                Optional.empty());
    }

    private static void deviceRule(JsonOutput out, DeviceRule rule) {
        out.boolAlways("allow", rule.allow());
        out.string("type", rule.type());
        out.integer("major", rule.major());
        out.integer("minor", rule.minor());
        out.string("access", rule.access());
    }

    private static void memory(JsonOutput out, Memory memory) {
        out.integer("limit", memory.limit());
        out.integer("reservation", memory.reservation());
        out.integer("swap", memory.swap());
        out.integer("kernel", memory.kernel());
        out.integer("kernelTCP", memory.kernelTCP());
        out.uint64("swappiness", memory.swappiness());
        out.bool("disableOOMKiller", memory.disableOOMKiller());
        out.bool("useHierarchy", memory.useHierarchy());
        out.bool("checkBeforeUpdate", memory.checkBeforeUpdate());
    }

    private static void cpu(JsonOutput out, Cpu cpu) {
        out.uint64("shares", cpu.shares());
        out.integer("quota", cpu.quota());
        out.uint64("burst", cpu.burst());
        out.uint64("period", cpu.period());
        out.integer("realtimeRuntime", cpu.realtimeRuntime());
        out.uint64("realtimePeriod", cpu.realtimePeriod());
        out.string("cpus", cpu.cpus());
        out.string("mems", cpu.mems());
        out.integer("idle", cpu.idle());
    }

    private static void pids(JsonOutput out, Pids pids) {
        out.integerAlways("limit", pids.limit());
    }

    private static void blockIo(JsonOutput out, BlockIo blockIo) {
        out.integer("weight", blockIo.weight());
        out.integer("leafWeight", blockIo.leafWeight());
        out.objects("weightDevice", blockIo.weightDevice(), ResourcesWriter::weightDevice);
        throttle(out, "throttleReadBpsDevice", blockIo.throttleReadBpsDevice());
        throttle(out, "throttleWriteBpsDevice", blockIo.throttleWriteBpsDevice());
        throttle(out, "throttleReadIOPSDevice", blockIo.throttleReadIOPSDevice());
        throttle(out, "throttleWriteIOPSDevice", blockIo.throttleWriteIOPSDevice());
    }

    private static void weightDevice(JsonOutput out, WeightDevice device) {
        out.integerAlways("major", device.major());
        out.integerAlways("minor", device.minor());
        out.integer("weight", device.weight());
        out.integer("leafWeight", device.leafWeight());
    }

    private static void throttle(JsonOutput out, String name, List<ThrottleDevice> devices) {
        out.objects(name, devices, ResourcesWriter::throttleDevice);
    }

    private static void throttleDevice(JsonOutput out, ThrottleDevice device) {
        out.integerAlways("major", device.major());
        out.integerAlways("minor", device.minor());
        out.uint64Always("rate", device.rate());
    }

    private static void hugepageLimit(JsonOutput out, HugepageLimit limit) {
        out.stringAlways("pageSize", limit.pageSize());
        out.uint64Always("limit", limit.limit());
    }

    private static void network(JsonOutput out, Network network) {
        out.integer("classID", network.classID());
        out.objects("priorities", network.priorities(), ResourcesWriter::interfacePriority);
    }

    private static void interfacePriority(JsonOutput out, InterfacePriority priority) {
        out.stringAlways("name", priority.name());
        out.integerAlways("priority", priority.priority());
    }

    private static void rdma(JsonOutput out, Rdma rdma) {
        out.integer("hcaHandles", rdma.hcaHandles());
        out.integer("hcaObjects", rdma.hcaObjects());
    }
}

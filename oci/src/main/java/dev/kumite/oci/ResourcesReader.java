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
import java.util.Map;
import java.util.Optional;

/** Reads {@code linux.resources}. Source: runtime-spec config-linux.md, Control groups. */
final class ResourcesReader {

    private static final Names RESOURCES =
            Names.of(
                    "devices",
                    "memory",
                    "cpu",
                    "pids",
                    "blockIO",
                    "hugepageLimits",
                    "network",
                    "rdma",
                    "unified");
    private static final Names DEVICE_RULE = Names.of("allow", "type", "major", "minor", "access");
    private static final Names MEMORY =
            Names.of(
                    "limit",
                    "reservation",
                    "swap",
                    "kernel",
                    "kernelTCP",
                    "swappiness",
                    "disableOOMKiller",
                    "useHierarchy",
                    "checkBeforeUpdate");
    private static final Names CPU =
            Names.of(
                    "shares",
                    "quota",
                    "burst",
                    "period",
                    "realtimeRuntime",
                    "realtimePeriod",
                    "cpus",
                    "mems",
                    "idle");
    private static final Names PIDS = Names.of("limit");
    private static final Names BLOCK_IO =
            Names.of(
                    "weight",
                    "leafWeight",
                    "weightDevice",
                    "throttleReadBpsDevice",
                    "throttleWriteBpsDevice",
                    "throttleReadIOPSDevice",
                    "throttleWriteIOPSDevice");
    private static final Names WEIGHT_DEVICE = Names.of("major", "minor", "weight", "leafWeight");
    private static final Names THROTTLE_DEVICE = Names.of("major", "minor", "rate");
    private static final Names HUGEPAGE_LIMIT = Names.of("pageSize", "limit");
    private static final Names NETWORK = Names.of("classID", "priorities");
    private static final Names INTERFACE_PRIORITY = Names.of("name", "priority");
    private static final Names RDMA = Names.of("hcaHandles", "hcaObjects");

    private ResourcesReader() {}

    static Resources resources(JsonInput in) {
        List<DeviceRule> devices = List.of();
        Optional<Memory> memory = Optional.empty();
        Optional<Cpu> cpu = Optional.empty();
        Optional<Pids> pids = Optional.empty();
        Optional<BlockIo> blockIO = Optional.empty();
        List<HugepageLimit> hugepageLimits = List.of();
        Optional<Network> network = Optional.empty();
        Map<String, Rdma> rdma = Map.of();
        Map<String, String> unified = Map.of();
        for (String name = in.first(RESOURCES); name != null; name = in.next(RESOURCES)) {
            switch (name) {
                case "devices" -> devices = in.objects(ResourcesReader::deviceRule);
                case "memory" -> memory = in.object(ResourcesReader::memory);
                case "cpu" -> cpu = in.object(ResourcesReader::cpu);
                case "pids" -> pids = in.object(ResourcesReader::pids);
                case "blockIO" -> blockIO = in.object(ResourcesReader::blockIo);
                case "hugepageLimits" ->
                        hugepageLimits = in.objects(ResourcesReader::hugepageLimit);
                case "network" -> network = in.object(ResourcesReader::network);
                case "rdma" -> rdma = in.objectMap(ResourcesReader::rdma);
                case "unified" -> unified = in.stringMap();
                default -> throw new AssertionError(name);
            }
        }
        return new Resources(
                devices, memory, cpu, pids, blockIO, hugepageLimits, network, rdma, unified);
    }

    private static DeviceRule deviceRule(JsonInput in) {
        boolean allow = false;
        String type = "";
        Optional<Long> major = Optional.empty();
        Optional<Long> minor = Optional.empty();
        String access = "";
        for (String name = in.first(DEVICE_RULE); name != null; name = in.next(DEVICE_RULE)) {
            switch (name) {
                case "allow" -> allow = in.bool();
                case "type" -> type = in.string();
                case "major" -> major = in.optionalInteger(IntegerRange.INT64);
                case "minor" -> minor = in.optionalInteger(IntegerRange.INT64);
                case "access" -> access = in.string();
                default -> throw new AssertionError(name);
            }
        }
        return new DeviceRule(allow, type, major, minor, access);
    }

    private static Memory memory(JsonInput in) {
        Optional<Long> limit = Optional.empty();
        Optional<Long> reservation = Optional.empty();
        Optional<Long> swap = Optional.empty();
        Optional<Long> kernel = Optional.empty();
        Optional<Long> kernelTCP = Optional.empty();
        Optional<Uint64> swappiness = Optional.empty();
        Optional<Boolean> disableOOMKiller = Optional.empty();
        Optional<Boolean> useHierarchy = Optional.empty();
        Optional<Boolean> checkBeforeUpdate = Optional.empty();
        for (String name = in.first(MEMORY); name != null; name = in.next(MEMORY)) {
            switch (name) {
                case "limit" -> limit = in.optionalInteger(IntegerRange.INT64);
                case "reservation" -> reservation = in.optionalInteger(IntegerRange.INT64);
                case "swap" -> swap = in.optionalInteger(IntegerRange.INT64);
                case "kernel" -> kernel = in.optionalInteger(IntegerRange.INT64);
                case "kernelTCP" -> kernelTCP = in.optionalInteger(IntegerRange.INT64);
                case "swappiness" -> swappiness = in.optionalUint64();
                case "disableOOMKiller" -> disableOOMKiller = in.optionalBool();
                case "useHierarchy" -> useHierarchy = in.optionalBool();
                case "checkBeforeUpdate" -> checkBeforeUpdate = in.optionalBool();
                default -> throw new AssertionError(name);
            }
        }
        return new Memory(
                limit,
                reservation,
                swap,
                kernel,
                kernelTCP,
                swappiness,
                disableOOMKiller,
                useHierarchy,
                checkBeforeUpdate);
    }

    private static Cpu cpu(JsonInput in) {
        Optional<Uint64> shares = Optional.empty();
        Optional<Long> quota = Optional.empty();
        Optional<Uint64> burst = Optional.empty();
        Optional<Uint64> period = Optional.empty();
        Optional<Long> realtimeRuntime = Optional.empty();
        Optional<Uint64> realtimePeriod = Optional.empty();
        String cpus = "";
        String mems = "";
        Optional<Long> idle = Optional.empty();
        for (String name = in.first(CPU); name != null; name = in.next(CPU)) {
            switch (name) {
                case "shares" -> shares = in.optionalUint64();
                case "quota" -> quota = in.optionalInteger(IntegerRange.INT64);
                case "burst" -> burst = in.optionalUint64();
                case "period" -> period = in.optionalUint64();
                case "realtimeRuntime" -> realtimeRuntime = in.optionalInteger(IntegerRange.INT64);
                case "realtimePeriod" -> realtimePeriod = in.optionalUint64();
                case "cpus" -> cpus = in.string();
                case "mems" -> mems = in.string();
                case "idle" -> idle = in.optionalInteger(IntegerRange.INT64);
                default -> throw new AssertionError(name);
            }
        }
        return new Cpu(
                shares, quota, burst, period, realtimeRuntime, realtimePeriod, cpus, mems, idle);
    }

    private static Pids pids(JsonInput in) {
        long limit = 0;
        for (String name = in.first(PIDS); name != null; name = in.next(PIDS)) {
            limit = in.integer(IntegerRange.INT64);
        }
        return new Pids(limit);
    }

    private static BlockIo blockIo(JsonInput in) {
        Optional<Long> weight = Optional.empty();
        Optional<Long> leafWeight = Optional.empty();
        List<WeightDevice> weightDevice = List.of();
        List<ThrottleDevice> readBps = List.of();
        List<ThrottleDevice> writeBps = List.of();
        List<ThrottleDevice> readIops = List.of();
        List<ThrottleDevice> writeIops = List.of();
        for (String name = in.first(BLOCK_IO); name != null; name = in.next(BLOCK_IO)) {
            switch (name) {
                case "weight" -> weight = in.optionalInteger(IntegerRange.UINT16);
                case "leafWeight" -> leafWeight = in.optionalInteger(IntegerRange.UINT16);
                case "weightDevice" -> weightDevice = in.objects(ResourcesReader::weightDevice);
                case "throttleReadBpsDevice" ->
                        readBps = in.objects(ResourcesReader::throttleDevice);
                case "throttleWriteBpsDevice" ->
                        writeBps = in.objects(ResourcesReader::throttleDevice);
                case "throttleReadIOPSDevice" ->
                        readIops = in.objects(ResourcesReader::throttleDevice);
                case "throttleWriteIOPSDevice" ->
                        writeIops = in.objects(ResourcesReader::throttleDevice);
                default -> throw new AssertionError(name);
            }
        }
        return new BlockIo(
                weight, leafWeight, weightDevice, readBps, writeBps, readIops, writeIops);
    }

    private static WeightDevice weightDevice(JsonInput in) {
        long major = 0;
        long minor = 0;
        Optional<Long> weight = Optional.empty();
        Optional<Long> leafWeight = Optional.empty();
        for (String name = in.first(WEIGHT_DEVICE); name != null; name = in.next(WEIGHT_DEVICE)) {
            switch (name) {
                case "major" -> major = in.integer(IntegerRange.INT64);
                case "minor" -> minor = in.integer(IntegerRange.INT64);
                case "weight" -> weight = in.optionalInteger(IntegerRange.UINT16);
                case "leafWeight" -> leafWeight = in.optionalInteger(IntegerRange.UINT16);
                default -> throw new AssertionError(name);
            }
        }
        return new WeightDevice(major, minor, weight, leafWeight);
    }

    private static ThrottleDevice throttleDevice(JsonInput in) {
        long major = 0;
        long minor = 0;
        Uint64 rate = Uint64.ZERO;
        for (String name = in.first(THROTTLE_DEVICE);
                name != null;
                name = in.next(THROTTLE_DEVICE)) {
            switch (name) {
                case "major" -> major = in.integer(IntegerRange.INT64);
                case "minor" -> minor = in.integer(IntegerRange.INT64);
                case "rate" -> rate = in.uint64();
                default -> throw new AssertionError(name);
            }
        }
        return new ThrottleDevice(major, minor, rate);
    }

    private static HugepageLimit hugepageLimit(JsonInput in) {
        String pageSize = "";
        Uint64 limit = Uint64.ZERO;
        for (String name = in.first(HUGEPAGE_LIMIT); name != null; name = in.next(HUGEPAGE_LIMIT)) {
            switch (name) {
                case "pageSize" -> pageSize = in.string();
                case "limit" -> limit = in.uint64();
                default -> throw new AssertionError(name);
            }
        }
        return new HugepageLimit(pageSize, limit);
    }

    private static Network network(JsonInput in) {
        Optional<Long> classID = Optional.empty();
        List<InterfacePriority> priorities = List.of();
        for (String name = in.first(NETWORK); name != null; name = in.next(NETWORK)) {
            switch (name) {
                case "classID" -> classID = in.optionalInteger(IntegerRange.UINT32);
                case "priorities" -> priorities = in.objects(ResourcesReader::interfacePriority);
                default -> throw new AssertionError(name);
            }
        }
        return new Network(classID, priorities);
    }

    private static InterfacePriority interfacePriority(JsonInput in) {
        String interfaceName = "";
        long priority = 0;
        for (String name = in.first(INTERFACE_PRIORITY);
                name != null;
                name = in.next(INTERFACE_PRIORITY)) {
            switch (name) {
                case "name" -> interfaceName = in.string();
                case "priority" -> priority = in.integer(IntegerRange.UINT32);
                default -> throw new AssertionError(name);
            }
        }
        return new InterfacePriority(interfaceName, priority);
    }

    private static Rdma rdma(JsonInput in) {
        Optional<Long> hcaHandles = Optional.empty();
        Optional<Long> hcaObjects = Optional.empty();
        for (String name = in.first(RDMA); name != null; name = in.next(RDMA)) {
            switch (name) {
                case "hcaHandles" -> hcaHandles = in.optionalInteger(IntegerRange.UINT32);
                case "hcaObjects" -> hcaObjects = in.optionalInteger(IntegerRange.UINT32);
                default -> throw new AssertionError(name);
            }
        }
        return new Rdma(hcaHandles, hcaObjects);
    }
}

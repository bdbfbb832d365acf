package dev.kumite.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Limits and devices of a container's cgroup.
 *
 * <p>Source: runtime-spec config-linux.md, Control groups.
 *
 * @param devices which devices may be used, in this order
 * @param memory limits of memory
 * @param cpu shares of processor time
 * @param pids limit of processes
 * @param blockIO shares and limits of block devices
 * @param hugepageLimits limits of huge pages
 * @param network class and priorities of network traffic
 * @param rdma limits by RDMA device, in the order of the document
 * @param unified cgroup v2 files and what to write to them, in the order of the document
 */
public record Resources(
        List<DeviceRule> devices,
        Optional<Memory> memory,
        Optional<Cpu> cpu,
        Optional<Pids> pids,
        Optional<BlockIo> blockIO,
        List<HugepageLimit> hugepageLimits,
        Optional<Network> network,
        Map<String, Rdma> rdma,
        Map<String, String> unified) {

    private static final Resources EMPTY =
            new Resources(
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Map.of(),
                    Map.of());

    public Resources {
        devices = List.copyOf(devices);
        hugepageLimits = List.copyOf(hugepageLimits);
        rdma = OrderedMap.copyOf(rdma);
        unified = OrderedMap.copyOf(unified);
    }

    /** {@return resources without any limit} */
    public static Resources empty() {
        return EMPTY;
    }

    /**
     * Devices that may or may not be used.
     *
     * <p>Source: runtime-spec config-linux.md, Allowed Device list.
     *
     * @param allow whether they may
     * @param type {@code a} for all, {@code c}, {@code b}; empty if absent
     * @param major major number; any if absent
     * @param minor minor number; any if absent
     * @param access letters of {@code r}, {@code w} and {@code m}; empty if absent
     */
    public record DeviceRule(
            boolean allow,
            String type,
            Optional<Long> major,
            Optional<Long> minor,
            String access) {}

    /**
     * Limits of memory. -1 is no limit.
     *
     * <p>Source: runtime-spec config-linux.md, Memory.
     *
     * @param limit of memory, in bytes
     * @param reservation soft limit of memory, in bytes
     * @param swap limit of memory and swap together, in bytes
     * @param kernel hard limit of kernel memory, in bytes; not to be used any more
     * @param kernelTCP hard limit of the memory of TCP buffers, in bytes; not to be used any more
     * @param swappiness how readily pages are swapped out, 0 to 100
     * @param disableOOMKiller whether the container is paused rather than killed when memory runs
     *     out
     * @param useHierarchy whether the use of child cgroups counts too
     * @param checkBeforeUpdate whether an update below the present use is refused
     */
    public record Memory(
            Optional<Long> limit,
            Optional<Long> reservation,
            Optional<Long> swap,
            Optional<Long> kernel,
            Optional<Long> kernelTCP,
            Optional<Uint64> swappiness,
            Optional<Boolean> disableOOMKiller,
            Optional<Boolean> useHierarchy,
            Optional<Boolean> checkBeforeUpdate) {}

    /**
     * Shares of processor time.
     *
     * <p>Source: runtime-spec config-linux.md, CPU.
     *
     * @param shares share of processor time, relative to other cgroups
     * @param quota processor time per period, in microseconds; -1 for no limit
     * @param burst unused time that may be saved for later periods, in microseconds
     * @param period in microseconds
     * @param realtimeRuntime time per period for real-time tasks, in microseconds
     * @param realtimePeriod of real-time tasks, in microseconds
     * @param cpus processors that may be used, a list such as {@code 0-3,7}; empty if absent
     * @param mems memory nodes that may be used, a list such as {@code 0-3,7}; empty if absent
     * @param idle 1 if tasks run only when nothing else does, 0 if not
     */
    public record Cpu(
            Optional<Uint64> shares,
            Optional<Long> quota,
            Optional<Uint64> burst,
            Optional<Uint64> period,
            Optional<Long> realtimeRuntime,
            Optional<Uint64> realtimePeriod,
            String cpus,
            String mems,
            Optional<Long> idle) {}

    /**
     * Limit of processes.
     *
     * <p>Source: runtime-spec config-linux.md, PIDs.
     *
     * @param limit how many there may be; no limit from 0 down
     */
    public record Pids(long limit) {}

    /**
     * Shares and limits of block devices.
     *
     * <p>Source: runtime-spec config-linux.md, Block IO.
     *
     * @param weight share of the cgroup, 10 to 1000
     * @param leafWeight share of the cgroup's own tasks against its child cgroups, 10 to 1000
     * @param weightDevice shares by device
     * @param throttleReadBpsDevice limits of reading, in bytes per second
     * @param throttleWriteBpsDevice limits of writing, in bytes per second
     * @param throttleReadIOPSDevice limits of reading, in operations per second
     * @param throttleWriteIOPSDevice limits of writing, in operations per second
     */
    public record BlockIo(
            Optional<Long> weight,
            Optional<Long> leafWeight,
            List<WeightDevice> weightDevice,
            List<ThrottleDevice> throttleReadBpsDevice,
            List<ThrottleDevice> throttleWriteBpsDevice,
            List<ThrottleDevice> throttleReadIOPSDevice,
            List<ThrottleDevice> throttleWriteIOPSDevice) {
        public BlockIo {
            IntegerRange.UINT16.require("weight", weight);
            IntegerRange.UINT16.require("leafWeight", leafWeight);
            weightDevice = List.copyOf(weightDevice);
            throttleReadBpsDevice = List.copyOf(throttleReadBpsDevice);
            throttleWriteBpsDevice = List.copyOf(throttleWriteBpsDevice);
            throttleReadIOPSDevice = List.copyOf(throttleReadIOPSDevice);
            throttleWriteIOPSDevice = List.copyOf(throttleWriteIOPSDevice);
        }
    }

    /**
     * Share of a block device.
     *
     * <p>Source: runtime-spec config-linux.md, Block IO, weightDevice.
     *
     * @param major major number
     * @param minor minor number
     * @param weight share of the cgroup, 10 to 1000
     * @param leafWeight share of the cgroup's own tasks against its child cgroups, 10 to 1000
     */
    public record WeightDevice(
            long major, long minor, Optional<Long> weight, Optional<Long> leafWeight) {
        public WeightDevice {
            IntegerRange.UINT16.require("weight", weight);
            IntegerRange.UINT16.require("leafWeight", leafWeight);
        }
    }

    /**
     * Limit of a block device.
     *
     * <p>Source: runtime-spec config-linux.md, Block IO.
     *
     * @param major major number
     * @param minor minor number
     * @param rate bytes or operations per second
     */
    public record ThrottleDevice(long major, long minor, Uint64 rate) {}

    /**
     * Limit of huge pages of one size.
     *
     * <p>Source: runtime-spec config-linux.md, Huge page limits.
     *
     * @param pageSize the pages' size, such as {@code 2MB}
     * @param limit in bytes
     */
    public record HugepageLimit(String pageSize, Uint64 limit) {}

    /**
     * Class and priorities of network traffic.
     *
     * <p>Source: runtime-spec config-linux.md, Network.
     *
     * @param classID class of the packets, 0 to 4294967295
     * @param priorities by interface
     */
    public record Network(Optional<Long> classID, List<InterfacePriority> priorities) {
        public Network {
            IntegerRange.UINT32.require("classID", classID);
            priorities = List.copyOf(priorities);
        }
    }

    /**
     * Priority of traffic through one interface.
     *
     * <p>Source: runtime-spec config-linux.md, Network, priorities.
     *
     * @param name name of the interface
     * @param priority 0 to 4294967295
     */
    public record InterfacePriority(String name, long priority) {
        public InterfacePriority {
            IntegerRange.UINT32.require("priority", priority);
        }
    }

    /**
     * Limits of an RDMA device.
     *
     * <p>Source: runtime-spec config-linux.md, RDMA.
     *
     * @param hcaHandles how many handles may be open, 0 to 4294967295
     * @param hcaObjects how many objects may exist, 0 to 4294967295
     */
    public record Rdma(Optional<Long> hcaHandles, Optional<Long> hcaObjects) {
        public Rdma {
            IntegerRange.UINT32.require("hcaHandles", hcaHandles);
            IntegerRange.UINT32.require("hcaObjects", hcaObjects);
        }
    }
}

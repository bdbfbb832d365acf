package dev.kumite.oci.testing;

import dev.kumite.oci.Resources;
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
import dev.kumite.oci.Uint64;
import java.util.List;
import java.util.Optional;

/**
 * Random resources, of values that the types allow; few of them make sense. Confined to one thread.
 */
public final class GenResources {

    private static final long UINT16_MAX = 0xFFFF;
    private static final long UINT32_MAX = 0xFFFF_FFFFL;

    private final Gen gen;

    GenResources(Gen gen) {
        this.gen = gen;
    }

    /** {@return resources} */
    public static Resources resources(Gen gen) {
        return new GenResources(gen).resources();
    }

    Resources resources() {
        return new Resources(
                gen.list(3, this::deviceRule),
                gen.optional(this::memory),
                gen.optional(this::cpu),
                gen.optional(() -> new Pids(gen.anyLong())),
                gen.optional(this::blockIo),
                gen.list(2, () -> new HugepageLimit(gen.text(), uint64())),
                gen.optional(this::network),
                gen.map(2, () -> new Rdma(uint32(), uint32())),
                gen.map(3, gen::text));
    }

    private DeviceRule deviceRule() {
        return new DeviceRule(gen.bool(), gen.text(), int64(), int64(), gen.text());
    }

    private Memory memory() {
        return new Memory(
                int64(),
                int64(),
                int64(),
                int64(),
                int64(),
                gen.optional(this::uint64),
                gen.optional(gen::bool),
                gen.optional(gen::bool),
                gen.optional(gen::bool));
    }

    private Cpu cpu() {
        return new Cpu(
                gen.optional(this::uint64),
                int64(),
                gen.optional(this::uint64),
                gen.optional(this::uint64),
                int64(),
                gen.optional(this::uint64),
                gen.text(),
                gen.text(),
                int64());
    }

    private BlockIo blockIo() {
        return new BlockIo(
                uint16(),
                uint16(),
                gen.list(
                        2,
                        () -> new WeightDevice(gen.anyLong(), gen.anyLong(), uint16(), uint16())),
                throttle(),
                throttle(),
                throttle(),
                throttle());
    }

    private List<ThrottleDevice> throttle() {
        return gen.list(2, () -> new ThrottleDevice(gen.anyLong(), gen.anyLong(), uint64()));
    }

    private Network network() {
        return new Network(
                uint32(),
                gen.list(2, () -> new InterfacePriority(gen.text(), gen.upTo(UINT32_MAX))));
    }

    private Uint64 uint64() {
        return Uint64.of(gen.anyLong());
    }

    private Optional<Long> int64() {
        return gen.optional(gen::anyLong);
    }

    private Optional<Long> uint16() {
        return gen.optional(() -> gen.upTo(UINT16_MAX));
    }

    private Optional<Long> uint32() {
        return gen.optional(() -> gen.upTo(UINT32_MAX));
    }
}

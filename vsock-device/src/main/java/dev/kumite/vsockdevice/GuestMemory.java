package dev.kumite.vsockdevice;

import dev.kumite.linux.Fd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The memory of the guest, as QEMU has told it. Closing it ends every access. Confined to whoever
 * holds the device's lock.
 *
 * <p>Source: "Vhost-user Protocol", memory regions description.
 */
final class GuestMemory implements AutoCloseable {

    /** Most regions that are taken. Source: QEMU, {@code VHOST_MEMORY_BASELINE_NREGIONS}. */
    static final int MOST_REGIONS = 8;

    private static final int TABLE_HEAD_BYTES = 8;

    private static final int REGION_BYTES = 32;

    /**
     * One piece of memory that is mapped.
     *
     * @param guestAddress where the guest has it
     * @param userAddress where QEMU has it
     * @param bytes the memory
     */
    private record Region(long guestAddress, long userAddress, MemorySegment bytes) {

        /** {@return whether the piece lies in here} All as unsigned numbers. */
        boolean has(long start, long address, long length) {
            long offset = address - start;
            return Long.compareUnsigned(address, start) >= 0
                    && Long.compareUnsigned(offset, bytes.byteSize()) <= 0
                    && length <= bytes.byteSize() - offset;
        }
    }

    private final Optional<Arena> arena;
    private final List<Region> regions;

    private GuestMemory(Optional<Arena> arena, List<Region> regions) {
        this.arena = arena;
        this.regions = List.copyOf(regions);
    }

    /** {@return no memory at all} */
    static GuestMemory none() {
        return new GuestMemory(Optional.empty(), List.of());
    }

    /**
     * {@return the memory of a table}
     *
     * @param table content of the message {@code SET_MEM_TABLE}
     * @param files what came with it, one for each region; they may be closed afterwards
     */
    @SuppressWarnings("MustBeClosedChecker") // close() does
    static GuestMemory map(ByteBuffer table, List<Fd> files) {
        int count = table.remaining() < TABLE_HEAD_BYTES ? -1 : table.getInt();
        if (count < 0
                || count > MOST_REGIONS
                || count != files.size()
                || table.remaining() != Integer.BYTES + count * REGION_BYTES) {
            throw new DeviceException(
                    "a table of " + count + " memory regions with " + files.size() + " files");
        }
        table.getInt();
        Arena arena = Arena.ofShared();
        try {
            List<Region> regions = new ArrayList<>();
            for (Fd file : files) {
                long guestAddress = table.getLong();
                long size = table.getLong();
                long userAddress = table.getLong();
                long offset = table.getLong();
                regions.add(new Region(guestAddress, userAddress, map(file, offset, size, arena)));
            }
            return new GuestMemory(Optional.of(arena), regions);
        } catch (IOException | IllegalArgumentException e) {
            arena.close();
            throw new DeviceException("the guest's memory cannot be mapped: " + e.getMessage(), e);
        }
    }

    private static MemorySegment map(Fd file, long offset, long size, Arena arena)
            throws IOException {
        try (FileChannel channel =
                FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (offset < 0 || size <= 0 || size > channel.size() - offset) {
                throw new IOException("a region lies beyond the end of its file");
            }
            return channel.map(MapMode.READ_WRITE, offset, size, arena);
        }
    }

    /**
     * {@return a piece of memory, little-endian}
     *
     * @param address the guest's
     * @throws DeviceException if it is not in one region
     */
    ByteBuffer at(long address, int length) {
        for (Region region : regions) {
            if (region.has(region.guestAddress(), address, length)) {
                return slice(region, address - region.guestAddress(), length);
            }
        }
        throw outside(address, length);
    }

    /**
     * {@return a piece of memory, little-endian}
     *
     * @param address QEMU's
     * @throws DeviceException if it is not in one region
     */
    ByteBuffer atUser(long address, int length) {
        for (Region region : regions) {
            if (region.has(region.userAddress(), address, length)) {
                return slice(region, address - region.userAddress(), length);
            }
        }
        throw outside(address, length);
    }

    private static ByteBuffer slice(Region region, long offset, int length) {
        return region.bytes().asSlice(offset, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static DeviceException outside(long address, int length) {
        return new DeviceException(
                length
                        + " bytes at 0x"
                        + Long.toHexString(address)
                        + " are not the guest's memory");
    }

    @Override
    public void close() {
        arena.ifPresent(Arena::close);
    }
}

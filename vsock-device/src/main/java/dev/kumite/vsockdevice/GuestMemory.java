package dev.kumite.vsockdevice;

import dev.kumite.linux.Fd;
import dev.kumite.linux.SharedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

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
    private record Region(long guestAddress, long userAddress, SharedMemory bytes) {

        /** {@return whether the piece lies in here} All as unsigned numbers. */
        boolean has(long start, long address, long length) {
            long offset = address - start;
            return Long.compareUnsigned(address, start) >= 0
                    && Long.compareUnsigned(offset, bytes.size()) <= 0
                    && length <= bytes.size() - offset;
        }
    }

    private final List<Region> regions;

    private GuestMemory(List<Region> regions) {
        this.regions = List.copyOf(regions);
    }

    /** {@return no memory at all} */
    static GuestMemory none() {
        return new GuestMemory(List.of());
    }

    /**
     * {@return the memory of a table}
     *
     * @param table content of the message {@code SET_MEM_TABLE}
     * @param files what came with it, one for each region; they may be closed afterwards
     */
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
        List<Region> regions = new ArrayList<>();
        try {
            for (Fd file : files) {
                long guestAddress = table.getLong();
                long size = table.getLong();
                long userAddress = table.getLong();
                long offset = table.getLong();
                SharedMemory bytes = SharedMemory.map(file, offset, size);
                regions.add(new Region(guestAddress, userAddress, bytes));
            }
            return new GuestMemory(regions);
        } catch (IOException | IllegalArgumentException e) {
            regions.forEach(region -> region.bytes().close());
            throw new DeviceException("the guest's memory cannot be mapped: " + e.getMessage(), e);
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
        return region.bytes().at(offset, length).order(ByteOrder.LITTLE_ENDIAN);
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
        regions.forEach(region -> region.bytes().close());
    }
}

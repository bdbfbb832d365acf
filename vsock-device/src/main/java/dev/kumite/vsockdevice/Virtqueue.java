package dev.kumite.vsockdevice;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One queue of buffers that the guest offers. Confined to whoever holds the device's lock.
 *
 * <p>Source: virtio 1.2, 2.7 "Split Virtqueues". No feature beyond the basic ones is offered, so
 * there are no indirect descriptors and no event indexes.
 */
final class Virtqueue {

    /** A power of two of at most this. Source: QEMU, {@code VIRTQUEUE_MAX_SIZE}. */
    static final int MOST_ENTRIES = 1024;

    /**
     * Of one chain. A packet has at most 64 KiB; Linux offers and sends no more with its header.
     */
    private static final int MOST_CHAIN_BYTES = 1 << 20;

    private static final int DESCRIPTOR_BYTES = 16;
    private static final int FLAG_NEXT = 1;
    private static final int FLAG_WRITE = 2;
    private static final int FLAG_INDIRECT = 4;
    private static final int FLAG_NO_INTERRUPT = 1;

    /** Flags and index before the entries of a ring. */
    private static final int RING_HEAD_BYTES = 4;

    private static final int USED_ENTRY_BYTES = 8;

    /** Of whoever takes what the guest is told by; the kernel does at once. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Where the parts of a queue are.
     *
     * @param descriptors QEMU's address of the table
     * @param used QEMU's address of what the device gives back
     * @param available QEMU's address of what the guest offers
     */
    record Addresses(long descriptors, long used, long available) {}

    /**
     * Buffers that belong together.
     *
     * @param head by which they are given back
     * @param readable what the device reads, in order
     * @param writable what the device writes, in order
     */
    record Chain(int head, List<ByteBuffer> readable, List<ByteBuffer> writable) {

        /** {@return how many bytes can be written} */
        int capacity() {
            return writable.stream().mapToInt(ByteBuffer::remaining).sum();
        }

        /** {@return all that can be read, a copy that the guest cannot change} */
        ByteBuffer content() {
            int total = readable.stream().mapToInt(ByteBuffer::remaining).sum();
            ByteBuffer content = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
            readable.forEach(content::put);
            return content.flip();
        }

        /** Writes what fits. */
        void write(ByteBuffer from) {
            for (ByteBuffer part : writable) {
                int count = Math.min(part.remaining(), from.remaining());
                part.put(part.position(), from, from.position(), count);
                part.position(part.position() + count);
                from.position(from.position() + count);
            }
        }
    }

    private GuestMemory memory = GuestMemory.none();
    private Optional<Addresses> addresses = Optional.empty();
    private Optional<Fd> call = Optional.empty();
    private Optional<ByteBuffer> descriptorTable = Optional.empty();
    private ByteBuffer available = ByteBuffer.allocate(0);
    private ByteBuffer used = ByteBuffer.allocate(0);
    // Not as the protocol has it: a QEMU before 7.2 does not enable the queues of this device.
    private boolean enabled = true;
    private boolean kicked;
    private int size;
    private int nextAvailable;
    private int nextUsed;

    /** Sets the number of entries. */
    void setSize(int entries) {
        if (entries <= 0 || entries > MOST_ENTRIES || Integer.bitCount(entries) != 1) {
            throw new DeviceException("a queue of " + entries + " entries");
        }
        size = entries;
        locate();
    }

    /** Sets where it is. */
    void setAddresses(Addresses value) {
        addresses = Optional.of(value);
        locate();
    }

    /** Sets the memory that it is in. */
    void setMemory(GuestMemory value) {
        memory = value;
        locate();
    }

    /** Sets the index of the entry that is taken next. */
    void setBase(int index) {
        nextAvailable = index & 0xffff;
    }

    /** Sets how the guest is told that buffers were given back; to be closed by this. */
    void setCall(Optional<Fd> eventFd) {
        eventFd.ifPresent(fd -> fd.setNonBlocking(true)); // saves waiting for what is always ready
        call.ifPresent(Fd::close);
        call = eventFd;
    }

    /** Sets whether it may be used. */
    void setEnabled(boolean value) {
        enabled = value;
    }

    /** It has got the means by which the guest tells of new buffers: so it starts. */
    void start() {
        kicked = true;
    }

    /**
     * {@return the index of the entry that would be taken next} It takes no more until it starts.
     */
    int stop() {
        kicked = false;
        addresses = Optional.empty();
        descriptorTable = Optional.empty();
        return nextAvailable;
    }

    /** {@return whether buffers can be taken from it} */
    boolean isRunning() {
        return enabled && kicked && descriptorTable.isPresent();
    }

    /** Finds its parts, and goes on with giving back where the guest's memory says. */
    private void locate() {
        descriptorTable = Optional.empty();
        if (size == 0 || addresses.isEmpty()) {
            return;
        }
        Addresses at = addresses.get();
        available = memory.atUser(at.available(), RING_HEAD_BYTES + size * Short.BYTES);
        used = memory.atUser(at.used(), RING_HEAD_BYTES + size * USED_ENTRY_BYTES);
        descriptorTable = Optional.of(memory.atUser(at.descriptors(), size * DESCRIPTOR_BYTES));
        nextUsed = Short.toUnsignedInt(used.getShort(2));
    }

    /** {@return whether the guest offers buffers} */
    boolean hasNext() {
        return isRunning() && pending() != 0;
    }

    private int pending() {
        int index = Short.toUnsignedInt(available.getShort(2));
        VarHandle.acquireFence(); // what the index announces is read after it
        int count = (index - nextAvailable) & 0xffff;
        if (count > size) {
            throw new DeviceException(
                    "the guest offers " + count + " buffers in a queue of " + size);
        }
        return count;
    }

    /** {@return the buffers that are offered next; to be given back} */
    Optional<Chain> take() {
        if (!hasNext()) {
            return Optional.empty();
        }
        int place = RING_HEAD_BYTES + nextAvailable % size * Short.BYTES;
        int head = Short.toUnsignedInt(available.getShort(place));
        Chain chain = walk(head, descriptorTable.orElseThrow());
        nextAvailable = (nextAvailable + 1) & 0xffff;
        return Optional.of(chain);
    }

    private Chain walk(int head, ByteBuffer table) {
        List<ByteBuffer> readable = new ArrayList<>();
        List<ByteBuffer> writable = new ArrayList<>();
        long total = 0;
        int index = head;
        for (int count = 0; count < size; count++) {
            if (index >= size) {
                throw new DeviceException("descriptor " + index + " in a queue of " + size);
            }
            int place = index * DESCRIPTOR_BYTES;
            long address = table.getLong(place);
            int length = table.getInt(place + 8);
            int flags = Short.toUnsignedInt(table.getShort(place + 12));
            int next = Short.toUnsignedInt(table.getShort(place + 14));
            total += Integer.toUnsignedLong(length);
            if (total > MOST_CHAIN_BYTES || (flags & FLAG_INDIRECT) != 0) {
                throw new DeviceException(
                        "a chain with "
                                + total
                                + " bytes and flags 0x"
                                + Integer.toHexString(flags));
            }
            ((flags & FLAG_WRITE) == 0 ? readable : writable).add(memory.at(address, length));
            if ((flags & FLAG_NEXT) == 0) {
                return new Chain(head, List.copyOf(readable), List.copyOf(writable));
            }
            index = next;
        }
        throw new DeviceException("a chain of descriptors that has no end");
    }

    /**
     * Gives buffers back.
     *
     * @param written bytes that were written into them
     */
    void giveBack(Chain chain, int written) {
        int place = RING_HEAD_BYTES + nextUsed % size * USED_ENTRY_BYTES;
        used.putInt(place, chain.head());
        used.putInt(place + 4, written);
        VarHandle.releaseFence(); // the guest sees the index after the entry
        nextUsed = (nextUsed + 1) & 0xffff;
        used.putShort(2, (short) nextUsed);
    }

    /** Tells the guest, unless it does not want to know. */
    void notifyGuest() {
        VarHandle.fullFence(); // the guest sets its flag before it looks at the index once more
        if (call.isEmpty() || (available.getShort(0) & FLAG_NO_INTERRUPT) != 0) {
            return;
        }
        try {
            ByteBuffer one = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 1);
            call.get().write(one, PATIENCE);
        } catch (LinuxException e) {
            throw new DeviceException("the guest cannot be told: " + e.getMessage(), e);
        }
    }
}

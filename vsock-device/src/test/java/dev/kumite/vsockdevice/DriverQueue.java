package dev.kumite.vsockdevice;

import dev.kumite.linux.Pipe;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * The driver's side of a split virtqueue. Confined to the test's thread.
 *
 * <p>Source: virtio 1.2, 2.7.
 */
final class DriverQueue implements AutoCloseable {
    static final int NEXT = 1;
    static final int WRITE = 2;
    static final int INDIRECT = 4;

    static final int AVAILABLE = 0x8000;
    static final int USED = 0xc000;

    private static final int DESCRIPTOR_BYTES = 16;
    private static final int NO_INTERRUPT = 1;

    /** What the device has given back. */
    record Used(int head, int written) {}

    private final ByteBuffer memory;
    private final int size;
    private final int place;
    private Pipe kick = Pipe.open();
    private Pipe call = Pipe.open();
    private int nextAvailable;
    private int nextUsed;

    /**
     * @param memory of the guest
     * @param size number of entries
     * @param place of the queue's parts in the memory
     */
    DriverQueue(ByteBuffer memory, int size, int place) {
        this.memory = memory;
        this.size = size;
        this.place = place;
    }

    int size() {
        return size;
    }

    int place() {
        return place;
    }

    Pipe kickPipe() {
        return kick;
    }

    Pipe callPipe() {
        return call;
    }

    int nextAvailable() {
        return nextAvailable;
    }

    /**
     * As a driver does before it hands a queue to a device for the first time.
     *
     * @param index of the first entry that is used; for a driver, it is 0
     */
    void reset(int index) {
        for (int i = 0; i < USED + 4 + 8 * size; i++) {
            memory.put(place + i, (byte) 0);
        }
        nextAvailable = index;
        nextUsed = index;
        setAvailableIndex(index);
        memory.putShort(place + USED + 2, (short) index);
        renewPipes();
    }

    void renewPipes() {
        kick.close();
        call.close();
        kick = Pipe.open();
        call = Pipe.open();
    }

    void renewKick() {
        kick = Pipe.open();
    }

    void describe(int index, long address, int length, int flags, int next) {
        memory.putLong(place + index * DESCRIPTOR_BYTES, address);
        memory.putInt(place + index * DESCRIPTOR_BYTES + 8, length);
        memory.putShort(place + index * DESCRIPTOR_BYTES + 12, (short) flags);
        memory.putShort(place + index * DESCRIPTOR_BYTES + 14, (short) next);
    }

    void offer(int head) {
        memory.putShort(place + AVAILABLE + 4 + nextAvailable % size * 2, (short) head);
        nextAvailable = (nextAvailable + 1) & 0xffff;
        setAvailableIndex(nextAvailable);
    }

    void setAvailableIndex(int index) {
        VarHandle.fullFence();
        memory.putShort(place + AVAILABLE + 2, (short) index);
        VarHandle.fullFence();
    }

    void wantNoInterrupts() {
        memory.putShort(place + AVAILABLE, (short) NO_INTERRUPT);
    }

    void kick() {
        kick.writer().write(one(), Guest.PATIENCE);
    }

    private static ByteBuffer one() {
        return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 1);
    }

    boolean hasUsed() {
        VarHandle.fullFence();
        return usedIndex() != nextUsed;
    }

    /** {@return the index as the device has written it} */
    int usedIndex() {
        return Short.toUnsignedInt(memory.getShort(place + USED + 2));
    }

    Used takeUsed() {
        int entry = place + USED + 4 + nextUsed % size * 8;
        nextUsed = (nextUsed + 1) & 0xffff;
        return new Used(memory.getInt(entry), memory.getInt(entry + 4));
    }

    /** {@return whether the device has called within the time} */
    boolean awaitCall(Duration timeout) {
        boolean called = call.reader().awaitReadable(timeout);
        if (called) {
            call.reader().read(ByteBuffer.allocate(8192));
        }
        return called;
    }

    @Override
    public void close() {
        kick.close();
        call.close();
    }
}

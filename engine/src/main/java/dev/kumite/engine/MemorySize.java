package dev.kumite.engine;

import java.util.Locale;

/**
 * An amount of memory.
 *
 * @param bytes 0 or more
 */
public record MemorySize(long bytes) implements Comparable<MemorySize> {

    public MemorySize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a memory size of " + bytes + " bytes is below 0");
        }
    }

    /** {@return that many times 1,048,576 bytes} */
    public static MemorySize ofMib(long mib) {
        return new MemorySize(Math.multiplyExact(mib, 1L << 20));
    }

    /** {@return that many times 1,073,741,824 bytes} */
    public static MemorySize ofGib(long gib) {
        return new MemorySize(Math.multiplyExact(gib, 1L << 30));
    }

    /** {@return whole MiB, rounded up} */
    public long mibCeiling() {
        return (bytes + (1L << 20) - 1) >> 20;
    }

    @Override
    public int compareTo(MemorySize other) {
        return Long.compare(bytes, other.bytes);
    }

    /**
     * {@return the size in the largest unit that it is a whole number of, such as {@code 64 MiB}}
     */
    @Override
    public String toString() {
        String[] units = {"B", "KiB", "MiB", "GiB"};
        long value = bytes;
        int unit = 0;
        while (value != 0 && value % 1024 == 0 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%d %s", value, units[unit]);
    }
}

package dev.kumite.oci;

import java.util.Optional;

/** The ranges of the specification's integer types that a {@code long} can hold. */
enum IntegerRange {
    INT32(Integer.MIN_VALUE, Integer.MAX_VALUE),
    INT64(Long.MIN_VALUE, Long.MAX_VALUE),
    UINT16(0, 0xFFFFL),
    UINT32(0, 0xFFFF_FFFFL);

    final long min;
    final long max;

    IntegerRange(long min, long max) {
        this.min = min;
        this.max = max;
    }

    boolean contains(long value) {
        return value >= min && value <= max;
    }

    /** Throws {@link IllegalArgumentException} unless {@code value} is in the range. */
    void require(String name, long value) {
        if (!contains(value)) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", not from " + min + " to " + max);
        }
    }

    /** Throws {@link IllegalArgumentException} if there is a value and it is not in the range. */
    void require(String name, Optional<Long> value) {
        if (value.isPresent()) {
            require(name, value.get());
        }
    }
}

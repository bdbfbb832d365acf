package dev.kumite.oci;

/**
 * An unsigned 64-bit number, 0 to 18446744073709551615, as Go's {@code uint64}.
 *
 * @param bits the number's 64 bits; negative as a {@code long} from 2<sup>63</sup> on
 */
public record Uint64(long bits) implements Comparable<Uint64> {

    /** 0. */
    public static final Uint64 ZERO = new Uint64(0);

    /** {@return the number with these bits} */
    public static Uint64 of(long bits) {
        return bits == 0 ? ZERO : new Uint64(bits);
    }

    @Override
    public int compareTo(Uint64 other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    /** {@return the number in decimal digits} */
    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}

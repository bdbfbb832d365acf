package dev.kumite.oci;

import java.util.Arrays;

/**
 * The names of an object's members. A name in a document means the member that is spelled alike,
 * otherwise the one that is spelled alike but for case.
 */
final class Names {

    /** Bits of a {@code long}, one per member, tell which members a document has named. */
    private static final int MAX_NAMES = 64;

    /** Slots per name; three out of four stay empty, so that a look-up seldom probes twice. */
    private static final int SLOTS_PER_NAME = 4;

    private static final byte FREE = -1;

    private final String[] names;
    private final byte[] slots;
    private final int mask;

    private Names(String[] names) {
        if (names.length > MAX_NAMES) {
            throw new IllegalArgumentException(names.length + " names, at most " + MAX_NAMES);
        }
        this.names = names;
        slots = new byte[Integer.highestOneBit(names.length * SLOTS_PER_NAME) << 1];
        mask = slots.length - 1;
        Arrays.fill(slots, FREE);
        for (int index = 0; index < names.length; index++) {
            int slot = names[index].hashCode() & mask;
            while (slots[slot] != FREE) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = (byte) index;
        }
    }

    static Names of(String... names) {
        return new Names(names.clone());
    }

    /** {@return the index of the member that {@code name} means, or -1 if it means none} */
    int indexOf(String name) {
        for (int slot = name.hashCode() & mask; slots[slot] != FREE; slot = (slot + 1) & mask) {
            if (names[slots[slot]].equals(name)) {
                return slots[slot];
            }
        }
        return indexOfFolded(name);
    }

    /** {@return the name of the member with an index} */
    String get(int index) {
        return names[index];
    }

    private int indexOfFolded(String name) {
        for (int index = 0; index < names.length; index++) {
            if (equalsFolded(names[index], name)) {
                return index;
            }
        }
        return -1;
    }

    private static boolean equalsFolded(String known, String name) {
        if (known.length() != name.length()) {
            return false;
        }
        for (int i = 0; i < known.length(); i++) {
            if (fold(known.charAt(i)) != fold(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Unicode simple case folding, as far as it leads to an ASCII letter: two characters that are
     * none themselves do, LATIN SMALL LETTER LONG S and KELVIN SIGN. Source: Unicode
     * CaseFolding.txt, status C.
     */
    private static char fold(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c | 0x20);
        }
        return switch (c) {
            case '\u017F' -> 's';
            case '\u212A' -> 'k';
            default -> c;
        };
    }
}

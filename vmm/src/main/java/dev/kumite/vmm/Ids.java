package dev.kumite.vmm;

/** Names that QEMU takes for objects and devices. */
final class Ids {

    /**
     * Longest id: with the two characters that its other half has in front, 31. Source: QEMU,
     * {@code BlockDriverState.node_name} has 32 bytes with its NUL.
     */
    static final int MAX_LENGTH = 29;

    private Ids() {}

    /**
     * Source: QEMU, {@code id_wellformed} in {@code util/id.c}.
     *
     * @throws VmmException if QEMU would refuse it
     */
    static void check(String id) {
        boolean good = !id.isEmpty() && id.length() <= MAX_LENGTH && isLetter(id.charAt(0));
        for (int i = 1; good && i < id.length(); i++) {
            char c = id.charAt(i);
            good = isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        }
        if (!good) {
            throw new VmmException(
                    VmmException.Category.REFUSED,
                    "\""
                            + Printable.text(id)
                            + "\" is no id of a device: at most "
                            + MAX_LENGTH
                            + " letters, digits and -._, from a letter");
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}

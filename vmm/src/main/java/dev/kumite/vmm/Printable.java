package dev.kumite.vmm;

import java.util.HexFormat;

/** Text from a guest or a peer, made harmless for a terminal and a log. */
final class Printable {

    /** Longest piece in a message, in UTF-16 code units. */
    static final int MAX_LENGTH = 512;

    private Printable() {}

    /**
     * {@return the text with escapes in place of everything but plain characters, its end left out
     * if it is long}
     */
    static String text(String text) {
        int length = Math.min(text.length(), MAX_LENGTH);
        StringBuilder printable = new StringBuilder(length + 8);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '\t') {
                printable.append(' ');
            } else if (isPlain(c)) {
                printable.append(c);
            } else {
                printable.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        if (length < text.length()) {
            printable.append('…');
        }
        return printable.toString();
    }

    private static boolean isPlain(char c) {
        if (c < 0x7F) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}

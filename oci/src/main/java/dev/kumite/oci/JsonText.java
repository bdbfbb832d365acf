package dev.kumite.oci;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * How bytes become text, and what happens to text that is not well-formed: as Go's encoding/json
 * does.
 */
final class JsonText {

    private static final char REPLACEMENT = '\uFFFD';
    private static final String REPLACEMENT_ESCAPE = "\\ufffd";
    private static final int ESCAPE_LENGTH = 6;

    private JsonText() {}

    /**
     * {@return the text of UTF-8; each byte that is not part of a valid sequence becomes U+FFFD}
     */
    static String decode(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        // The JDK replaces whole malformed sequences, Go every byte of them; valid text has no
        // replacement to look at.
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeBytewise(utf8);
    }

    /**
     * {@return the document's characters, with U+FFFD for each surrogate without its partner, be it
     * written as it is or as an escape}
     *
     * <p>All characters keep their places.
     */
    static char[] wellFormed(String document) {
        char[] text = document.toCharArray();
        if (document.contains("\\u") || mayHoldSurrogate(text)) {
            replaceLoneSurrogates(text);
        }
        return text;
    }

    private static boolean mayHoldSurrogate(char[] text) {
        int all = 0;
        for (char c : text) {
            all |= c;
        }
        return all >= Character.MIN_SURROGATE;
    }

    private static void replaceLoneSurrogates(char[] text) {
        int i = 0;
        while (i < text.length) {
            if (text[i] == '\\') {
                i = afterEscape(text, i);
            } else if (i + 1 < text.length && Character.isSurrogatePair(text[i], text[i + 1])) {
                i += 2;
            } else {
                if (Character.isSurrogate(text[i])) {
                    text[i] = REPLACEMENT;
                }
                i++;
            }
        }
    }

    /** {@return the place after the escape, or pair of escapes, at {@code at}} */
    private static int afterEscape(char[] text, int at) {
        int unit = escapedUnit(text, at);
        if (unit < 0) {
            return at + 2;
        }
        int next = at + ESCAPE_LENGTH;
        int nextUnit = escapedUnit(text, next);
        if (nextUnit >= 0 && Character.isSurrogatePair((char) unit, (char) nextUnit)) {
            return next + ESCAPE_LENGTH;
        }
        if (Character.isSurrogate((char) unit)) {
            REPLACEMENT_ESCAPE.getChars(0, ESCAPE_LENGTH, text, at);
        }
        return next;
    }

    /** {@return the UTF-16 code unit that is written as an escape at {@code at}; -1 if none is} */
    private static int escapedUnit(char[] text, int at) {
        if (at + ESCAPE_LENGTH > text.length || text[at] != '\\' || text[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE_LENGTH; i++) {
            if (!HexFormat.isHexDigit(text[i])) {
                return -1;
            }
            unit = unit << 4 | HexFormat.fromHexDigit(text[i]);
        }
        return unit;
    }

    private static String decodeBytewise(byte[] utf8) {
        StringBuilder text = new StringBuilder(utf8.length);
        int i = 0;
        while (i < utf8.length) {
            int length = sequenceLength(utf8, i);
            if (length == 0) {
                text.append(REPLACEMENT);
                i++;
            } else {
                text.append(new String(utf8, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return text.toString();
    }

    /**
     * {@return the length of the valid sequence that begins at {@code start}, 0 if there is none}
     *
     * <p>Source: Unicode Standard, table 3-7, Well-Formed UTF-8 Byte Sequences.
     */
    private static int sequenceLength(byte[] utf8, int start) {
        int lead = utf8[start] & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        if (lead < 0xC2 || lead > 0xF4) {
            return 0;
        }
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (start + length > utf8.length) {
            return 0;
        }
        int second = utf8[start + 1] & 0xFF;
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = start + 2; i < start + length; i++) {
            if ((utf8[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}

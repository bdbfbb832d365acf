package dev.kumite.config;

import dev.kumite.oci.Uint64;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Numbers, booleans and words read as Go's standard library reads them, because that is what
 * annotations were written for: nothing is trimmed, and nothing but what is listed here is
 * accepted.
 *
 * <p>Source: Go, {@code strconv.ParseBool}, {@code ParseUint}, {@code ParseInt} with base 10;
 * {@code strings.Fields}.
 */
final class GoText {

    private GoText() {}

    static Optional<Boolean> parseBool(String text) {
        return switch (text) {
            case "1", "t", "T", "TRUE", "true", "True" -> Optional.of(true);
            case "0", "f", "F", "FALSE", "false", "False" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** {@return the number that the digits write, if there are only digits and it fits 64 bits} */
    static Optional<Uint64> parseUint64(String text) {
        if (!isDigits(text, 0)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Uint64.of(Long.parseUnsignedLong(text)));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    /** {@return the number that the digits after an optional sign write, if it fits 64 bits} */
    static OptionalLong parseInt64(String text) {
        int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        if (!isDigits(text, start)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException outOfRange) {
            return OptionalLong.empty();
        }
    }

    /** {@return the words between runs of Unicode white space} */
    static List<String> fields(String text) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                start = start < 0 ? i : start;
            } else if (start >= 0) {
                words.add(text.substring(start, i));
                start = -1;
            }
        }
        if (start >= 0) {
            words.add(text.substring(start));
        }
        return words;
    }

    /**
     * {@return whether Go's {@code unicode.IsSpace} holds; all such characters are in the basic
     * plane}
     */
    static boolean isSpace(char c) {
        return switch (c) {
            case '\t',
                    '\n',
                    0x0B,
                    '\f',
                    '\r',
                    ' ',
                    0x85,
                    0xA0,
                    0x1680,
                    0x2028,
                    0x2029,
                    0x202F,
                    0x205F,
                    0x3000 ->
                    true;
            default -> c >= 0x2000 && c <= 0x200A;
        };
    }

    private static boolean isDigits(String text, int start) {
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return start < text.length();
    }
}

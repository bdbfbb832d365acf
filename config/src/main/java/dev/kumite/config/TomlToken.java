package dev.kumite.config;

/**
 * The words of TOML that need no context, as the original reads them. Source: BurntSushi/toml
 * 0.3.1.
 */
final class TomlToken {

    /** The type of a value, as far as a list cares. */
    enum Kind {
        STRING("strings"),
        INTEGER("whole numbers"),
        FLOAT("fractions"),
        BOOL("booleans"),
        DATE("dates"),
        LIST("lists"),
        TABLE("tables"),
        /** Something that was refused already. */
        OTHER("others"),
        /** Nothing that can be understood. */
        NONE("nothing");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** {@return several of the kind, in words} */
        String words() {
            return words;
        }
    }

    private static final String DATE_SHAPE = "0000-00-00";
    private static final String TIME_SHAPE = "T00:00:00";
    private static final String OFFSET_SHAPE = "00:00";

    private TomlToken() {}

    static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    static boolean isBareKey(char c) {
        return isLetter(c) || isDigit(c) || c == '_' || c == '-';
    }

    /**
     * {@return whether TOML 1.0 wants the character escaped; the end of the text, U+0000, is none}
     */
    static boolean isControl(char c) {
        return (c != 0 && c != '\t' && c < 0x20) || c == 0x7F;
    }

    static boolean endsWord(char c) {
        return switch (c) {
            case ' ', '\t', '\n', '\r', ',', ']', '}', '#' -> true;
            default -> false;
        };
    }

    /** {@return what the bare word is} */
    static Kind kind(String word) {
        if (word.equals("true") || word.equals("false")) {
            return Kind.BOOL;
        }
        if (isDate(word)) {
            return Kind.DATE;
        }
        return number(word);
    }

    /** {@return whether the bare word is one that TOML 1.0 has and the original has not} */
    static boolean isNewer(String word) {
        String unsigned = word.startsWith("+") || word.startsWith("-") ? word.substring(1) : word;
        return unsigned.equals("inf")
                || unsigned.equals("nan")
                || unsigned.startsWith("0x")
                || unsigned.startsWith("0o")
                || unsigned.startsWith("0b")
                || (!word.isEmpty() && isDigit(word.charAt(0)) && word.indexOf(':') > 0);
    }

    private static Kind number(String word) {
        int integer = digits(word, sign(word, 0));
        if (integer < 0) {
            return Kind.NONE;
        }
        int end = integer;
        if (end < word.length() && word.charAt(end) == '.') {
            end = digits(word, end + 1);
        }
        if (end > 0
                && end < word.length()
                && (word.charAt(end) == 'e' || word.charAt(end) == 'E')) {
            end = digits(word, sign(word, end + 1));
        }
        if (end != word.length()) {
            return Kind.NONE;
        }
        return end == integer ? Kind.INTEGER : Kind.FLOAT;
    }

    private static int sign(String word, int at) {
        return at < word.length() && (word.charAt(at) == '+' || word.charAt(at) == '-')
                ? at + 1
                : at;
    }

    /**
     * {@return the end of the digits, with single underscores between them, that begin at {@code
     * start}; -1 if none do}
     */
    private static int digits(String word, int start) {
        int at = start;
        boolean digit = false;
        while (at < word.length()) {
            char c = word.charAt(at);
            if (!isDigit(c) && !(c == '_' && digit)) {
                break;
            }
            digit = c != '_';
            at++;
        }
        return digit ? at : -1;
    }

    private static boolean isDate(String word) {
        if (!hasShape(word, 0, DATE_SHAPE)) {
            return false;
        }
        int at = DATE_SHAPE.length();
        if (at == word.length()) {
            return true;
        }
        if (!hasShape(word, at, TIME_SHAPE)) {
            return false;
        }
        at += TIME_SHAPE.length();
        if (at + 1 < word.length() && word.charAt(at) == '.' && isDigit(word.charAt(at + 1))) {
            at++;
            while (at < word.length() && isDigit(word.charAt(at))) {
                at++;
            }
        }
        String offset = word.substring(at);
        return offset.isEmpty()
                || offset.equals("Z")
                || (sign(offset, 0) == 1
                        && offset.length() == 6
                        && hasShape(offset, 1, OFFSET_SHAPE));
    }

    /**
     * {@return whether the word goes on at {@code start} like the shape, in which a zero stands for
     * any digit}
     */
    private static boolean hasShape(String word, int start, String shape) {
        if (word.length() < start + shape.length()) {
            return false;
        }
        for (int i = 0; i < shape.length(); i++) {
            char wanted = shape.charAt(i);
            char given = word.charAt(start + i);
            if (wanted == '0' ? !isDigit(given) : given != wanted) {
                return false;
            }
        }
        return true;
    }

    /** Moves the sign of a number over its leading zeros, and leaves spaces where they were. */
    static void dropLeadingZeros(char[] text, int start, int end) {
        boolean signed = !isDigit(text[start]);
        int first = signed ? start + 1 : start;
        while (first + 1 < end
                && (text[first] == '0' || text[first] == '_')
                && (isDigit(text[first + 1]) || text[first + 1] == '_')) {
            first++;
        }
        int from = signed ? first - 1 : first;
        if (from == start) {
            return;
        }
        char sign = text[start];
        for (int i = start; i < from; i++) {
            text[i] = ' ';
        }
        if (signed) {
            text[from] = sign;
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

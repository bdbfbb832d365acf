package dev.kumite.config;

/**
 * Goes over the strings of a configuration file for {@link TomlScanner}. Confined to one thread,
 * for one text.
 */
final class TomlStrings {

    private static final int SHORT_ESCAPE_DIGITS = 4;
    private static final int LONG_ESCAPE_DIGITS = 8;

    private final char[] text;
    private final TomlDialect dialect;
    private final TomlCursor cursor;

    TomlStrings(char[] text, TomlDialect dialect, TomlCursor cursor) {
        this.text = text;
        this.dialect = dialect;
        this.cursor = cursor;
    }

    /** {@return whether a string that is a value could be understood and passed} */
    boolean value() {
        return isLong() ? longString() && refuseFourthQuote() : shortString();
    }

    /**
     * Passes a string that is a key; one in triple quotes becomes one in single quotes, if it can.
     */
    boolean key() {
        int start = cursor.position();
        int line = cursor.line();
        if (!isLong()) {
            return shortString();
        }
        if (!longString()) {
            return false;
        }
        int end = cursor.position();
        char quote = text[start];
        boolean fits = line == cursor.line();
        for (int i = start + 3; i < end - 3; i++) {
            fits &= text[i] != quote || text[i - 1] == '\\';
        }
        if (!fits) {
            return cursor.unclear();
        }
        text[start] = ' ';
        text[start + 1] = ' ';
        text[end - 1] = ' ';
        text[end - 2] = ' ';
        return true;
    }

    private boolean isLong() {
        char quote = cursor.peek();
        return cursor.peek(1) == quote && cursor.peek(2) == quote;
    }

    private boolean shortString() {
        char quote = cursor.peek();
        cursor.advance(1);
        while (!cursor.isLineEnd()) {
            char c = cursor.peek();
            if (c == quote) {
                cursor.advance(1);
                return true;
            }
            if (!character(c, quote, false)) {
                return false;
            }
        }
        return cursor.unclear();
    }

    private boolean longString() {
        char quote = cursor.peek();
        cursor.advance(3);
        while (!cursor.isAtEnd()) {
            char c = cursor.peek();
            if (c == quote && cursor.peek(1) == quote && cursor.peek(2) == quote) {
                cursor.advance(3);
                return true;
            }
            if (c == '\n') {
                cursor.newline();
            } else if (!character(c, quote, true)) {
                return false;
            }
        }
        return cursor.unclear();
    }

    private boolean character(char c, char quote, boolean longString) {
        if (c == '\\' && quote == '"') {
            return escape(longString);
        }
        if (TomlToken.isControl(c)) {
            dialect.hide(cursor.position());
        }
        cursor.advance(1);
        return true;
    }

    private boolean refuseFourthQuote() {
        int start = cursor.position();
        char quote = text[start - 1];
        while (cursor.peek() == quote) {
            cursor.advance(1);
        }
        if (cursor.position() > start) {
            cursor.refuse(
                    start,
                    "a string ends in more than three quotes",
                    "Kata Containers takes the first three for its end",
                    "escape the quotes that belong to the string, or use the other kind of quotes");
        }
        return true;
    }

    private boolean escape(boolean longString) {
        return switch (cursor.peek(1)) {
            case 'b', 't', 'n', 'f', 'r', '"', '\\' -> {
                cursor.advance(2);
                yield true;
            }
            case 'u' -> unicodeEscape(SHORT_ESCAPE_DIGITS);
            case 'U' -> unicodeEscape(LONG_ESCAPE_DIGITS);
            case ' ', '\t', '\r', '\n' -> longString ? joinLines() : cursor.unclear();
            default -> cursor.unclear();
        };
    }

    private boolean unicodeEscape(int digits) {
        int codePoint = 0;
        for (int i = 0; i < digits; i++) {
            char c = cursor.peek(2 + i);
            int digit = c > 'f' ? -1 : Character.digit(c, 16);
            if (digit < 0) {
                return cursor.unclear();
            }
            codePoint = codePoint << 4 | digit;
        }
        dialect.noteUse(codePoint & Integer.MAX_VALUE);
        cursor.advance(2 + digits);
        return true;
    }

    /**
     * A backslash at the end of a line: all white space after it goes, of any kind that Unicode
     * knows.
     */
    private boolean joinLines() {
        if (cursor.peek(1) != '\n') {
            cursor.refuse(
                    cursor.position(),
                    "a backslash that joins two lines is not the last character of its line",
                    "Kata Containers does not read this; spaces or a carriage return may follow it",
                    "remove what follows the backslash");
        }
        cursor.advance(1);
        while (!cursor.isAtEnd() && GoText.isSpace(cursor.peek())) {
            if (cursor.peek() == '\n') {
                cursor.newline();
            } else {
                text[cursor.position()] = ' ';
                cursor.advance(1);
            }
        }
        return true;
    }
}

package dev.kumite.config;

import dev.kumite.config.TomlToken.Kind;
import java.util.HashMap;
import java.util.Map;

/**
 * Goes over a configuration file for {@link TomlDialect}: finds the strings, comments, keys and
 * bare values, and reports or rewrites those that the original and TOML 1.0 disagree about.
 * Confined to one thread, for one text.
 */
final class TomlScanner {

    private final char[] text;
    private final TomlDialect dialect;
    private final TomlCursor cursor;
    private final TomlStrings strings;

    TomlScanner(char[] text, TomlDialect dialect) {
        this.text = text;
        this.dialect = dialect;
        this.cursor = new TomlCursor(text, dialect);
        this.strings = new TomlStrings(text, dialect, cursor);
    }

    void scan() {
        while (!cursor.isAtEnd()) {
            cursor.skipBlanks();
            cursor.beginStatement();
            if (!statement()) {
                cursor.skipLine();
            }
            cursor.newline();
        }
    }

    private boolean statement() {
        char c = cursor.peek();
        if (c == '[') {
            if (!header()) {
                return false;
            }
        } else if (!cursor.isLineEnd() && c != '#' && !keyAndValue(0)) {
            return false;
        }
        cursor.skipBlanks();
        cursor.skipComment();
        return cursor.isLineEnd() || cursor.unclear();
    }

    private boolean header() {
        boolean array = cursor.peek(1) == '[';
        cursor.advance(array ? 2 : 1);
        while (true) {
            cursor.skipBlanks();
            if (TomlToken.isQuote(cursor.peek())) {
                if (!strings.key()) {
                    return false;
                }
            } else {
                skipBareKey();
            }
            cursor.skipBlanks();
            if (cursor.peek() != '.') {
                break;
            }
            cursor.advance(1);
        }
        if (cursor.peek() != ']' || (array && cursor.peek(1) != ']')) {
            return cursor.unclear();
        }
        cursor.advance(array ? 2 : 1);
        return true;
    }

    private boolean keyAndValue(int depth) {
        if (!key()) {
            return false;
        }
        cursor.skipBlanks();
        if (cursor.peek() != '=') {
            return cursor.unclear();
        }
        cursor.advance(1);
        cursor.skipBlanks();
        return value(depth) != Kind.NONE;
    }

    private boolean key() {
        int start = cursor.position();
        boolean dotted = false;
        while (true) {
            boolean read =
                    TomlToken.isQuote(cursor.peek())
                            ? strings.key()
                            : skipBareKey() || cursor.unclear();
            if (!read) {
                return false;
            }
            String key = cursor.since(start);
            cursor.skipBlanks();
            if (cursor.peek() == '.') {
                dotted = true;
                cursor.advance(1);
                cursor.skipBlanks();
                continue;
            }
            if (dotted) {
                cursor.refuse(
                        start,
                        "\"" + Toml.excerpt(key) + "\" is a dotted key",
                        "Kata Containers does not read such keys",
                        "write the first part as a [table], or put all of it in quotes");
            }
            return true;
        }
    }

    private boolean skipBareKey() {
        int start = cursor.position();
        while (TomlToken.isBareKey(cursor.peek())) {
            cursor.advance(1);
        }
        return cursor.position() > start;
    }

    private Kind value(int depth) {
        if (depth > TomlDialect.MAX_DEPTH) {
            cursor.unclear();
            return Kind.NONE;
        }
        return switch (cursor.peek()) {
            case '"', '\'' -> strings.value() ? Kind.STRING : Kind.NONE;
            case '[' -> list(depth) ? Kind.LIST : Kind.NONE;
            case '{' -> inlineTable(depth) ? Kind.TABLE : Kind.NONE;
            default -> word();
        };
    }

    private Kind word() {
        int start = cursor.position();
        while (!cursor.isAtEnd() && !TomlToken.endsWord(cursor.peek())) {
            cursor.advance(1);
        }
        String word = cursor.since(start);
        Kind kind = TomlToken.kind(word);
        if (kind == Kind.INTEGER || kind == Kind.FLOAT) {
            TomlToken.dropLeadingZeros(text, start, cursor.position());
        }
        if (kind != Kind.NONE) {
            return kind;
        }
        if (!TomlToken.isNewer(word)) {
            cursor.unclear();
            return Kind.NONE;
        }
        cursor.refuse(
                start,
                "the value " + Toml.excerpt(word) + " is written in a notation of newer TOML",
                "Kata Containers reads decimal numbers, true, false and dates such as 2022-05-01T00:00:00Z only",
                "write it as one of these");
        return Kind.OTHER;
    }

    private boolean list(int depth) {
        cursor.advance(1);
        Kind first = Kind.OTHER;
        while (true) {
            cursor.skipTrivia();
            if (cursor.peek() == ']') {
                cursor.advance(1);
                return true;
            }
            int start = cursor.position();
            Kind kind = value(depth + 1);
            if (kind == Kind.NONE) {
                return false;
            }
            if (first == Kind.OTHER) {
                first = kind;
            } else if (kind != first && kind != Kind.OTHER) {
                cursor.refuse(
                        start,
                        "a list holds " + first.words() + " and " + kind.words(),
                        "Kata Containers reads a list only if its elements have one type",
                        "use one type in the list");
                first = kind;
            }
            cursor.skipTrivia();
            if (cursor.peek() == ',') {
                cursor.advance(1);
            } else if (cursor.peek() != ']') {
                return cursor.unclear();
            }
        }
    }

    private boolean inlineTable(int depth) {
        cursor.advance(1);
        int comma = -1;
        Map<String, Integer> starts = new HashMap<>();
        Map<String, Integer> ends = new HashMap<>();
        while (true) {
            cursor.skipBlanks();
            if (cursor.peek() == '}') {
                if (comma >= 0) {
                    dialect.blank(comma, comma + 1);
                }
                cursor.advance(1);
                return true;
            }
            int start = cursor.position();
            if (!keyAndValue(depth + 1)) {
                return false;
            }
            String key = keyAt(start);
            Integer repeated = starts.put(key, start);
            if (repeated != null) {
                dialect.blank(repeated, ends.getOrDefault(key, repeated));
            }
            cursor.skipBlanks();
            comma = -1;
            if (cursor.peek() == ',') {
                comma = cursor.position();
                cursor.advance(1);
                ends.put(key, cursor.position());
            } else if (cursor.peek() != '}') {
                return cursor.unclear();
            }
        }
    }

    /**
     * {@return the key that begins at a position, without quotes; its escapes are left as they are}
     */
    private String keyAt(int start) {
        int from = start;
        while (text[from] == ' ') {
            from++;
        }
        char quote = text[from];
        int to = from + 1;
        if (!TomlToken.isQuote(quote)) {
            while (to < text.length && TomlToken.isBareKey(text[to])) {
                to++;
            }
            return new String(text, from, to - from);
        }
        while (to < text.length && text[to] != quote) {
            to += text[to] == '\\' && quote == '"' ? 2 : 1;
        }
        return new String(text, from + 1, Math.min(to, text.length) - from - 1);
    }
}

package dev.kumite.config;

/**
 * A position in the text of a configuration file, for {@link TomlScanner} and {@link TomlStrings},
 * which move it, and the steps that need no knowledge of values. Confined to one thread, for one
 * text.
 */
final class TomlCursor {

    /**
     * What {@link #peek} gives at the end of the text; it is neither part of TOML nor a control
     * character.
     */
    private static final char END = '\uFFFF';

    private final char[] text;
    private final TomlDialect dialect;
    private int at;
    private int line = 1;
    private int lineStart;
    private int statementLine = 1;

    TomlCursor(char[] text, TomlDialect dialect) {
        this.text = text;
        this.dialect = dialect;
    }

    int position() {
        return at;
    }

    int line() {
        return line;
    }

    boolean isAtEnd() {
        return at >= text.length;
    }

    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        return at + ahead < text.length ? text[at + ahead] : END;
    }

    void advance(int count) {
        at += count;
    }

    /** Remembers that a statement begins here. */
    void beginStatement() {
        statementLine = line;
    }

    /** {@return the text from a position up to here} */
    String since(int start) {
        return new String(text, start, at - start);
    }

    void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    /** Skips what may stand between the elements of a list. */
    void skipTrivia() {
        skipBlanks();
        while (!isAtEnd() && (isLineEnd() || peek() == '#')) {
            skipComment();
            newline();
            skipBlanks();
        }
    }

    /** Skips a comment, if there is one, and blanks out what the library would not bear in it. */
    void skipComment() {
        if (peek() != '#') {
            return;
        }
        while (!isLineEnd()) {
            if (TomlToken.isControl(text[at])) {
                text[at] = ' ';
            }
            at++;
        }
    }

    void skipLine() {
        while (!isLineEnd()) {
            at++;
        }
    }

    boolean isLineEnd() {
        return isAtEnd() || text[at] == '\n' || text[at] == '\r';
    }

    /** Passes the end of a line. For the original, a carriage return alone is one. */
    void newline() {
        if (isAtEnd()) {
            return;
        }
        if (text[at] == '\r') {
            if (peek(1) == '\n') {
                at++;
            } else {
                text[at] = '\n';
            }
        }
        at++;
        line++;
        lineStart = at;
    }

    /** Reports a known difference at a position of this line, or of an earlier one. */
    void refuse(int position, String what, String why, String fix) {
        int column = Math.max(0, position - lineStart) + 1;
        dialect.refuse(statementLine, dialect.at(line, column), what, why, fix);
    }

    /**
     * Reports that what stands here cannot be understood. {@code false}, for the caller to return.
     */
    boolean unclear() {
        dialect.unclear(statementLine, dialect.at(line, at - lineStart + 1));
        return false;
    }
}

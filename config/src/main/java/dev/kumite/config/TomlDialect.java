package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the TOML of Kata Containers is not TOML 1.0. The original reads files with an older
 * library; a file that it accepts must be accepted here, and one that it refuses must not quietly
 * mean something. A {@link TomlScanner}, which knows strings, comments, brackets and bare words and
 * nothing else, goes over the text before the TOML library does, and
 *
 * <ul>
 *   <li>rewrites what only the original accepts: control characters in strings and comments,
 *       leading zeros, repeated keys and a final comma in inline tables, a carriage return as the
 *       end of a line, keys in triple quotes;
 *   <li>refuses what only TOML 1.0 accepts: hexadecimal, octal and binary numbers, {@code inf} and
 *       {@code nan}, times without a date, dotted keys, lists of mixed types, a fourth quote at the
 *       end of a string, spaces between the backslash and the end of the line that it joins.
 * </ul>
 *
 * <p>Every rewriting keeps the text's length and lines, so the library's positions are those of the
 * file. What the scanner does not understand it leaves to the library.
 *
 * <p>Source: BurntSushi/toml 0.3.1, as Kata Containers used it in mid-2022. Confined to one thread,
 * for one text.
 */
final class TomlDialect {

    /** Deepest nesting of tables and lists that is read; configurations have two levels. */
    static final int MAX_DEPTH = 64;

    /** The letters that the Unicode private use area of the basic plane lies between. */
    private static final char FIRST_PRIVATE = 0xE000;

    private static final char LAST_PRIVATE = 0xF8FF;

    /** Letters that stand for control characters: 32 from U+0000 to U+001F, and one for U+007F. */
    private static final int PLACEHOLDERS = 33;

    private static final char DELETE = 0x7F;

    private static final char BYTE_ORDER_MARK = 0xFEFF;

    /**
     * Something that the original does not read.
     *
     * @param problem for people
     * @param firstLine where its statement begins
     * @param lastLine where the scanner was
     * @param certain whether it is one of the known differences; otherwise the scanner just did not
     *     understand, and what the library says of the same lines is better
     */
    record Refusal(Problem problem, int firstLine, int lastLine, boolean certain) {}

    private record Range(int start, int end) {}

    private final ConfigurationText file;
    private final char[] text;
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<Integer> hidden = new ArrayList<>();
    private final List<Range> blanked = new ArrayList<>();
    private final boolean[] usedPrivate = new boolean[LAST_PRIVATE - FIRST_PRIVATE + 1];
    private boolean wide;
    private char placeholder;

    private TomlDialect(ConfigurationText file) {
        this.file = file;
        this.text = file.text().toCharArray();
    }

    /** {@return the differences in a text} */
    static TomlDialect of(ConfigurationText file) {
        TomlDialect dialect = new TomlDialect(file);
        for (char c : dialect.text) {
            dialect.noteUse(c);
        }
        if (dialect.text.length > 0 && dialect.text[0] == BYTE_ORDER_MARK) {
            dialect.text[0] = ' ';
            dialect.refuse(
                    1,
                    new Location.Text(file.path(), 1, 1, ""),
                    "the file begins with a byte order mark",
                    "Kata Containers does not read such a file",
                    "save it without one");
        }
        new TomlScanner(dialect.text, dialect).scan();
        dialect.rewrite();
        return dialect;
    }

    /** {@return the text for the library} */
    String rewritten() {
        return new String(text);
    }

    /** {@return what must be refused though the library may read it} */
    List<Refusal> refusals() {
        return refusals;
    }

    /**
     * {@return whether a known difference is on the line, which makes what the library says of it
     * needless}
     */
    boolean refusesLine(int number) {
        for (Refusal refusal : refusals) {
            if (refusal.certain() && refusal.lastLine() == number) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return a string as the file has it, from one that the library read out of the rewritten
     * text}
     */
    String restore(String read) {
        if (placeholder == 0) {
            return read;
        }
        StringBuilder restored = new StringBuilder(read);
        for (int i = 0; i < restored.length(); i++) {
            int number = restored.charAt(i) - placeholder;
            if (number >= 0 && number < PLACEHOLDERS) {
                restored.setCharAt(i, number == PLACEHOLDERS - 1 ? DELETE : (char) number);
            }
        }
        return restored.toString();
    }

    /** {@return the column in UTF-16 code units of a column in code points; both from 1} */
    int column(int lineNumber, int codePoints) {
        if (!wide) {
            return codePoints;
        }
        int start = 0;
        for (int i = 0, passed = 1; i < text.length && passed < lineNumber; i++) {
            if (text[i] == '\n') {
                passed++;
                start = i + 1;
            }
        }
        int column = start;
        for (int i = 1; i < codePoints && column < text.length; i++) {
            column += Character.charCount(Character.codePointAt(text, column));
        }
        return column - start + 1;
    }

    /** A known difference. */
    void refuse(int firstLine, Location.Text where, String what, String why, String fix) {
        refusals.add(
                new Refusal(Problem.error(where, what, why, fix), firstLine, where.line(), true));
    }

    /** Something that the scanner does not understand, so probably not TOML. */
    void unclear(int firstLine, Location.Text where) {
        Problem problem =
                Problem.error(
                        where,
                        "unexpected character",
                        "this is not TOML as Kata Containers reads it",
                        "correct the line");
        refusals.add(new Refusal(problem, firstLine, where.line(), false));
    }

    /** {@return the place of a column in a line of the file, both from 1} */
    Location.Text at(int line, int column) {
        return new Location.Text(file.path(), line, column, "");
    }

    /** A code point occurs in the text, or will occur in a string after its escapes are read. */
    void noteUse(int codePoint) {
        if (codePoint >= FIRST_PRIVATE && codePoint <= LAST_PRIVATE) {
            usedPrivate[codePoint - FIRST_PRIVATE] = true;
        } else if (codePoint <= Character.MAX_VALUE && Character.isSurrogate((char) codePoint)) {
            wide = true;
        }
    }

    /** Takes the control character at a position of a string out of the library's sight. */
    void hide(int position) {
        hidden.add(position);
    }

    /** Replaces by spaces, unless several lines are concerned: that would move what follows. */
    void blank(int start, int end) {
        for (int i = start; i < end; i++) {
            if (text[i] == '\n') {
                return;
            }
        }
        blanked.add(new Range(start, end));
    }

    private void rewrite() {
        placeholder = hidden.isEmpty() ? 0 : freePlaceholders();
        if (placeholder != 0) {
            for (int position : hidden) {
                char c = text[position];
                text[position] = (char) (placeholder + (c == DELETE ? PLACEHOLDERS - 1 : c));
            }
        }
        for (Range range : blanked) {
            for (int i = range.start(); i < range.end(); i++) {
                text[i] = ' ';
            }
        }
    }

    /**
     * {@return the first of enough letters in a row that the text does not use; 0 if it uses too
     * many}
     */
    private char freePlaceholders() {
        int free = 0;
        for (int i = 0; i < usedPrivate.length; i++) {
            free = usedPrivate[i] ? 0 : free + 1;
            if (free == PLACEHOLDERS) {
                return (char) (FIRST_PRIVATE + i + 1 - PLACEHOLDERS);
            }
        }
        return 0;
    }
}

package dev.kumite.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Patterns in the syntax that Go's {@code regexp} had when Kata Containers was built, with Go 1.19.
 *
 * <p>RE2/J takes a little more than that, and has no bound on what a pattern may cost: nested
 * repetitions exhaust its memory, and ignoring the case of U+1C80 to U+1C88 never ends on a JDK
 * that knows these letters. So each pattern is walked over once before it is compiled; one that
 * fails the walk is no pattern, and admits nothing.
 *
 * <p>Source: Go 1.19, {@code regexp/syntax}, {@code parse.go}.
 */
final class Re2Syntax {

    /**
     * Most copies that repetitions make of anything, also where they are nested. Source: Go, {@code
     * repeatIsValid}.
     */
    private static final long MAX_REPEAT = 1000;

    /** Deepest nesting of groups. Source: Go, {@code maxHeight}. */
    private static final int MAX_DEPTH = 1000;

    /**
     * Largest program, in instructions, roughly. Go allows sixty times as many, which is more than
     * a heap of 64 MiB.
     */
    private static final long MAX_PROGRAM = 50_000;

    /** The letters whose case RE2/J cannot ignore. */
    private static final int FIRST_ENDLESS = 0x1C80;

    private static final int LAST_ENDLESS = 0x1C88;

    /** An escape that Go does not know. */
    private static final int UNKNOWN_ESCAPE = -1;

    private final String pattern;
    private final StringBuilder rewritten = new StringBuilder();
    private final Deque<Group> groups = new ArrayDeque<>();
    private int at;

    /**
     * What was read of a group; the atom is its last part, the one that a repetition would repeat.
     */
    private static final class Group {
        private long size;
        private long repeats = 1;
        private long atomSize;
        private long atomRepeats = 1;
        private boolean ignoresCase;

        void add(long moreSize, long moreRepeats) {
            size += moreSize;
            repeats = Math.max(repeats, moreRepeats);
            atomSize = moreSize;
            atomRepeats = moreRepeats;
        }
    }

    private Re2Syntax(String pattern) {
        this.pattern = pattern;
        groups.push(new Group());
    }

    /** {@return the compiled pattern, if it is one} */
    static Optional<Pattern> compile(String pattern) {
        return sized(pattern).map(Sized::pattern);
    }

    /**
     * A compiled pattern.
     *
     * @param size of its program, in instructions, roughly
     */
    record Sized(Pattern pattern, long size) {}

    /** {@return the compiled pattern with its size, if it is one} */
    static Optional<Sized> sized(String pattern) {
        Re2Syntax syntax = new Re2Syntax(pattern);
        if (!syntax.walk()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Sized(
                            Pattern.compile(syntax.rewritten.toString()),
                            syntax.groups.getLast().size));
        } catch (PatternSyntaxException notRe2) {
            return Optional.empty();
        }
    }

    private boolean walk() {
        while (at < pattern.length()) {
            int start = at;
            boolean literalBrace = false;
            boolean valid =
                    switch (pattern.charAt(at)) {
                        case '\\' -> escape();
                        case '[' -> characterClass();
                        case '(' -> open();
                        case ')' -> close();
                        case '{' -> {
                            int end = repetitionEnd();
                            literalBrace = end < 0;
                            yield literalBrace ? literal() : repetition(end);
                        }
                        default -> literal();
                    };
            if (!valid
                    || groups.getLast().size > MAX_PROGRAM
                    || groups.element().size > MAX_PROGRAM) {
                return false;
            }
            // RE2/J takes a brace that begins no repetition for one where an operator follows it
            rewritten.append(literalBrace ? "\\{" : pattern.substring(start, at));
        }
        return true;
    }

    private boolean literal() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        groups.element().add(1, 1);
        return isFoldable(c, c);
    }

    private boolean isFoldable(int low, int high) {
        return !groups.element().ignoresCase || low > LAST_ENDLESS || high < FIRST_ENDLESS;
    }

    private boolean escape() {
        if (pattern.startsWith("\\Q", at)) {
            int end = pattern.indexOf("\\E", at + 2);
            String quoted = pattern.substring(at + 2, end < 0 ? pattern.length() : end);
            at = end < 0 ? pattern.length() : end + 2;
            groups.element().add(quoted.length(), 1);
            return quoted.codePoints().allMatch(c -> isFoldable(c, c));
        }
        if (!isAsciiEscape()) {
            return false;
        }
        int c = escaped();
        groups.element().add(1, 1);
        return isFoldable(c, c);
    }

    /**
     * {@return the character that an escape stands for, if that matters to anything here; steps
     * over it}
     */
    private int escaped() {
        at++;
        if (at >= pattern.length()) {
            return 0;
        }
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        if (c == 'p' || c == 'P' || c == 'x') {
            int end = pattern.startsWith("{", at) ? pattern.indexOf('}', at) : -1;
            if (end >= 0) {
                String inside = pattern.substring(at + 1, end);
                at = end + 1;
                return c == 'x' ? hexadecimal(inside) : 0;
            }
            int digits = Math.min(c == 'x' ? 2 : 1, pattern.length() - at);
            at += digits;
            return 0;
        }
        return c;
    }

    private static int hexadecimal(String digits) {
        try {
            return Integer.parseInt(digits, 16);
        } catch (NumberFormatException notHexadecimal) {
            return 0;
        }
    }

    private boolean characterClass() {
        at++;
        if (pattern.startsWith("^", at)) {
            at++;
        }
        boolean valid = true;
        for (boolean first = true;
                at < pattern.length() && (first || pattern.charAt(at) != ']');
                first = false) {
            int named = pattern.startsWith("[:", at) ? pattern.indexOf(":]", at + 2) : -1;
            if (named >= 0) {
                at = named + 2;
                continue;
            }
            int low = member();
            if (low == UNKNOWN_ESCAPE) {
                return false;
            }
            int high = low;
            boolean range =
                    pattern.startsWith("-", at)
                            && at + 1 < pattern.length()
                            && pattern.charAt(at + 1) != ']';
            if (range) {
                at++;
                high = member();
                if (high == UNKNOWN_ESCAPE) {
                    return false;
                }
            }
            valid &= isFoldable(low, high);
        }
        at = Math.min(at + 1, pattern.length());
        groups.element().add(1, 1);
        return valid;
    }

    private int member() {
        if (pattern.charAt(at) == '\\') {
            return isAsciiEscape() ? escaped() : UNKNOWN_ESCAPE;
        }
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private boolean isAsciiEscape() {
        return at + 1 >= pattern.length() || pattern.charAt(at + 1) < 0x80;
    }

    private boolean open() {
        Group group = new Group();
        group.ignoresCase = groups.element().ignoresCase;
        at++;
        if (pattern.startsWith("?<", at)) {
            return false;
        }
        if (pattern.startsWith("?", at) && !pattern.startsWith("?P", at)) {
            int end = at + 1;
            boolean on = true;
            while (end < pattern.length()
                    && pattern.charAt(end) != ':'
                    && pattern.charAt(end) != ')') {
                on &= pattern.charAt(end) != '-';
                group.ignoresCase = pattern.charAt(end) == 'i' ? on : group.ignoresCase;
                end++;
            }
            at = Math.min(end + 1, pattern.length());
            if (end < pattern.length() && pattern.charAt(end) == ')') {
                groups.element().ignoresCase = group.ignoresCase;
                return true;
            }
        }
        groups.push(group);
        return groups.size() <= MAX_DEPTH;
    }

    private boolean close() {
        at++;
        if (groups.size() > 1) {
            Group closed = groups.pop();
            groups.element().add(closed.size + 2, closed.repeats);
        }
        return true;
    }

    /**
     * {@return the position after the repetition that begins here; -1 if the brace is only a brace}
     */
    private int repetitionEnd() {
        int end = pattern.indexOf('}', at);
        if (end < 0) {
            return -1;
        }
        int comma = pattern.indexOf(',', at);
        boolean bounds = comma >= 0 && comma < end;
        boolean valid =
                isCount(at + 1, bounds ? comma : end)
                        && (!bounds || comma + 1 == end || isCount(comma + 1, end));
        return valid ? end + 1 : -1;
    }

    /** Source: Go, {@code parseInt}: no leading zeros. */
    private boolean isCount(int start, int end) {
        for (int i = start; i < end; i++) {
            if (pattern.charAt(i) < '0' || pattern.charAt(i) > '9') {
                return false;
            }
        }
        return start < end && (pattern.charAt(start) != '0' || end == start + 1);
    }

    private boolean repetition(int end) {
        String counts = pattern.substring(at + 1, end - 1);
        at = end;
        int comma = counts.indexOf(',');
        String most =
                comma < 0 || comma == counts.length() - 1
                        ? counts.replace(",", "")
                        : counts.substring(comma + 1);
        if (most.length() > 4) {
            return false;
        }
        long times = Long.parseLong(most);
        Group group = groups.element();
        long repeats = group.atomRepeats * Math.max(1, times);
        if (times > MAX_REPEAT || (times > 0 && repeats > MAX_REPEAT)) {
            return false;
        }
        group.add(group.atomSize * times, repeats);
        return true;
    }
}

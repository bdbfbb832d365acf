package dev.kumite.oci;

import static java.util.Objects.requireNonNull;

import java.util.HexFormat;

/**
 * One thing wrong, or worth knowing, about an input. Bad input is a finding, not an exception:
 * readers and planners collect problems and the edge (command, shim, program) prints all of them
 * and decides.
 *
 * <p>The texts may quote what they are about. Characters of theirs that could disturb a terminal or
 * a log (controls, line ends, invisible formatting, halves of surrogate pairs) are replaced by
 * their escapes.
 *
 * @param severity whether the input is refused because of it
 * @param where the place it was found at
 * @param what what is wrong, with the offending value; lower case, no full stop
 * @param why why that is refused or worth a warning; may be empty
 * @param fix what to do about it; may be empty
 */
public record Problem(Severity severity, Location where, String what, String why, String fix) {

    /** Whether an input with the problem can still be used. */
    public enum Severity {
        /** The input is refused. */
        ERROR,
        /** The input is used, but probably does not mean what its author thinks. */
        WARNING
    }

    public Problem {
        requireNonNull(severity, "severity is null");
        requireNonNull(where, "where is null");
        what = visible(what);
        why = visible(why);
        fix = visible(fix);
    }

    /** {@return a problem that refuses the input} */
    public static Problem error(Location where, String what, String why, String fix) {
        return new Problem(Severity.ERROR, where, what, why, fix);
    }

    /** {@return a problem that leaves the input usable} */
    public static Problem warning(Location where, String what, String why, String fix) {
        return new Problem(Severity.WARNING, where, what, why, fix);
    }

    /** {@return whether the input is refused because of this problem} */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@return one line: {@code where: severity: what: why; fix}} */
    public String describe() {
        StringBuilder line = new StringBuilder(where.describe());
        line.append(isError() ? ": error: " : ": warning: ").append(what);
        if (!why.isEmpty()) {
            line.append(": ").append(why);
        }
        if (!fix.isEmpty()) {
            line.append("; ").append(fix);
        }
        return line.toString();
    }

    /**
     * {@return the text with escapes in place of characters that could disturb a terminal or a log}
     */
    static String visible(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                if (escaped != null) {
                    escaped.append(c);
                }
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                if (escaped != null) {
                    escaped.append(c).append(text.charAt(i));
                }
            } else {
                escaped =
                        escaped == null
                                ? new StringBuilder(text.length() + 16).append(text, 0, i)
                                : escaped;
                escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return escaped == null ? text : escaped.toString();
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

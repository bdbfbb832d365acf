package dev.kumite.cli;

import dev.kumite.oci.Problem;
import java.util.List;

/** Problems as lines for people. */
final class ProblemText {

    private static final String ERROR = ": error: ";
    private static final String WARNING = ": warning: ";

    private ProblemText() {}

    /** Writes a line for each problem. */
    static void write(List<Problem> problems, Colours colours, Output to) {
        for (Problem problem : problems) {
            to.line(line(problem, colours));
        }
    }

    /** {@return the problem's description, its severity coloured} */
    static String line(Problem problem, Colours colours) {
        String text = printable(problem.describe());
        if (colours == Colours.NONE) {
            return text;
        }
        String severity = problem.isError() ? ERROR : WARNING;
        int at = text.indexOf(severity);
        if (at < 0) {
            return text;
        }
        String word = severity.substring(2);
        return text.substring(0, at + 2)
                + (problem.isError() ? colours.error(word.strip()) : colours.warning(word.strip()))
                + ' '
                + text.substring(at + severity.length());
    }

    /**
     * {@return the text with control characters made visible: what is quoted in it may come from
     * anywhere}
     */
    static String printable(String text) {
        int clean = 0;
        while (clean < text.length() && !disturbs(text.charAt(clean))) {
            clean++;
        }
        if (clean == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, clean);
        for (int i = clean; i < text.length(); i++) {
            char c = text.charAt(i);
            if (disturbs(c)) {
                shown.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    shown.append(Character.forDigit(c >> shift & 15, 16));
                }
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /** Controls, and what changes the order or the lines of a text. */
    private static boolean disturbs(char c) {
        if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
            return true;
        }
        return c >= 0x200E
                && (c <= 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069));
    }
}

package dev.kumite.cli;

import java.util.ArrayList;
import java.util.List;

/** Text in lines of a limited width. */
final class Paragraph {

    /** Length from which on hexadecimal digits are an identity. */
    private static final int LONG_ID = 32;

    /** What is left of them. Source: containerd and podman show as many. */
    private static final int SHORT_ID = 12;

    private Paragraph() {}

    /**
     * {@return the text in lines, broken at blanks; a word that is longer than a line is left
     * whole, so that it can be copied}
     */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int start = 0;
        while (start <= text.length()) {
            int blank = text.indexOf(' ', start);
            int end = blank < 0 ? text.length() : blank;
            if (!line.isEmpty() && line.length() + 1 + end - start > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            if (!line.isEmpty()) {
                line.append(' ');
            }
            line.append(text, start, end);
            start = end + 1;
        }
        lines.add(line.toString());
        return lines;
    }

    /** {@return the text with long hexadecimal identities cut, as container managers show them} */
    static String withShortIds(String text) {
        StringBuilder shortened = new StringBuilder(text.length());
        int start = 0;
        while (start < text.length()) {
            int end = start;
            while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
                end++;
            }
            if (end - start >= LONG_ID) {
                shortened.append(text, start, start + SHORT_ID).append('\u2026');
            } else {
                shortened.append(text, start, end);
            }
            if (end < text.length()) {
                shortened.append(text.charAt(end));
            }
            start = end + 1;
        }
        return shortened.toString();
    }

    /**
     * {@return the texts of a field in one line: with commas, but as the kernel reads them if they
     * are for a kernel}
     */
    static String join(String field, List<?> texts) {
        String separator =
                field.endsWith("KernelParams") || field.endsWith("Cmd.Args") ? " " : ", ";
        return String.join(separator, texts.stream().map(Object::toString).toList());
    }

    /** {@return the text with blanks up to the width} */
    static String pad(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    /** {@return the text with blanks before it up to the width} */
    static String padLeft(String text, int width) {
        return text.length() >= width ? text : " ".repeat(width - text.length()) + text;
    }
}

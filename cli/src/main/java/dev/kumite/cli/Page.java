package dev.kumite.cli;

import dev.kumite.config.Origin;
import java.util.List;

/**
 * Lines of a limited width on an output, with headings and aligned columns. All text may come from
 * anywhere: what would disturb a terminal is made visible. Confined to one thread.
 */
final class Page {

    private static final int LEAST_WIDTH = 60;
    private static final int USUAL_WIDTH = 80;
    private static final int MOST_WIDTH = 120;

    /** Widest value that the origins are aligned behind. */
    private static final int MOST_VALUE_WIDTH = 24;

    private final Output out;
    private final Colours colours;
    private final int width;

    private Page(Output out, Colours colours, int width) {
        this.out = out;
        this.colours = colours;
        this.width = width;
    }

    /** {@return a page on standard output, as wide as the variable COLUMNS says, within reason} */
    static Page on(Console console) {
        int width = console.environment("COLUMNS").map(Page::columns).orElse(USUAL_WIDTH);
        return new Page(console.out(), console.outColours(), width);
    }

    private static int columns(String text) {
        try {
            return Math.clamp(Integer.parseInt(text), LEAST_WIDTH, MOST_WIDTH);
        } catch (NumberFormatException notANumber) {
            return USUAL_WIDTH;
        }
    }

    /**
     * A value with its name and origin.
     *
     * @param name in the first column
     * @param value in the second
     * @param origin behind the value, or below it
     * @param note below both; may be empty
     */
    record Row(String name, String value, Origin origin, String note) {}

    void blank() {
        out.line("");
    }

    void line(String text) {
        out.line(ProblemText.printable(text));
    }

    /** Writes the first line. */
    void heading(String text) {
        out.line(colours.strong(ProblemText.printable(text)));
    }

    /** Begins a section. */
    void section(String title) {
        blank();
        heading(title);
    }

    /** Writes a text, each line after the indent. */
    void paragraph(String indent, String text) {
        for (String line : Paragraph.wrap(ProblemText.printable(text), width - indent.length())) {
            out.line(indent + line);
        }
    }

    /** Writes a text that steps back, each line after the indent. */
    void faint(String indent, String text) {
        String before = indent;
        for (String line : Paragraph.wrap(ProblemText.printable(text), width - indent.length())) {
            out.line(before + colours.faint(line));
            before = " ".repeat(indent.length());
        }
    }

    /** Writes a text whose first line has something before it that the others are aligned to. */
    void hanging(String first, String text) {
        String before = first;
        for (String line : Paragraph.wrap(ProblemText.printable(text), width - first.length())) {
            out.line(before + line);
            before = " ".repeat(first.length());
        }
    }

    /**
     * Writes rows as a table: names, values, and origins behind the values where there is room,
     * else below them.
     *
     * @param everything whether origins in the specification and in the built-in configuration are
     *     written in full
     * @param mostNameWidth widest name that the values are aligned behind
     */
    void table(List<Row> rows, boolean everything, int mostNameWidth) {
        int nameWidth = 4;
        int valueWidth = 0;
        for (Row row : rows) {
            if (row.name().length() <= mostNameWidth) {
                nameWidth = Math.max(nameWidth, row.name().length());
            }
            if (row.value().length() <= MOST_VALUE_WIDTH) {
                valueWidth = Math.max(valueWidth, row.value().length());
            }
        }
        for (Row row : rows) {
            row(row, nameWidth, valueWidth, everything);
        }
    }

    private void row(Row row, int nameWidth, int valueWidth, boolean everything) {
        String name = ProblemText.printable(row.name());
        String indent = " ".repeat(nameWidth + 4);
        String before = "  " + Paragraph.pad(name, nameWidth) + "  ";
        if (name.length() > nameWidth) {
            out.line("  " + name);
            before = indent;
        }
        List<String> lines =
                Paragraph.wrap(ProblemText.printable(row.value()), width - indent.length());
        for (String line : lines.subList(0, lines.size() - 1)) {
            out.line(before + line);
            before = indent;
        }
        String origin =
                ProblemText.printable(
                        everything
                                ? OriginText.full(row.origin())
                                : OriginText.brief(row.origin()));
        String last =
                Paragraph.pad(
                        lines.getLast(), lines.size() == 1 && !origin.isEmpty() ? valueWidth : 0);
        if (origin.isEmpty()) {
            out.line(before + last);
        } else if (indent.length() + last.length() + 2 + origin.length() <= width) {
            out.line(before + last + "  " + colours.faint(origin));
        } else {
            out.line(before + lines.getLast());
            faint(indent, "from " + origin);
        }
        if (!row.note().isEmpty()) {
            faint(indent, row.note());
        }
    }
}

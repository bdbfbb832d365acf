package dev.kumite.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of texts in aligned columns. Confined to one thread. */
final class TextTable {

    /**
     * Widest column but the last, in characters; what is wider shifts the rest of its own line
     * only.
     */
    private static final int MAX_WIDTH = 60;

    private static final int GAP = 2;

    private final List<List<String>> rows = new ArrayList<>();

    private TextTable(List<String> header) {
        rows.add(header);
    }

    /** {@return a table without rows} */
    static TextTable of(String... header) {
        return new TextTable(List.of(header));
    }

    /** Adds a row of as many cells as the header has. */
    TextTable row(String... cells) {
        List<String> row = new ArrayList<>(cells.length);
        for (String cell : cells) {
            row.add(ProblemText.printable(cell));
        }
        rows.add(row);
        return this;
    }

    /** Writes the table. */
    void write(Output to, Colours colours) {
        int[] widths = widths();
        for (int i = 0; i < rows.size(); i++) {
            String line = line(rows.get(i), widths);
            to.line(i == 0 ? colours.strong(line) : line);
        }
    }

    private int[] widths() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                int width = length(row.get(column));
                if (width <= MAX_WIDTH) {
                    widths[column] = Math.max(widths[column], width);
                }
            }
        }
        return widths;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length - 1; column++) {
            String cell = row.get(column);
            line.append(cell).repeat(' ', Math.max(0, widths[column] - length(cell)) + GAP);
        }
        return line.append(row.getLast()).toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}

package dev.kumite.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** When each phase of a run began and how long it took, as bars on one axis of time. */
final class TimingsChart {

    /** Length of the axis in text, in characters. */
    private static final int TEXT_WIDTH = 48;

    private static final int SVG_WIDTH = 760;
    private static final int SVG_LABELS = 110;
    private static final int SVG_FIGURES = 90;
    private static final int SVG_ROW = 26;
    private static final int SVG_BAR = 16;

    /**
     * A phase.
     *
     * @param name a word or two
     * @param began from the beginning of the run
     * @param took from its beginning to its end
     */
    record Phase(String name, Duration began, Duration took) {
        Duration ended() {
            return began.plus(took);
        }
    }

    private final String title;
    private final List<Phase> phases;
    private final Duration total;

    private TimingsChart(String title, List<Phase> phases) {
        this.title = title;
        this.phases = phases;
        Duration end = Duration.ofNanos(1);
        for (Phase phase : phases) {
            end = phase.ended().compareTo(end) > 0 ? phase.ended() : end;
        }
        this.total = end;
    }

    /** {@return a chart of the phases, in this order} */
    static TimingsChart of(String title, List<Phase> phases) {
        return new TimingsChart(title, List.copyOf(phases));
    }

    /** {@return the chart in lines of text} */
    List<String> text() {
        int names = "together".length();
        for (Phase phase : phases) {
            names = Math.max(names, phase.name().length());
        }
        List<String> lines = new ArrayList<>();
        lines.add(title);
        for (Phase phase : phases) {
            int from = (int) Math.round(share(phase.began()) * TEXT_WIDTH);
            int to = (int) Math.round(share(phase.ended()) * TEXT_WIDTH);
            // Even the shortest phase is seen.
            from = Math.min(from, TEXT_WIDTH - 1);
            int length = Math.max(1, to - from);
            lines.add(
                    ("  " + Paragraph.pad(phase.name(), names))
                            + Paragraph.padLeft(milliseconds(phase.took()), 12)
                            + "  "
                            + " ".repeat(from)
                            + "\u2588".repeat(length));
        }
        lines.add(
                "  "
                        + Paragraph.pad("together", names)
                        + Paragraph.padLeft(milliseconds(total), 12));
        return lines;
    }

    /** {@return the chart as an SVG document} */
    String svg() {
        int height = SVG_ROW * (phases.size() + 2);
        int axis = SVG_WIDTH - SVG_LABELS - SVG_FIGURES;
        StringBuilder svg = new StringBuilder(1024);
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(SVG_WIDTH)
                .append("\" height=\"")
                .append(height)
                .append("\" font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        label(svg, 8, 18, "start", title + ", " + milliseconds(total));
        int y = SVG_ROW;
        for (Phase phase : phases) {
            double x = SVG_LABELS + share(phase.began()) * axis;
            double length = Math.max(1.5, share(phase.took()) * axis);
            label(svg, SVG_LABELS - 8, y + 17, "end", phase.name());
            svg.append("<rect x=\"")
                    .append(number(x))
                    .append("\" y=\"")
                    .append(y + (SVG_ROW - SVG_BAR) / 2)
                    .append("\" width=\"")
                    .append(number(length))
                    .append("\" height=\"")
                    .append(SVG_BAR)
                    .append("\" fill=\"#4878a8\"/>\n");
            label(svg, x + length + 6, y + 17, "start", milliseconds(phase.took()));
            y += SVG_ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void label(StringBuilder svg, double x, int y, String anchor, String text) {
        svg.append("<text x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(y)
                .append("\" text-anchor=\"")
                .append(anchor)
                .append("\">")
                .append(text.replace("&", "&amp;").replace("<", "&lt;"))
                .append("</text>\n");
    }

    private double share(Duration time) {
        return (double) time.toNanos() / total.toNanos();
    }

    private static String milliseconds(Duration time) {
        double millis = time.toNanos() / 1e6;
        return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

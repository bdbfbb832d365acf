package dev.kumite.cli;

import dev.kumite.config.Explanation.Value;
import dev.kumite.config.Origin;
import dev.kumite.config.PlanDifference;
import dev.kumite.config.PlanDifference.Difference;
import java.util.List;

/** How two plans differ, as lines for people. */
final class DifferenceText {

    private static final String FIRST = "first";
    private static final String SECOND = "second";

    private static final int SIDE_WIDTH = 6;

    private DifferenceText() {}

    /**
     * Writes all differences.
     *
     * @param what was compared, in a few words
     * @param first name of the first
     * @param second name of the second
     */
    static void write(
            PlanDifference difference, String what, String first, String second, Page page) {
        int count = difference.differences().size();
        page.heading(
                what
                        + ": "
                        + (count == 0
                                ? "no difference"
                                : count + (count == 1 ? " difference" : " differences")));
        page.blank();
        page.hanging("  first   ", first);
        page.hanging("  second  ", second);
        for (Difference one : difference.differences()) {
            page.section(one.field());
            if (!one.meaning().isEmpty()) {
                page.faint("  ", one.meaning());
            }
            page.table(rows(one), true, SIDE_WIDTH);
            if (!one.why().isEmpty()) {
                page.faint("  ", one.why());
            }
        }
    }

    private static List<Page.Row> rows(Difference difference) {
        return switch (difference) {
            case Difference.Changed(Value left, Value right, _) ->
                    List.of(row(FIRST, left), row(SECOND, right));
            case Difference.OnlyLeft(Value left, _) -> List.of(row(FIRST, left), nothing(SECOND));
            case Difference.OnlyRight(Value right, _) ->
                    List.of(nothing(FIRST), row(SECOND, right));
        };
    }

    private static Page.Row row(String side, Value value) {
        return new Page.Row(side, ExplanationText.shown(value), value.origin(), "");
    }

    private static Page.Row nothing(String side) {
        return new Page.Row(side, "not set", new Origin.Rule("", List.of()), "");
    }
}

package dev.kumite.cli;

import dev.kumite.config.Explanation;
import dev.kumite.config.Explanation.AnnotationVerdict;
import dev.kumite.config.Explanation.Entry;
import dev.kumite.config.Explanation.Fate;
import dev.kumite.config.Explanation.Section;
import dev.kumite.config.Explanation.Value;
import dev.kumite.config.Explanation.Verdict;
import dev.kumite.config.Overhead;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.List;

/** An explanation as lines for people. Confined to one thread. */
final class ExplanationText {

    private static final String INDENT = "  ";

    /** Widest names that values are aligned behind: of fields, and of fields with their owner. */
    private static final int NAMES = 22;

    private static final int WIDE_NAMES = 34;

    private final Page page;
    private final boolean all;

    ExplanationText(Page page, boolean all) {
        this.page = page;
        this.all = all;
    }

    /**
     * Writes the whole explanation.
     *
     * @param sources names and values of what was explained, in turn
     */
    void write(Explanation explanation, List<String> sources) {
        page.heading(explanation.summary().headline());
        boolean refused = explanation.summary().verdict() == Verdict.REFUSED;
        if (!refused) {
            page.blank();
            summary(explanation);
        }
        page.blank();
        for (int i = 0; i < sources.size(); i += 2) {
            page.hanging(INDENT + Paragraph.pad(sources.get(i), 16), sources.get(i + 1));
        }
        problems(explanation);
        if (refused) {
            page.section("Without that");
            summary(explanation);
        }
        explanation.sections().forEach(this::section);
        annotations(explanation.annotations());
        overhead(explanation.overhead());
        if (all) {
            values(explanation.values());
            return;
        }
        page.blank();
        long defaults = explanation.defaults();
        int values = explanation.values().size();
        page.paragraph(
                "",
                "There are "
                        + values
                        + " values behind this"
                        + (defaults == 0 ? "" : ", " + defaults + " of them defaults")
                        + "; --all shows every one with its origin and meaning.");
    }

    private void summary(Explanation explanation) {
        String text = explanation.summary().text();
        page.paragraph(INDENT, all ? text : Paragraph.withShortIds(text));
    }

    private void problems(Explanation explanation) {
        problems(
                "Refused because",
                explanation.problems().stream().filter(Problem::isError).toList());
        problems(
                "Warnings",
                explanation.problems().stream().filter(problem -> !problem.isError()).toList());
    }

    private void problems(String title, List<Problem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        page.section(title);
        for (Problem problem : problems) {
            page.hanging(INDENT + "- ", what(problem));
            if (!problem.why().isEmpty()) {
                page.hanging("      why  ", problem.why());
            }
            if (!problem.fix().isEmpty()) {
                page.hanging("      fix  ", problem.fix());
            }
        }
    }

    /** What is wrong and where, without saying twice what both have in them. */
    private static String what(Problem problem) {
        String where = problem.where().describe();
        if (problem.what().contains(where)) {
            return problem.what();
        }
        return problem.where() instanceof Location.Annotation(String key)
                ? problem.what() + " (" + key + ")"
                : where + ": " + problem.what();
    }

    private void section(Section section) {
        page.section(section.title());
        if (!section.lead().isEmpty()) {
            page.paragraph(INDENT, section.lead());
        }
        if (!section.entries().isEmpty() && !section.lead().isEmpty()) {
            page.blank();
        }
        List<Page.Row> rows = new ArrayList<>();
        for (Entry entry : section.entries()) {
            String value = all ? entry.value() : Paragraph.withShortIds(entry.value());
            rows.add(
                    new Page.Row(
                            entry.name(), value, entry.origin(), all ? note(entry) : entry.note()));
        }
        page.table(
                rows,
                all,
                section.entries().stream().allMatch(entry -> entry.name().indexOf('.') > 0)
                        ? WIDE_NAMES
                        : NAMES);
    }

    private static String note(Entry entry) {
        if (entry.meaning().isEmpty() || entry.note().isEmpty()) {
            return entry.meaning() + entry.note();
        }
        return entry.meaning() + "; " + entry.note();
    }

    private void annotations(List<AnnotationVerdict> verdicts) {
        if (verdicts.isEmpty()) {
            return;
        }
        page.section("Annotations");
        for (Fate fate :
                List.of(Fate.HONOURED, Fate.REFUSED, Fate.WITHOUT_EFFECT, Fate.READ_ELSEWHERE)) {
            List<AnnotationVerdict> some =
                    verdicts.stream().filter(verdict -> verdict.fate() == fate).toList();
            if (!some.isEmpty()) {
                page.paragraph(INDENT, title(fate));
            }
            for (AnnotationVerdict verdict : some) {
                page.hanging(
                        INDENT + INDENT,
                        OriginText.brief(verdict.key())
                                + " = "
                                + quoted(
                                        all
                                                ? verdict.value()
                                                : Paragraph.withShortIds(verdict.value())));
                if (!verdict.why().isEmpty()) {
                    page.faint("        ", verdict.why());
                }
            }
        }
        List<String> others = new ArrayList<>();
        for (AnnotationVerdict verdict : verdicts) {
            if (verdict.fate() == Fate.NOT_KATA) {
                others.add(verdict.key());
            }
        }
        if (!others.isEmpty()) {
            page.paragraph(INDENT, title(Fate.NOT_KATA));
            page.faint(INDENT + INDENT, String.join(", ", others));
        }
    }

    private static String title(Fate fate) {
        return switch (fate) {
            case HONOURED -> "honoured";
            case REFUSED -> "refused";
            case WITHOUT_EFFECT -> "without effect";
            case READ_ELSEWHERE -> "read by the container manager's rules, or later than the plan";
            case NOT_KATA -> "not Kata's; the container keeps them";
        };
    }

    private static String quoted(String value) {
        return value.isEmpty() ? "\"\"" : value;
    }

    private void overhead(Overhead overhead) {
        page.section("Cost to the host, by estimate");
        if (!overhead.figures().isEmpty()) {
            page.paragraph(INDENT, "Memory beyond the containers' own limits, in MiB:");
            page.blank();
            page.line(INDENT + Paragraph.pad("", 26) + "usually   at most");
            for (Overhead.Figure figure : overhead.figures()) {
                figure(figure.name(), figure.usualMib(), figure.mostMib());
                page.faint("        ", figure.basis());
            }
            figure("together", overhead.usualMib(), overhead.mostMib());
            page.blank();
        }
        for (String note : overhead.notes()) {
            page.hanging(overhead.notes().size() > 1 ? INDENT + "- " : INDENT, note);
        }
    }

    private void figure(String name, long usual, long most) {
        page.line(
                INDENT
                        + Paragraph.pad(name, 26)
                        + Paragraph.padLeft(Long.toString(usual), 7)
                        + Paragraph.padLeft(Long.toString(most), 10));
    }

    private void values(List<Value> values) {
        List<Page.Row> rows = new ArrayList<>();
        String group = "";
        for (Value value : values) {
            int dot = value.field().indexOf('.');
            String owner = dot < 0 ? "" : value.field().substring(0, dot);
            if (!owner.equals(group)) {
                group(group, rows);
                rows.clear();
                group = owner;
            }
            String name = value.field().substring(dot + 1);
            rows.add(new Page.Row(name, shown(value), value.origin(), value.meaning()));
        }
        group(group, rows);
    }

    private void group(String name, List<Page.Row> rows) {
        if (!rows.isEmpty()) {
            page.section("All values: " + (name.isEmpty() ? "Plan" : name));
            page.table(rows, true, WIDE_NAMES);
        }
    }

    /** {@return the value for people} */
    static String shown(Value value) {
        return switch (value.value()) {
            case Boolean flag -> flag ? "on" : "off";
            case List<?> list -> Paragraph.join(value.field(), list);
            default -> value.value().toString();
        };
    }
}

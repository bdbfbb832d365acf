package dev.kumite.cli;

import dev.kumite.config.AnnotationKey;
import dev.kumite.config.AnnotationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code kumite annotations}: shows what pods can ask for. */
final class AnnotationsCommand implements Command {

    private static final String LIST = "list";
    private static final String REFERENCE = "reference";

    @Override
    public String name() {
        return "annotations";
    }

    @Override
    public String summary() {
        return "show the annotations that pods can use";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Shows every annotation that means something: one of them with the form of its value, limits,
                what admits it and what it sets, all as a list, or all as a reference page in Markdown.\
                """,
                List.of(),
                List.of(
                        new Syntax.Operand(
                                new Syntax.Value.Names("KEY", keys()),
                                true,
                                "an annotation, or list, or reference; default: list")),
                List.of(
                        new Syntax.Example("annotations", "shows the list"),
                        new Syntax.Example(
                                "annotations io.katacontainers.config.hypervisor.default_memory",
                                "shows what this one does"),
                        new Syntax.Example(
                                "annotations reference > annotations.md",
                                "writes the page to a file")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        String asked = arguments.operand(0).orElse(LIST);
        Optional<AnnotationKey> one = AnnotationTable.find(asked);
        if (one.isPresent()) {
            show(one.get(), Page.on(console));
            return ExitCode.DONE;
        }
        if (asked.equals(REFERENCE)) {
            console.out().text(AnnotationReference.markdown());
            return ExitCode.DONE;
        }
        TextTable table = TextTable.of("ANNOTATION", "VALUE", "MEANING");
        for (AnnotationKey row : AnnotationTable.all()) {
            table.row(row.key(), AnnotationReference.form(row.kind()), row.meaning());
        }
        table.write(console.out(), console.outColours());
        return ExitCode.DONE;
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(List.of(LIST, REFERENCE));
        for (AnnotationKey row : AnnotationTable.all()) {
            keys.add(row.key());
        }
        return keys;
    }

    private static void show(AnnotationKey row, Page page) {
        page.heading(row.key());
        page.hanging("  meaning   ", row.meaning());
        page.hanging("  value     ", AnnotationReference.form(row.kind()));
        page.hanging("  limits    ", plain(AnnotationReference.limits(row.kind())));
        page.hanging("  admitted  ", plain(AnnotationReference.admitted(row)));
        page.hanging("  sets      ", row.kind().target().map(Object::toString).orElse("no field"));
    }

    /** {@return the text without the marks of Markdown} */
    private static String plain(String text) {
        return text.equals("\u2013") ? "none" : text.replace("`", "");
    }
}

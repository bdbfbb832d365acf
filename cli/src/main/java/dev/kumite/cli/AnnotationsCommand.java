package dev.kumite.cli;

import dev.kumite.config.AnnotationKey;
import dev.kumite.config.AnnotationTable;
import java.util.List;

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
                Shows every annotation that means something: as a list for people, or as a reference page in
                Markdown with the form of its value, limits, what admits it and what it sets.\
                """,
                List.of(),
                List.of(
                        new Syntax.Operand(
                                new Syntax.Value.Words("FORM", List.of(LIST, REFERENCE)),
                                true,
                                "list unless said otherwise")),
                List.of(
                        new Syntax.Example("annotations", "shows the list"),
                        new Syntax.Example(
                                "annotations reference > annotations.md",
                                "writes the page to a file")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        if (arguments.operand(0).orElse(LIST).equals(REFERENCE)) {
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
}

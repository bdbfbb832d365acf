package dev.kumite.cli;

import dev.kumite.config.Explainer;
import dev.kumite.config.Explanation;
import dev.kumite.config.Plan;
import dev.kumite.config.PlanDifference;
import dev.kumite.engine.TraceFindings;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code kumite explain}: what virtual machine a bundle gets, and why. */
final class ExplainCommand implements Command {

    private static final String FORMAT = "format";
    private static final String DIFF = "diff";
    private static final String ALL = "all";

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String summary() {
        return "say what virtual machine a bundle gets, and why";
    }

    @Override
    public Syntax syntax() {
        List<Syntax.Option> options = new ArrayList<>(PlanInputs.options());
        options.add(
                Syntax.Option.of(
                        FORMAT,
                        new Syntax.Value.Words("FORMAT", List.of("text", "json")),
                        "text for people or json for programs; default text"));
        options.add(
                Syntax.Option.of(
                        DIFF,
                        new Syntax.Value.File("OTHER"),
                        "say only what is different with another bundle (a directory) or configuration (a file)"));
        options.add(
                Syntax.Option.flag(
                        ALL, "show defaults too: every value with its origin and meaning"));
        return new Syntax(
                """
                Tells what virtual machine is made for a bundle, or joined by it: its size, how it boots, how
                files, devices and the network reach it, what became of each annotation, and what it costs the
                host. Each value comes with its origin. Nothing is started. Where the plan is refused, the reasons
                come first, and then what there would be without them.\
                """,
                options,
                List.of(),
                List.of(
                        new Syntax.Example(
                                "explain --bundle /run/containers/web",
                                "explains what a bundle gets"),
                        new Syntax.Example(
                                "explain --bundle web --diff strict.toml",
                                "tells what another configuration would change"),
                        new Syntax.Example(
                                "explain --bundle web --diff ../db",
                                "tells how the plans of two bundles differ")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Console.Format format =
                arguments.value(FORMAT, "text").equals("json")
                        ? Console.Format.JSON
                        : Console.Format.TEXT;
        Outcome<PlanInputs> read = PlanInputs.read(arguments, console);
        if (read.isRefused()) {
            console.report(read.problems(), format);
            return ExitCode.REFUSED;
        }
        PlanInputs inputs = read.value().orElseThrow();
        Optional<String> other = arguments.value(DIFF);
        if (other.isPresent()) {
            console.report(read.problems(), format);
            return difference(inputs, other.get(), arguments, console, format);
        }
        return explain(inputs, read, console, format, arguments.has(ALL));
    }

    private static ExitCode explain(
            PlanInputs inputs,
            Outcome<PlanInputs> read,
            Console console,
            Console.Format format,
            boolean all) {
        Outcome<Plan> planned = inputs.plan();
        List<Problem> problems = new ArrayList<>(read.problems());
        problems.addAll(planned.problems());
        problems.addAll(MachineFindings.of(inputs, planned));
        problems.addAll(
                TraceFindings.of(
                        inputs.runtime(), name -> Optional.ofNullable(System.getenv(name))));
        Outcome<Plan> outcome = new Outcome<>(planned.value(), problems);
        Explanation explanation =
                Explainer.of(inputs.runtime(), inputs.host(), inputs.build())
                        .explain(inputs.spec(), inputs.request(), outcome);
        switch (format) {
            case JSON -> console.out().line(Unprintable.escaped(ExplanationJson.of(explanation)));
            case TEXT ->
                    new ExplanationText(Page.on(console), all).write(explanation, sources(inputs));
        }
        if (outcome.isRefused() && !console.out().isTerminal()) {
            // whoever reads standard output elsewhere shall still learn here why the exit code is
            // not 0
            console.report(outcome.errors(), format);
        }
        return outcome.isRefused() ? ExitCode.REFUSED : ExitCode.DONE;
    }

    private static List<String> sources(PlanInputs inputs) {
        List<String> files = inputs.runtime().files();
        return List.of(
                "Bundle",
                inputs.request().bundle(),
                "Configuration",
                files.isEmpty()
                        ? "the built-in defaults, as no file was found or named"
                        : String.join(", then ", files));
    }

    private static ExitCode difference(
            PlanInputs first,
            String other,
            Arguments arguments,
            Console console,
            Console.Format format) {
        boolean bundle = first.host().isDirectory(other);
        if (!bundle && !other.endsWith(".toml")) {
            return console.misused(
                    "explain",
                    "--diff is \"" + other + "\", neither a directory nor a file named *.toml");
        }
        Map<String, List<String>> options = new HashMap<>(arguments.options());
        options.put(bundle ? "bundle" : ConfigurationInput.CONFIG, List.of(other));
        options.put("id", List.of(first.request().id()));
        Outcome<PlanInputs> read =
                PlanInputs.read(new Arguments(options, arguments.operands()), console);
        console.report(read.problems(), format);
        if (read.isRefused()) {
            return ExitCode.REFUSED;
        }
        PlanInputs second = read.value().orElseThrow();
        String secondName =
                bundle
                        ? second.request().bundle()
                        : String.join(", then ", second.runtime().files());
        String firstName = bundle ? first.request().bundle() : sources(first).getLast();
        // two bundles are compared as if they lay in the same place: where they lie is known
        PlanInputs placed =
                new PlanInputs(
                        second.spec(),
                        second.places(),
                        second.runtime(),
                        first.request(),
                        second.host(),
                        second.build());
        Outcome<Plan> firstPlan = first.plan();
        Outcome<Plan> secondPlan = placed.plan();
        if (firstPlan.isRefused() || secondPlan.isRefused()) {
            refused(firstName, firstPlan, console, format);
            refused(secondName, secondPlan, console, format);
            return ExitCode.REFUSED;
        }
        PlanDifference difference =
                Explainer.difference(
                        new Explainer.Planned(
                                first.runtime(), first.spec(), firstPlan.value().orElseThrow()),
                        new Explainer.Planned(
                                placed.runtime(), placed.spec(), secondPlan.value().orElseThrow()));
        switch (format) {
            case JSON ->
                    console.out()
                            .line(
                                    Unprintable.escaped(
                                            ExplanationJson.of(difference, firstName, secondName)));
            case TEXT -> {
                String what =
                        bundle
                                ? "Two bundles under one configuration"
                                : "One bundle under two configurations";
                DifferenceText.write(difference, what, firstName, secondName, Page.on(console));
            }
        }
        return ExitCode.DONE;
    }

    private static void refused(
            String name, Outcome<Plan> plan, Console console, Console.Format format) {
        if (plan.isRefused()) {
            if (format == Console.Format.TEXT) {
                console.note("the plan of " + ProblemText.printable(name) + " is refused:");
            }
            console.report(plan.errors(), format);
        }
    }
}

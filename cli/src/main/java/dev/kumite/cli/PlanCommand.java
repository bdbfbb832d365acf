package dev.kumite.cli;

import dev.kumite.config.KataJson;
import dev.kumite.config.Plan;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.List;

/** {@code kumite plan}: shows the virtual machine and the container that a bundle asks for. */
final class PlanCommand implements Command {

    static final String BATCH = "batch";
    static final String SUBSTITUTE = "substitute";
    static final String CONFIG_DIR = "config-dir";
    static final String FORMAT = "format";

    private static final String JSON = "json";
    private static final String YAML = "yaml";
    private static final String TABLE = "table";

    @Override
    public String name() {
        return "plan";
    }

    @Override
    public String summary() {
        return "show the virtual machine that a container would get";
    }

    @Override
    public Syntax syntax() {
        List<Syntax.Option> options = new ArrayList<>(PlanInputs.options());
        options.add(
                Syntax.Option.of(
                        FORMAT,
                        new Syntax.Value.Words("FORMAT", List.of(JSON, YAML, TABLE)),
                        "how the plan is written, JSON unless said otherwise;"
                                + " with an explicit \"json\", problems are JSON too"));
        options.add(
                Syntax.Option.of(
                                BATCH,
                                new Syntax.Value.File("FILE"),
                                "plan many bundles at once: one JSON document per line of FILE,"
                                        + " or of standard input if it is"
                                        + " \"-\" or absent; one answer per line, in the same order")
                        .valueMayBeAbsent());
        options.add(
                Syntax.Option.of(
                                SUBSTITUTE,
                                new Syntax.Value.Assignment("TEXT=VALUE"),
                                "with --batch: replace TEXT in every string of the lines"
                                        + " and in their configuration files")
                        .manyTimes());
        options.add(
                Syntax.Option.of(
                        CONFIG_DIR,
                        new Syntax.Value.Directory("DIR"),
                        "with --batch: the directory that the lines' configuration files are in; default ."));
        return new Syntax(
                """
                Decides everything about a container that is to be run, and runs nothing: reads the bundle's
                config.json and the configuration, and prints what Kata Containers calls the SandboxConfig;
                for a container that joins a pod, its ContainerConfig and the sandbox it joins. Members with
                the value zero are left out. Problems go to standard error, each with its place, reason and
                remedy. In a batch, configurations are read once and kept.\
                """,
                options,
                List.of(),
                List.of(
                        new Syntax.Example(
                                "plan --bundle /run/containers/web --format table",
                                "shows each value of the plan and where it comes from"),
                        new Syntax.Example(
                                "plan --config ./configuration.toml --assume-files --host-cpus 64",
                                "plans the bundle in the working directory as if on another host"),
                        new Syntax.Example(
                                "plan --batch cases.jsonl > answers.jsonl",
                                "plans many; a line is"
                                        + " {\"name\": ..., \"spec\": {...}, \"bundle\": ..., \"id\": ...}")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        if (arguments.has(BATCH)) {
            return BatchCommand.run(name(), arguments, console);
        }
        for (String option : List.of(SUBSTITUTE, CONFIG_DIR)) {
            if (arguments.has(option)) {
                return console.misused(
                        name(), "--" + option + " means something only with --" + BATCH);
            }
        }
        Console.Format problemFormat =
                arguments.value(FORMAT, "").equals(JSON)
                        ? Console.Format.JSON
                        : Console.Format.TEXT;
        Outcome<PlanInputs> inputs = PlanInputs.read(arguments, console);
        if (inputs.isRefused()) {
            console.report(inputs.problems(), problemFormat);
            return ExitCode.REFUSED;
        }
        PlanInputs given = inputs.value().orElseThrow();
        Outcome<Plan> plan = given.plan();
        List<Problem> problems = new ArrayList<>(inputs.problems());
        problems.addAll(plan.problems());
        console.report(problems, problemFormat);
        if (plan.isRefused()) {
            return ExitCode.REFUSED;
        }
        switch (arguments.value(FORMAT, JSON)) {
            case YAML -> console.out().text(YamlLayout.of(json(plan.value().orElseThrow())));
            case TABLE -> PlanTable.write(plan, given, console);
            default -> console.out().line(JsonLayout.indented(json(plan.value().orElseThrow())));
        }
        return ExitCode.DONE;
    }

    private static String json(Plan plan) {
        return plan instanceof Plan.NewSandbox made
                ? KataJson.of(made.sandbox())
                : KataJson.of(plan);
    }
}

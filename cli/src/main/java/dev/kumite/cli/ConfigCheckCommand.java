package dev.kumite.cli;

import dev.kumite.config.RuntimeConfig;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.List;

/** {@code kumite config check}: says all that is wrong with a configuration. */
final class ConfigCheckCommand implements Command {

    @Override
    public String name() {
        return "config check";
    }

    @Override
    public String summary() {
        return "say all that is wrong with a configuration";
    }

    @Override
    public Syntax syntax() {
        List<Syntax.Option> options = new ArrayList<>(ConfigurationInput.readingOptions());
        options.add(ConfigurationInput.hostCpus());
        options.add(
                Syntax.Option.of(
                        PlanCommand.FORMAT,
                        new Syntax.Value.Words("FORMAT", List.of("text", "json")),
                        "how problems are written, text unless said otherwise"));
        return new Syntax(
                """
                Reads a configuration with its drop-ins exactly as "plan" does, and prints every problem with
                file, line and column, reason and remedy. Without FILE, the configuration that "plan" would
                use is checked.\
                """,
                options,
                List.of(ConfigurationInput.operand()),
                List.of(
                        new Syntax.Example("config check", "checks the configuration in use"),
                        new Syntax.Example(
                                "config check --strict --assume-files ./configuration.toml",
                                "checks one for another host, and finds misspelt keys")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        boolean json = arguments.value(PlanCommand.FORMAT, "text").equals("json");
        Outcome<RuntimeConfig> outcome = ConfigurationInput.load(arguments, console);
        console.report(outcome.problems(), json ? Console.Format.JSON : Console.Format.TEXT);
        int errors = 0;
        for (Problem problem : outcome.problems()) {
            errors += problem.isError() ? 1 : 0;
        }
        int warnings = outcome.problems().size() - errors;
        if (outcome.isRefused()) {
            if (!json) {
                console.err().line(count(errors, "error") + ", " + count(warnings, "warning"));
            }
            return ExitCode.REFUSED;
        }
        List<String> files = outcome.value().orElseThrow().files();
        String what = files.isEmpty() ? "built-in configuration" : String.join(", ", files);
        console.out()
                .line(ProblemText.printable("OK: " + what + ": " + count(warnings, "warning")));
        return ExitCode.DONE;
    }

    private static String count(int number, String word) {
        return number == 0 ? "no " + word + "s" : number + " " + word + (number == 1 ? "" : "s");
    }
}

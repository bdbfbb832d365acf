package dev.kumite.cli;

import dev.kumite.config.Explanation;
import dev.kumite.config.KataJson;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.RuntimeFields;
import dev.kumite.config.Settings;
import dev.kumite.oci.Outcome;
import java.util.ArrayList;
import java.util.List;

/** {@code kumite config show}: shows the configuration as it is understood. */
final class ConfigShowCommand implements Command {

    private static final String ORIGINS = "origins";
    private static final String TABLE = "table";

    @Override
    public String name() {
        return "config show";
    }

    @Override
    public String summary() {
        return "show the configuration as it is understood";
    }

    @Override
    public Syntax syntax() {
        List<Syntax.Option> options = new ArrayList<>();
        options.add(Syntax.Option.flag(ORIGINS, "show where each value comes from, in a table"));
        options.add(
                Syntax.Option.of(
                        PlanCommand.FORMAT,
                        new Syntax.Value.Words("FORMAT", List.of(TABLE, "json")),
                        "how it is written, a table unless said otherwise"));
        options.addAll(ConfigurationInput.readingOptions());
        options.add(ConfigurationInput.hostCpus());
        return new Syntax(
                """
                Shows each value that is not zero under the name that Kata Containers has for it, after all
                defaults and drop-ins; secrets are masked. Without FILE, the configuration that "plan" would
                use is shown.\
                """,
                options,
                List.of(ConfigurationInput.operand()),
                List.of(
                        new Syntax.Example(
                                "config show --origins", "shows the file and line of each value"),
                        new Syntax.Example(
                                "config show --format json ./configuration.toml",
                                "shows it as JSON")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        boolean table = arguments.value(PlanCommand.FORMAT, TABLE).equals(TABLE);
        if (!table && arguments.has(ORIGINS)) {
            return console.misused(name(), "--" + ORIGINS + " is for tables only");
        }
        Outcome<RuntimeConfig> outcome = ConfigurationInput.load(arguments, console);
        console.report(outcome.problems(), table ? Console.Format.TEXT : Console.Format.JSON);
        if (outcome.isRefused()) {
            return ExitCode.REFUSED;
        }
        RuntimeConfig runtime = masked(outcome.value().orElseThrow());
        if (!table) {
            console.out().line(JsonLayout.indented(KataJson.of(runtime)));
            return ExitCode.DONE;
        }
        SettingsTable rows =
                SettingsTable.of(arguments.has(ORIGINS))
                        .add(runtime.settings())
                        .add(runtime.hypervisorConfig())
                        .add(runtime.agentConfig())
                        .add(runtime.factoryConfig());
        rows.write(console);
        return ExitCode.DONE;
    }

    private static RuntimeConfig masked(RuntimeConfig runtime) {
        Settings<RuntimeFields> settings = runtime.settings();
        if (settings.isZero(RuntimeFields.JAEGER_PASSWORD)) {
            return runtime;
        }
        Settings<RuntimeFields> masked =
                settings.toBuilder()
                        .set(
                                RuntimeFields.JAEGER_PASSWORD,
                                Explanation.MASK,
                                settings.origin(RuntimeFields.JAEGER_PASSWORD))
                        .build();
        return runtime.withSettings(masked);
    }
}

package dev.kumite.cli;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.ConfigurationFiles;
import dev.kumite.config.ConfigurationLoader;
import dev.kumite.config.ConfigurationText;
import dev.kumite.config.Host;
import dev.kumite.config.LoadOptions;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SystemHost;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds and loads the configuration that a command line means. */
final class ConfigurationInput {

    /** Names the option for the configuration file. */
    static final String CONFIG = "config";

    /** Names the option for the number of CPUs. */
    static final String HOST_CPUS = "host-cpus";

    private static final String ASSUME_FILES = "assume-files";
    private static final String STRICT = "strict";

    /**
     * Names the variable that says which file is used where no option does. Source: Kata
     * Containers, Go runtime.
     */
    private static final String CONFIG_VARIABLE = "KATA_CONF_FILE";

    /**
     * Most CPUs that a host can be said to have. Source: linux arch/x86/Kconfig, {@code
     * NR_CPUS_RANGE_END}.
     */
    static final int MAX_CPUS = 8192;

    private ConfigurationInput() {}

    /** {@return the options that say what the configuration is, and how it is read} */
    static List<Syntax.Option> options() {
        List<Syntax.Option> options = new ArrayList<>();
        options.add(config());
        options.add(hostCpus());
        options.addAll(readingOptions());
        return options;
    }

    /** {@return the option for the configuration file} */
    static Syntax.Option config() {
        return Syntax.Option.of(
                CONFIG,
                new Syntax.Value.File("FILE"),
                "the configuration.toml; default: $"
                        + CONFIG_VARIABLE
                        + ", "
                        + BuildConstants.PACKAGED.sysconfPath()
                        + ", "
                        + BuildConstants.PACKAGED.configPath()
                        + ", and if there is none a built-in one");
    }

    /** {@return the option for the number of CPUs} */
    static Syntax.Option hostCpus() {
        return Syntax.Option.of(
                HOST_CPUS,
                new Syntax.Value.Count("N", 1, MAX_CPUS),
                "plan for a host with so many CPUs; default: those of this one");
    }

    /** {@return the options that say how a configuration is read} */
    static List<Syntax.Option> readingOptions() {
        return List.of(
                Syntax.Option.flag(
                        ASSUME_FILES,
                        "take the files that the configuration names for granted, as for another host"),
                Syntax.Option.flag(STRICT, "refuse keys that nobody knows"));
    }

    /** {@return the machine that is planned for} */
    static Host host(Arguments arguments) {
        Host host = SystemHost.open();
        Optional<String> cpus = arguments.value(HOST_CPUS);
        return cpus.isEmpty() ? host : OverlayHost.withCpus(host, Integer.parseInt(cpus.get()));
    }

    /** {@return the operand for a configuration file} */
    static Syntax.Operand operand() {
        return new Syntax.Operand(
                new Syntax.Value.File("FILE"),
                true,
                "the configuration.toml; default: the one that \"plan\" would use");
    }

    /** {@return the configuration that the operand names, or that is used where none is named} */
    static Outcome<RuntimeConfig> load(Arguments arguments, Console console) {
        return loadOrBuiltIn(
                path(arguments.operand(0), console),
                loadOptions(arguments),
                host(arguments),
                BuildConstants.PACKAGED);
    }

    /** {@return how the command line wants configurations to be read} */
    static LoadOptions loadOptions(Arguments arguments) {
        return new LoadOptions(arguments.has(STRICT), arguments.has(ASSUME_FILES));
    }

    /**
     * {@return the file that was asked for on the command line or in the environment, if one was}
     */
    static Optional<String> path(Optional<String> argument, Console console) {
        return argument.isPresent() ? argument : console.environment(CONFIG_VARIABLE);
    }

    /**
     * {@return the configuration, the built-in one if there is none; or what is wrong with it}
     *
     * @param path the file that was asked for, if one was; else the default places are tried
     * @param host is asked for the files
     */
    static Outcome<RuntimeConfig> loadOrBuiltIn(
            Optional<String> path, LoadOptions options, Host host, BuildConstants build) {
        // A file that is there but leads nowhere is not passed over: it was meant to be used.
        if (path.isPresent()
                || host.exists(build.sysconfPath())
                || host.exists(build.configPath())) {
            return load(path, options, host, build);
        }
        // Its files belong to the guest and to QEMU, which need not be there for a plan; that they
        // are missing would be
        // said of every bundle anew.
        Outcome<RuntimeConfig> builtIn =
                ConfigurationLoader.load(
                        List.of(ConfigurationFiles.builtIn()),
                        host,
                        build,
                        new LoadOptions(options.strict(), true));
        return Outcome.of(
                builtIn.value().orElseThrow().withFilesAssumed(options.assumeFiles()),
                List.of(builtInIsUsed(build)));
    }

    /**
     * {@return the configuration, or what is wrong with it}
     *
     * @param path the file that was asked for, if one was; else the default places are tried
     * @param host is asked for the files
     */
    static Outcome<RuntimeConfig> load(
            Optional<String> path, LoadOptions options, Host host, BuildConstants build) {
        Outcome<String> file = ConfigurationFiles.locate(path, host, build);
        if (file.isRefused()) {
            return Outcome.refused(file.problems());
        }
        Outcome<List<ConfigurationText>> texts =
                ConfigurationFiles.read(file.value().orElseThrow(), host);
        if (texts.isRefused()) {
            return Outcome.refused(texts.problems());
        }
        return after(
                texts.problems(),
                ConfigurationLoader.load(texts.value().orElseThrow(), host, build, options));
    }

    private static Outcome<RuntimeConfig> after(
            List<Problem> before, Outcome<RuntimeConfig> outcome) {
        if (before.isEmpty()) {
            return outcome;
        }
        List<Problem> problems = new ArrayList<>(before);
        problems.addAll(outcome.problems());
        return new Outcome<>(outcome.value(), problems);
    }

    private static Problem builtInIsUsed(BuildConstants build) {
        return Problem.warning(
                new Location.Argument("--" + CONFIG),
                "no configuration file was found, the built-in configuration is used",
                "there is neither " + build.sysconfPath() + " nor " + build.configPath(),
                "name one with --" + CONFIG + " or $" + CONFIG_VARIABLE);
    }
}

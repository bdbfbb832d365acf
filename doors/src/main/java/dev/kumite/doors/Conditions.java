package dev.kumite.doors;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.ConfigurationFiles;
import dev.kumite.config.ConfigurationLoader;
import dev.kumite.config.ConfigurationText;
import dev.kumite.config.Host;
import dev.kumite.config.LoadOptions;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SystemHost;
import dev.kumite.doors.DoorException.Category;
import dev.kumite.engine.Engine;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a machine is made by, beside the request.
 *
 * @param texts the configuration, the main file first
 * @param builtIn whether it is the built-in one
 * @param guest the directory of the guest; empty if the configuration names it
 * @param past whether the machine was made before, and files that are named may be gone
 */
record Conditions(
        List<ConfigurationText> texts, boolean builtIn, Optional<Path> guest, boolean past) {

    Conditions {
        texts = List.copyOf(texts);
    }

    /**
     * {@return what the caller's variables say}
     *
     * @throws DoorException REFUSED if the configuration cannot be read
     */
    static Conditions of(Function<String, Optional<String>> environment) {
        Optional<String> path = environment.apply(Machines.CONFIGURATION);
        Host host = SystemHost.open();
        BuildConstants build = BuildConstants.PACKAGED;
        boolean builtIn =
                path.isEmpty()
                        && !host.exists(build.sysconfPath())
                        && !host.exists(build.configPath());
        List<ConfigurationText> texts =
                builtIn
                        ? List.of(ConfigurationFiles.builtIn())
                        : value(
                                ConfigurationFiles.read(
                                        value(ConfigurationFiles.locate(path, host, build)), host));
        return new Conditions(
                texts, builtIn, environment.apply(Machines.GUEST).map(Path::of), false);
    }

    /**
     * {@return an engine that makes such machines}
     *
     * @throws DoorException REFUSED if the configuration is wrong
     */
    Engine engine(Path root) {
        Host host = SystemHost.open();
        // Whether the built-in configuration's files are there shows when they are needed.
        boolean assumed = builtIn || past;
        RuntimeConfig loaded =
                value(
                        ConfigurationLoader.load(
                                texts,
                                host,
                                BuildConstants.PACKAGED,
                                new LoadOptions(false, assumed)));
        Engine.Builder engine = Engine.builder().root(root).host(host);
        guest.ifPresent(engine::guest);
        return engine.configuration(assumed ? loaded.withFilesAssumed(false) : loaded).build();
    }

    static <T> T value(Outcome<T> outcome) {
        return outcome.value()
                .orElseThrow(() ->
                        new DoorException(
                                Category.REFUSED,
                                outcome.errors().stream()
                                        .map(Problem::describe)
                                        .collect(Collectors.joining("; "))));
    }
}

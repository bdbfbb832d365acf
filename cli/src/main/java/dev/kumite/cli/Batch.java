package dev.kumite.cli;

import static java.util.Objects.requireNonNull;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.Host;
import dev.kumite.config.LoadOptions;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.oci.Outcome;
import java.util.Optional;

/**
 * What all lines of a batch share.
 *
 * @param host the machine that is planned for, where a line does not say otherwise
 * @param directory where the configuration files of the lines are; empty for the working directory
 * @param substitutions what is replaced in the lines and in their configuration files
 * @param configuration the file used by lines that name none; empty for the default places
 * @param loadOptions how configurations are read
 */
record Batch(
        Host host,
        String directory,
        Substitutions substitutions,
        Optional<String> configuration,
        LoadOptions loadOptions) {

    Batch {
        requireNonNull(host, "host is null");
        requireNonNull(directory, "directory is null");
        requireNonNull(substitutions, "substitutions is null");
        requireNonNull(loadOptions, "loadOptions is null");
    }

    /** {@return the number of CPUs that is planned for, where a line does not say otherwise} */
    int cpus() {
        return host.cpuCount();
    }

    /** {@return the configuration used by lines that name none} */
    Outcome<RuntimeConfig> found(Host asked, BuildConstants build) {
        return ConfigurationInput.loadOrBuiltIn(configuration, loadOptions, asked, build);
    }
}

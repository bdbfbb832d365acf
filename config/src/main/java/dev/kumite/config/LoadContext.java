package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What all steps of loading a configuration share. Confined to one thread.
 *
 * @param host the machine that the configuration is for
 * @param build the defaults that are fixed
 * @param options how strict to be
 * @param problems where findings go; shared on purpose, so not copied
 */
record LoadContext(Host host, BuildConstants build, LoadOptions options, List<Problem> problems) {

    void error(Location where, String what, String why, String fix) {
        problems.add(Problem.error(where, what, why, fix));
    }

    void warn(Location where, String what, String why, String fix) {
        problems.add(Problem.warning(where, what, why, fix));
    }

    /**
     * {@return the absolute path without links of a file that must exist} If it does not, that is a
     * problem; where files are assumed, the problem is a warning and the path stays as it is
     * written.
     *
     * @param name what the file is, such as {@code kernel}
     */
    Optional<String> resolve(String path, String name, Location where) {
        Host.Resolution resolution = host.resolve(path);
        if (resolution instanceof Host.Resolution.Found(String found)) {
            return Optional.of(found);
        }
        String what = name + " is \"" + Toml.excerpt(path) + "\"";
        if (options.assumeFiles()) {
            warn(
                    where,
                    what,
                    reason(resolution, path),
                    "make sure that the machine that will use it has the file");
            return Optional.of(path);
        }
        error(where, what, reason(resolution, path), "correct the path, or install the file");
        return Optional.empty();
    }

    /**
     * {@return why a path leads nowhere; the path itself is only told where another one was tried}
     */
    static String reason(Host.Resolution resolution, String path) {
        return switch (resolution) {
            case Host.Resolution.Found _ -> "";
            case Host.Resolution.Missing(String tried) when tried.equals(path) ->
                    "it does not exist";
            case Host.Resolution.Missing(String tried) ->
                    "\"" + Toml.excerpt(tried) + "\" does not exist";
            case Host.Resolution.Failed(String reason) -> "it cannot be resolved: " + reason;
        };
    }
}

package dev.kumite.cli;

import dev.kumite.config.ConfigurationFiles;
import java.util.List;

/** {@code kumite config template}: a configuration to start one's own from. */
final class ConfigTemplateCommand implements Command {

    @Override
    public String name() {
        return "config template";
    }

    @Override
    public String summary() {
        return "print the built-in configuration, to start your own from";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                "Prints the configuration.toml that is used on a machine without one, with its comments.",
                List.of(),
                List.of(),
                List.of(
                        new Syntax.Example(
                                "config template > /etc/kata-containers/configuration.toml",
                                "makes it the machine's own, to be changed")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        console.out().text(ConfigurationFiles.builtIn().text());
        return ExitCode.DONE;
    }
}

package dev.kumite.cli;

import dev.kumite.config.ConfigurationReference;
import java.util.List;

/** {@code kumite config reference}: describes all keys of a configuration. */
final class ConfigReferenceCommand implements Command {

    @Override
    public String name() {
        return "config reference";
    }

    @Override
    public String summary() {
        return "describe every key of configuration.toml, as Markdown";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                "Prints one section for each table of configuration.toml, made from the table that reads it.",
                List.of(),
                List.of(),
                List.of(
                        new Syntax.Example(
                                "config reference > configuration.md",
                                "writes the page to a file")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        console.out().text(ConfigurationReference.markdown());
        return ExitCode.DONE;
    }
}

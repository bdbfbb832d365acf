package dev.kumite.cli;

import java.util.List;

/**
 * {@code kumite demo}, as far as help and completion go: the launcher does it itself, since it
 * installs what is missing before there is anything to run.
 */
final class DemoCommand implements Command {

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "run a container that is made for the purpose";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Makes an OCI bundle with crun and busybox, runs it in a virtual machine, and leaves nothing behind
                but the guest. Installs what is missing, where it can.\
                """,
                List.of(),
                List.of(),
                List.of(new Syntax.Example("demo", "shows what there is")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        return console.misused(name(), "the launcher does this, start kumite with it");
    }
}

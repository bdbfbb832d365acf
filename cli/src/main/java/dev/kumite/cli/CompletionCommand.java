package dev.kumite.cli;

import java.util.List;

/** {@code kumite completion}: teaches a shell what can be typed. */
final class CompletionCommand implements Command {

    private static final String BASH = "bash";
    private static final String ZSH = "zsh";

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public String summary() {
        return "print a script that completes command lines in a shell";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                "Prints a script for the shell to read. It completes commands, options, and their values.",
                List.of(),
                List.of(
                        new Syntax.Operand(
                                new Syntax.Value.Words("SHELL", List.of(BASH, ZSH)),
                                false,
                                "the shell that will read it")),
                List.of(
                        new Syntax.Example(
                                "completion bash > /usr/share/bash-completion/completions/kumite",
                                "installs it for all users of bash"),
                        new Syntax.Example(
                                "completion zsh > /usr/share/zsh/site-functions/_kumite",
                                "installs it for all users of zsh")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        String script =
                arguments.operands().getFirst().equals(BASH)
                        ? BashCompletion.script()
                        : ZshCompletion.script();
        console.out().text(script);
        return ExitCode.DONE;
    }
}

package dev.kumite.cli;

import java.util.List;
import java.util.Optional;

/** {@code kumite help}: shows what can be typed. */
final class HelpCommand implements Command {

    @Override
    public String name() {
        return "help";
    }

    @Override
    public String summary() {
        return "show the commands, or all about one of them";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                "Shows the same as the option --help.",
                List.of(),
                List.of(
                        new Syntax.Operand(
                                new Syntax.Value.Words("COMMAND", Commands.firstWords()),
                                true,
                                "the command, or its first word"),
                        new Syntax.Operand(
                                new Syntax.Value.Text("WORD"),
                                true,
                                "the command's second word, if it has one")),
                List.of(new Syntax.Example("help plan", "shows all about the command plan")));
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        if (arguments.operands().isEmpty()) {
            Help.general(console.out(), console.outColours());
            return ExitCode.DONE;
        }
        String first = arguments.operands().getFirst();
        Optional<Command> command = Commands.find(arguments.operands());
        if (command.isPresent() && Commands.length(command.get()) == arguments.operands().size()) {
            Help.of(command.get(), console.out(), console.outColours());
            return ExitCode.DONE;
        }
        List<String> second = Commands.secondWords(first);
        if (arguments.operands().size() == 1) {
            Help.group(first, console.out(), console.outColours());
            return ExitCode.DONE;
        }
        String word = arguments.operands().get(1);
        if (second.isEmpty()) {
            return console.misused(name(), "unexpected argument \"" + word + "\"");
        }
        return console.misused(
                name(),
                "unknown command \""
                        + first
                        + " "
                        + word
                        + "\", one of "
                        + String.join(", ", second)
                        + ArgumentParser.didYouMean(word, second));
    }
}

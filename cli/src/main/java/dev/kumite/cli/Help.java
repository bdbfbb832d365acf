package dev.kumite.cli;

import java.util.ArrayList;
import java.util.List;

/** Help for people, made from {@link Commands} and each command's {@link Syntax}. */
final class Help {

    /** Longest line, in characters; fits the usual terminal. */
    private static final int WIDTH = 100;

    /** Names longer than this get a line of their own. */
    private static final int NAME_WIDTH = 26;

    private Help() {}

    /** Writes the list of all commands. */
    static void general(Output to, Colours colours) {
        to.line(
                colours.strong("kumite")
                        + ": runs every OCI container or pod in a virtual machine of its own");
        to.line("").line(colours.strong("usage:") + " kumite COMMAND [OPTION]...");
        to.line("").line(colours.strong("commands:"));
        for (Command command : Commands.all()) {
            entry(to, command.name(), command.summary());
        }
        to.line("").line(colours.strong("options:"));
        entry(to, "-h, --help", "show this, or with a command its help");
        entry(to, "--version", "show the version");
        exitCodes(Exit.meanings(), to, colours);
        to.line("").line(colours.strong("examples:"));
        to.line("  kumite run --bundle /run/containers/web web");
        to.line("  kumite explain --bundle /run/containers/web");
    }

    /** Writes the list of the commands that share a first word. */
    static void group(String first, Output to, Colours colours) {
        to.line(colours.strong("usage:") + " kumite " + first + " COMMAND [OPTION]...");
        to.line("").line(colours.strong("commands:"));
        for (Command command : Commands.group(first)) {
            entry(to, command.name(), command.summary());
        }
        to.line("").line("see also: kumite " + first + " COMMAND --help");
    }

    /** Writes all there is to know about a command. */
    static void of(Command command, Output to, Colours colours) {
        Syntax syntax = command.syntax();
        to.line(colours.strong("kumite " + command.name()) + ": " + command.summary());
        to.line("").line(colours.strong("usage:") + " " + usage(command));
        to.line("").line(syntax.description().strip());
        if (!syntax.operands().isEmpty()) {
            to.line("").line(colours.strong("arguments:"));
            for (Syntax.Operand operand : syntax.operands()) {
                entry(to, operand.value().label(), withChoice(operand.meaning(), operand.value()));
            }
        }
        to.line("").line(colours.strong("options:"));
        for (Syntax.Option option : syntax.options()) {
            entry(to, typed(option), meaning(option));
        }
        entry(to, "-h, --help", "show this");
        exitCodes(command.exitCodes(), to, colours);
        to.line("").line(colours.strong(syntax.examples().size() == 1 ? "example:" : "examples:"));
        for (Syntax.Example example : syntax.examples()) {
            to.line("  kumite " + example.arguments());
            to.line("      " + example.meaning());
        }
    }

    private static void exitCodes(List<Exit.Meaning> meanings, Output to, Colours colours) {
        to.line("").line(colours.strong("exit codes:"));
        for (Exit.Meaning meaning : meanings) {
            entry(to, meaning.number(), meaning.text());
        }
    }

    private static String usage(Command command) {
        Syntax syntax = command.syntax();
        StringBuilder usage = new StringBuilder("kumite ").append(command.name());
        if (!syntax.options().isEmpty()) {
            usage.append(" [OPTION]...");
        }
        for (Syntax.Operand operand : syntax.operands()) {
            usage.append(operand.optional() ? " [" : " ").append(operand.value().label());
            usage.append(operand.many() ? "..." : "").append(operand.optional() ? "]" : "");
        }
        return usage.toString();
    }

    private static String typed(Syntax.Option option) {
        String name =
                (option.letter().isEmpty() ? "" : "-" + option.letter() + ", ")
                        + "--"
                        + option.name();
        String label = option.value().map(Syntax.Value::label).orElse("");
        return switch (option.taking()) {
            case NOTHING -> name;
            case VALUE -> name + " " + label;
            case PERHAPS -> name + " [" + label + "]";
            case ATTACHED -> name + "[=" + label + "]";
        };
    }

    private static String meaning(Syntax.Option option) {
        String meaning =
                option.value().isPresent()
                        ? withChoice(option.meaning(), option.value().get())
                        : option.meaning();
        return option.repeatable() ? meaning + "; may be given more than once" : meaning;
    }

    private static String withChoice(String meaning, Syntax.Value value) {
        return value instanceof Syntax.Value.Words choice
                ? meaning + ": " + String.join(", ", choice.words())
                : meaning;
    }

    private static void entry(Output to, String name, String meaning) {
        StringBuilder line = new StringBuilder("  ").append(name);
        int indent = NAME_WIDTH + 4;
        if (name.length() > NAME_WIDTH) {
            to.line(line.toString());
            line.setLength(0);
        }
        for (String piece : wrap(meaning, WIDTH - indent)) {
            line.repeat(' ', indent - line.length()).append(piece);
            to.line(line.toString());
            line.setLength(0);
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        int begin = 0;
        while (text.length() - begin > width) {
            int end = text.lastIndexOf(' ', begin + width);
            if (end <= begin) {
                break;
            }
            lines.add(text.substring(begin, end));
            begin = end + 1;
        }
        lines.add(text.substring(begin));
        return lines;
    }
}

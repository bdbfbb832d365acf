package dev.kumite.cli;

import java.util.List;

/**
 * The script that teaches zsh, made from {@link Commands}. Source: zshcompsys(1), {@code
 * _arguments}, {@code _describe}.
 */
final class ZshCompletion {

    private ZshCompletion() {}

    /** {@return the script} */
    static String script() {
        StringBuilder script =
                new StringBuilder(
                        """
                        #compdef kumite
                        # Completion of kumite for zsh. Made by: kumite completion zsh

                        _kumite() {
                            local -a names
                            if ((CURRENT == 2)); then
                                names=(
                        """);
        for (String word : Commands.firstWords()) {
            List<Command> group = Commands.group(word);
            String summary = group.size() == 1 ? group.getFirst().summary() : "several commands";
            described(script, word, summary);
        }
        described(script, "--help", "show the commands");
        described(script, "--version", "show the version");
        script.append("        )\n        _describe command names\n        return\n    fi\n");
        script.append(
                "    local name=$words[2]\n    shift words\n    ((CURRENT--))\n    case $name in\n");
        for (String word : Commands.firstWords()) {
            script.append("        ").append(word).append(")\n");
            if (Commands.secondWords(word).isEmpty()) {
                arguments(script, Commands.group(word).getFirst(), "            ");
            } else {
                group(script, word);
            }
            script.append("            ;;\n");
        }
        return script.append("    esac\n}\n\n_kumite \"$@\"\n").toString();
    }

    private static void group(StringBuilder script, String word) {
        script.append("            if ((CURRENT == 2)); then\n                names=(\n");
        for (Command command : Commands.group(word)) {
            described(script, command.name().substring(word.length() + 1), command.summary());
        }
        script.append(
                "                )\n                _describe command names\n                return\n");
        script.append(
                "            fi\n            name=$words[2]\n            shift words\n            ((CURRENT--))\n");
        script.append("            case $name in\n");
        for (Command command : Commands.group(word)) {
            script.append("                ")
                    .append(command.name().substring(word.length() + 1))
                    .append(")\n");
            arguments(script, command, "                    ");
            script.append("                    ;;\n");
        }
        script.append("            esac\n");
    }

    private static void described(StringBuilder script, String word, String summary) {
        script.append("            ").append(quoted(word + ":" + escaped(summary))).append('\n');
    }

    private static void arguments(StringBuilder script, Command command, String indent) {
        Syntax syntax = command.syntax();
        script.append(indent).append("_arguments \\\n");
        for (Syntax.Option option : syntax.options()) {
            String spec =
                    (option.repeatable() ? "*" : "")
                            + "--"
                            + option.name()
                            + (option.taking() == Syntax.Taking.NOTHING
                                    ? ""
                                    : option.taking() == Syntax.Taking.ATTACHED ? "=-" : "=")
                            + "["
                            + escaped(option.meaning())
                            + "]"
                            + option.value()
                                    .map(value ->
                                            (option.taking() == Syntax.Taking.VALUE ? ":" : "::")
                                                    + action(value))
                                    .orElse("");
            script.append(indent).append("    ").append(quoted(spec)).append(" \\\n");
        }
        for (Syntax.Operand operand : syntax.operands()) {
            String spec =
                    operand.many()
                            ? "*::" + escaped(operand.value().label()) + ":_normal"
                            : (operand.optional() ? "::" : ":") + action(operand.value());
            script.append(indent).append("    ").append(quoted(spec)).append(" \\\n");
        }
        script.append(indent).append("    ").append(quoted("--help[show help]")).append('\n');
    }

    private static String action(Syntax.Value value) {
        String label = escaped(value.label()) + ":";
        return switch (value) {
            case Syntax.Value.File _ -> label + "_files";
            case Syntax.Value.Directory _ -> label + "_directories";
            case Syntax.Value.Words choice -> label + "(" + String.join(" ", choice.words()) + ")";
            case Syntax.Value.Names choice -> label + "(" + String.join(" ", choice.names()) + ")";
            case Syntax.Value.Running _ -> label + "($(kumite list --quiet 2>/dev/null))";
            case Syntax.Value.Text _,
                    Syntax.Value.Id _,
                    Syntax.Value.Count _,
                    Syntax.Value.Assignment _ ->
                    label + " ";
        };
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace(":", "\\:");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}

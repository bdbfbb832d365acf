package dev.kumite.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The script that teaches bash, made from {@link Commands}. Source: bash(1), "Programmable
 * Completion".
 */
final class BashCompletion {

    private static final String HEAD =
            """
            # Completion of kumite for bash. Made by: kumite completion bash

            _kumite_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
            _kumite_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); }
            _kumite_directories() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); }

            _kumite_running() { _kumite_words "$("${COMP_WORDS[0]}" list --quiet 2>/dev/null)"; }

            _kumite() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} name= attached=
                COMPREPLY=()
                # bash makes words of their own of the equals signs in --option=value
                if [[ $cur == = ]]; then
                    cur= attached=yes
                elif [[ $prev == = ]]; then
                    prev=${COMP_WORDS[COMP_CWORD - 2]} attached=yes
                fi
                ((COMP_CWORD > 1)) && name=${COMP_WORDS[1]}
            """;

    private static final String TAIL =
            """
            }

            complete -F _kumite kumite
            """;

    private BashCompletion() {}

    /** {@return the script} */
    static String script() {
        StringBuilder script = new StringBuilder(HEAD);
        List<String> first = new ArrayList<>(Commands.firstWords());
        List<String> groups = new ArrayList<>();
        for (String word : first) {
            if (!Commands.secondWords(word).isEmpty()) {
                groups.add(word);
            }
        }
        for (String group : groups) {
            script.append("    if [[ $name == ")
                    .append(group)
                    .append(" ]] && ((COMP_CWORD > 2)); then\n");
            script.append("        name=\"").append(group).append(" ${COMP_WORDS[2]}\"\n    fi\n");
        }
        script.append("    case $name in\n");
        first.add("--help");
        first.add("--version");
        script.append("        '') _kumite_words '")
                .append(String.join(" ", first))
                .append("' ;;\n");
        for (String group : groups) {
            script.append("        ").append(group).append(") _kumite_words '");
            script.append(String.join(" ", Commands.secondWords(group))).append(" --help' ;;\n");
        }
        for (Command command : Commands.all()) {
            command(script, command);
        }
        return script.append("    esac\n").append(TAIL).toString();
    }

    private static void command(StringBuilder script, Command command) {
        Syntax syntax = command.syntax();
        script.append("        '").append(command.name()).append("')\n            case $prev in\n");
        StringBuilder names = new StringBuilder();
        for (Syntax.Option option : syntax.options()) {
            names.append("--").append(option.name()).append(' ');
            option.value()
                    .ifPresent(value ->
                            script.append("                --")
                                    .append(option.name())
                                    .append(
                                            option.letter().isEmpty()
                                                    ? ""
                                                    : " | -" + option.letter())
                                    .append(") ")
                                    .append(
                                            option.taking() == Syntax.Taking.ATTACHED
                                                    ? "if [[ $attached ]]; then "
                                                            + action(value)
                                                            + "; return; fi ;;\n"
                                                    : action(value) + "; return ;;\n"));
        }
        script.append(
                "            esac\n            if [[ $cur == -* ]]; then\n                _kumite_words '");
        script.append(names).append("--help'\n");
        if (!syntax.operands().isEmpty()) {
            script.append("            else\n                ");
            script.append(action(syntax.operands().getFirst().value())).append('\n');
        }
        script.append("            fi\n            ;;\n");
    }

    private static String action(Syntax.Value value) {
        return switch (value) {
            case Syntax.Value.File _ -> "_kumite_files";
            case Syntax.Value.Directory _ -> "_kumite_directories";
            case Syntax.Value.Words choice ->
                    "_kumite_words '" + String.join(" ", choice.words()) + "'";
            case Syntax.Value.Names choice ->
                    "_kumite_words '" + String.join(" ", choice.names()) + "'";
            case Syntax.Value.Running _ -> "_kumite_running";
            case Syntax.Value.Text _,
                    Syntax.Value.Id _,
                    Syntax.Value.Count _,
                    Syntax.Value.Assignment _ ->
                    ":";
        };
    }
}

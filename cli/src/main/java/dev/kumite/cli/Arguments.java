package dev.kumite.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was typed after the name of a command, in keeping with its {@link Syntax}.
 *
 * @param options the values of each option that was given, by its name without dashes; no values
 *     for a switch
 * @param operands what was typed without a dash
 */
record Arguments(Map<String, List<String>> options, List<String> operands) {

    Arguments {
        options = Map.copyOf(options);
        operands = List.copyOf(operands);
    }

    /** {@return whether the option was given, with or without a value} */
    boolean has(String option) {
        return options.containsKey(option);
    }

    /** {@return the option's value, if one was given} */
    Optional<String> value(String option) {
        List<String> values = values(option);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    /** {@return the option's value, or {@code absent} if none was given} */
    String value(String option, String absent) {
        List<String> values = values(option);
        return values.isEmpty() ? absent : values.getLast();
    }

    /** {@return all values of the option, in the order in which they were typed} */
    List<String> values(String option) {
        return options.getOrDefault(option, List.of());
    }

    /** {@return the operand at an index from 0, if that many were given} */
    Optional<String> operand(int index) {
        return index < operands.size() ? Optional.of(operands.get(index)) : Optional.empty();
    }
}

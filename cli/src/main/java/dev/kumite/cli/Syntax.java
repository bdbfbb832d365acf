package dev.kumite.cli;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What may be typed after the name of a command. The only description there is: parsing, {@code
 * --help} and completion are made from it.
 *
 * @param description what the command does, in whole sentences; its lines are printed as they are
 * @param options in the order of the help
 * @param operands what may follow, in this order; only optional ones after the first that is
 *     optional
 * @param examples at least one
 */
record Syntax(
        String description, List<Option> options, List<Operand> operands, List<Example> examples) {

    /** The option that every command has. */
    static final String HELP = "help";

    Syntax {
        requireNonNull(description, "description is null");
        options = List.copyOf(options);
        operands = List.copyOf(operands);
        examples = List.copyOf(examples);
    }

    /** {@return the option of that name} */
    Optional<Option> option(String name) {
        for (Option option : options) {
            if (option.name().equals(name)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /**
     * What a value may be; checked when it is parsed, and offered when it is completed. Each kind
     * checks itself: the first {@code switch} over types costs a short command a tenth of its time,
     * since AOT caches cannot hold it.
     */
    sealed interface Value {

        /** {@return what stands for the value in the help, such as {@code FILE}} */
        String label();

        /** {@return what is wrong with a text, to follow the text; empty if nothing is} */
        default String complaint(String text) {
            return "";
        }

        /** Any text. */
        record Text(String label) implements Value {}

        /** A path of a file. */
        record File(String label) implements Value {
            @Override
            public String complaint(String text) {
                return text.isEmpty() ? "and no path is empty" : "";
            }
        }

        /** A path of a directory. */
        record Directory(String label) implements Value {
            @Override
            public String complaint(String text) {
                return text.isEmpty() ? "and no path is empty" : "";
            }
        }

        /** A whole number within bounds. */
        record Count(String label, int least, int most) implements Value {
            @Override
            public String complaint(String text) {
                try {
                    int number = Integer.parseInt(text);
                    if (number >= least && number <= most) {
                        return "";
                    }
                } catch (NumberFormatException notDecimal) {
                    // Said below, like a number that is out of bounds.
                }
                return "which is no number from " + least + " to " + most;
            }
        }

        /** A text, an equals sign, and another text, which may be empty. */
        record Assignment(String label) implements Value {
            @Override
            public String complaint(String text) {
                return text.indexOf('=') > 0 ? "" : "which is not of the form " + label;
            }
        }

        /** One of so many words that they are offered, but not listed. */
        record Names(String label, List<String> names) implements Value {
            public Names {
                names = List.copyOf(names);
            }

            @Override
            public String complaint(String text) {
                return names.contains(text)
                        ? ""
                        : "which means nothing" + ArgumentParser.didYouMean(text, names);
            }
        }

        /** One of some words. */
        record Words(String label, List<String> words) implements Value {
            public Words {
                words = List.copyOf(words);
            }

            @Override
            public String complaint(String text) {
                return words.contains(text)
                        ? ""
                        : "which is none of "
                                + String.join(", ", words)
                                + ArgumentParser.didYouMean(text, words);
            }
        }
    }

    /**
     * An option, typed as {@code --name}, {@code --name VALUE} or {@code --name=VALUE}.
     *
     * @param name without the dashes
     * @param value what it takes; nothing for a switch
     * @param valueOptional whether the value may be left out
     * @param repeatable whether it may be given more than once
     * @param meaning what it does, a clause without full stop
     */
    record Option(
            String name,
            Optional<Value> value,
            boolean valueOptional,
            boolean repeatable,
            String meaning) {

        /** {@return an option without a value} */
        static Option flag(String name, String meaning) {
            return new Option(name, Optional.empty(), false, false, meaning);
        }

        /** {@return an option with a value} */
        static Option of(String name, Value value, String meaning) {
            return new Option(name, Optional.of(value), false, false, meaning);
        }

        /** {@return the same, which may be given more than once} */
        Option manyTimes() {
            return new Option(name, value, valueOptional, true, meaning);
        }

        /** {@return the same, whose value may be left out} */
        Option valueMayBeAbsent() {
            return new Option(name, value, true, repeatable, meaning);
        }
    }

    /**
     * What is typed without a dash.
     *
     * @param value what it may be
     * @param optional whether it may be left out
     * @param meaning what it is, a clause without full stop
     */
    record Operand(Value value, boolean optional, String meaning) {}

    /**
     * A command line that works.
     *
     * @param arguments all after {@code kumite}
     * @param meaning what it does, a clause without full stop
     */
    record Example(String arguments, String meaning) {}
}

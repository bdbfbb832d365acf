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
 *     optional; only the last may be {@link Operand#many() many}
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

    /**
     * {@return whether the last operand is another program's command line: then options come before
     * the first operand, and nothing after it is ours}
     */
    boolean endsInCommandLine() {
        return !operands.isEmpty() && operands.getLast().many();
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

        /** An id for a container that is to be made. */
        record Id(String label) implements Value {
            @Override
            public String complaint(String text) {
                return PlanInputs.isContainerId(text)
                        ? ""
                        : "but an id has two characters or more, letters, digits,"
                                + " and after the first also \"_\", \".\", \"-\"";
            }
        }

        /** The id of a sandbox or container that there is. */
        record Running(String label) implements Value {
            @Override
            public String complaint(String text) {
                return new Id(label).complaint(text);
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

    /** Whether an option takes a value. */
    enum Taking {
        /** It takes none. */
        NOTHING,
        /** It takes one, as the next word or after an equals sign. */
        VALUE,
        /** It may take one, as the next word or after an equals sign. */
        PERHAPS,
        /** It may take one after an equals sign; the next word is never its value. */
        ATTACHED
    }

    /**
     * An option, typed as {@code --name}, {@code --name VALUE} or {@code --name=VALUE}, or with its
     * letter as {@code -n VALUE}.
     *
     * @param name without the dashes
     * @param letter the short form without the dash; empty if there is none
     * @param value what it takes; nothing for a switch
     * @param taking whether it takes it
     * @param repeatable whether it may be given more than once
     * @param meaning what it does, a clause without full stop
     */
    record Option(
            String name,
            String letter,
            Optional<Value> value,
            Taking taking,
            boolean repeatable,
            String meaning) {

        /** {@return an option without a value} */
        static Option flag(String name, String meaning) {
            return new Option(name, "", Optional.empty(), Taking.NOTHING, false, meaning);
        }

        /** {@return an option with a value} */
        static Option of(String name, Value value, String meaning) {
            return new Option(name, "", Optional.of(value), Taking.VALUE, false, meaning);
        }

        /** {@return the same, which can be typed with one letter, too} */
        Option withLetter(char one) {
            return new Option(name, String.valueOf(one), value, taking, repeatable, meaning);
        }

        /** {@return the same, which may be given more than once} */
        Option manyTimes() {
            return new Option(name, letter, value, taking, true, meaning);
        }

        /** {@return the same, whose value may be left out} */
        Option valueMayBeAbsent() {
            return new Option(name, letter, value, Taking.PERHAPS, repeatable, meaning);
        }

        /** {@return the same, whose value may be left out, and else follows an equals sign} */
        Option valueOnlyAttached() {
            return new Option(name, letter, value, Taking.ATTACHED, repeatable, meaning);
        }
    }

    /**
     * What is typed without a dash.
     *
     * @param value what it may be
     * @param optional whether it may be left out
     * @param many whether any number of words may follow it, which belong to it and are not looked
     *     at
     * @param meaning what it is, a clause without full stop
     */
    record Operand(Value value, boolean optional, boolean many, String meaning) {

        Operand(Value value, boolean optional, String meaning) {
            this(value, optional, false, meaning);
        }

        /** {@return the command line of another program} */
        static Operand commandLine(String label, boolean optional, String meaning) {
            return new Operand(new Value.Text(label), optional, true, meaning);
        }
    }

    /**
     * A command line that works.
     *
     * @param arguments all after {@code kumite}
     * @param meaning what it does, a clause without full stop
     */
    record Example(String arguments, String meaning) {}
}

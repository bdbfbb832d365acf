package dev.kumite.cli;

import dev.kumite.config.DidYouMean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** Holds what was typed after the name of a command against its {@link Syntax}. */
final class ArgumentParser {

    /** What the words are. */
    enum Verdict {
        /** All is well. */
        UNDERSTOOD,
        /** Help was asked for, whatever else was. */
        HELP_WANTED,
        /** Something is wrong. */
        MISUNDERSTOOD
    }

    /**
     * What came of it.
     *
     * @param verdict what the words are
     * @param arguments empty unless all is well
     * @param complaint what is wrong, lower case, no full stop; empty unless something is
     */
    record Parsed(Verdict verdict, Arguments arguments, String complaint) {

        private static final Arguments NONE = new Arguments(Map.of(), List.of());

        private static Parsed understood(Arguments arguments) {
            return new Parsed(Verdict.UNDERSTOOD, arguments, "");
        }

        private static Parsed helpWanted() {
            return new Parsed(Verdict.HELP_WANTED, NONE, "");
        }

        private static Parsed misunderstood(String complaint) {
            return new Parsed(Verdict.MISUNDERSTOOD, NONE, complaint);
        }
    }

    /** Stands for a value that was not given; no command line can contain it. */
    private static final String NO_VALUE = "\0";

    private ArgumentParser() {}

    /** {@return what the words mean to the command} */
    static Parsed parse(Syntax syntax, List<String> words) {
        int ours = syntax.endsInCommandLine() ? firstOperand(syntax, words) : words.size();
        for (String word : words.subList(0, ours)) {
            if (word.equals("--")) {
                break;
            }
            if (word.equals("--" + Syntax.HELP) || word.equals("-h")) {
                return Parsed.helpWanted();
            }
        }
        boolean plain = true;
        for (String word : words.subList(0, ours)) {
            plain &= !word.startsWith("-");
        }
        return plain
                ? checked(syntax, Map.of(), words)
                : parseOptions(syntax, words.subList(0, ours), words.subList(ours, words.size()));
    }

    /** {@return index of the first word that is neither an option nor the value of one} */
    private static int firstOperand(Syntax syntax, List<String> words) {
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String word = words.get(at);
            at++;
            if (word.equals("--")) {
                break;
            }
            if (takesTheNextWord(syntax, word)) {
                at++;
            }
        }
        return Math.min(at, words.size());
    }

    private static boolean takesTheNextWord(Syntax syntax, String word) {
        for (Syntax.Option option : syntax.options()) {
            if (option.taking() == Syntax.Taking.VALUE
                    && (word.equals("--" + option.name())
                            || (!option.letter().isEmpty()
                                    && !word.startsWith("--")
                                    && word.endsWith(option.letter())))) {
                return true;
            }
        }
        return false;
    }

    private static Parsed parseOptions(Syntax syntax, List<String> words, List<String> operands) {
        Options options = new Options();
        for (Syntax.Option option : syntax.options()) {
            options.addOption(
                    Option.builder(option.letter().isEmpty() ? null : option.letter())
                            .longOpt(option.name())
                            .hasArg(option.value().isPresent())
                            .optionalArg(
                                    option.taking() == Syntax.Taking.PERHAPS
                                            || option.taking() == Syntax.Taking.ATTACHED)
                            .get());
        }
        CommandLine line;
        try {
            line =
                    DefaultParser.builder()
                            .setAllowPartialMatching(false)
                            .setStripLeadingAndTrailingQuotes(false)
                            .get()
                            .parse(options, separated(syntax, words).toArray(String[]::new));
        } catch (UnrecognizedOptionException e) {
            return Parsed.misunderstood(unknown(syntax, e.getOption()));
        } catch (MissingArgumentException e) {
            return Parsed.misunderstood("--" + e.getOption().getLongOpt() + " needs a value");
        } catch (ParseException e) {
            return Parsed.misunderstood(String.valueOf(e.getMessage()));
        }
        Map<String, List<String>> given = new HashMap<>();
        for (Option option : line.getOptions()) {
            List<String> values =
                    given.computeIfAbsent(option.getLongOpt(), name -> new ArrayList<>());
            if (!syntax.option(option.getLongOpt()).orElseThrow().repeatable()
                    && isRepeated(line, option)) {
                return Parsed.misunderstood("--" + option.getLongOpt() + " is given twice");
            }
            for (String value : option.getValuesList()) {
                if (!value.equals(NO_VALUE)) {
                    values.add(value);
                }
            }
        }
        List<String> all = new ArrayList<>(line.getArgList());
        all.addAll(operands);
        return checked(syntax, given, all);
    }

    /** The library knows no options that leave the next word alone; so they are given a value. */
    private static List<String> separated(Syntax syntax, List<String> words) {
        List<String> separated = new ArrayList<>(words);
        for (Syntax.Option option : syntax.options()) {
            if (option.taking() == Syntax.Taking.ATTACHED) {
                separated.replaceAll(word ->
                        word.equals("--" + option.name())
                                ? "--" + option.name() + "=" + NO_VALUE
                                : word);
            }
        }
        return separated;
    }

    /** Options without a value leave no values to count. */
    private static boolean isRepeated(CommandLine line, Option option) {
        int times = 0;
        for (Option other : line.getOptions()) {
            if (other.getLongOpt().equals(option.getLongOpt())) {
                times++;
            }
        }
        return times > 1;
    }

    private static String unknown(Syntax syntax, String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        List<String> known = new ArrayList<>();
        known.add("--" + Syntax.HELP);
        for (Syntax.Option option : syntax.options()) {
            if (equals > 0 && name.equals("--" + option.name())) {
                return name + " takes no value";
            }
            known.add("--" + option.name());
        }
        return "unknown option " + name + didYouMean(name, known);
    }

    /** {@return {@code ", did you mean …?"}, or nothing} */
    static String didYouMean(String word, List<String> known) {
        Optional<String> close = DidYouMean.closest(word, known);
        return close.isEmpty() ? "" : ", did you mean " + close.get() + "?";
    }

    private static Parsed checked(
            Syntax syntax, Map<String, List<String>> options, List<String> operands) {
        for (Syntax.Option option : syntax.options()) {
            for (String value : options.getOrDefault(option.name(), List.of())) {
                Optional<String> complaint =
                        complaint(option.value().orElseThrow(), value, "--" + option.name());
                if (complaint.isPresent()) {
                    return Parsed.misunderstood(complaint.get());
                }
            }
        }
        for (int i = 0; i < syntax.operands().size(); i++) {
            Syntax.Operand operand = syntax.operands().get(i);
            if (i >= operands.size()) {
                if (operand.optional()) {
                    break;
                }
                return Parsed.misunderstood(missing(operand.value()));
            }
            Optional<String> complaint =
                    complaint(operand.value(), operands.get(i), operand.value().label());
            if (complaint.isPresent()) {
                return Parsed.misunderstood(complaint.get());
            }
        }
        if (operands.size() > syntax.operands().size() && !syntax.endsInCommandLine()) {
            return Parsed.misunderstood(
                    "unexpected argument \"" + operands.get(syntax.operands().size()) + "\"");
        }
        return Parsed.understood(new Arguments(options, operands));
    }

    private static String missing(Syntax.Value value) {
        return value instanceof Syntax.Value.Words choice
                ? value.label() + " is missing, one of " + String.join(", ", choice.words())
                : value.label() + " is missing";
    }

    private static Optional<String> complaint(Syntax.Value value, String text, String name) {
        String complaint = value.complaint(text);
        return complaint.isEmpty()
                ? Optional.empty()
                : Optional.of(name + " is \"" + text + "\", " + complaint);
    }
}

package dev.kumite.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a command line to the command, and from whatever comes of it to an exit code. */
final class Dispatcher {

    /** Names the variable of the environment that asks for the trace of a defect. */
    static final String DEBUG = "KUMITE_DEBUG";

    private Dispatcher() {}

    /** {@return how the command line ended; never an exception} */
    static Exit run(String[] words, Console console) {
        GlobalOptions global = GlobalOptions.of(List.of(words));
        if (global.log().isEmpty()) {
            return run(global, console);
        }
        KeptErrors errors = new KeptErrors(console.err().stream());
        Exit code = run(global, console.withErrors(Output.of(errors)));
        if (code instanceof ExitCode own && own != ExitCode.DONE && own != ExitCode.NO_READER) {
            global.append(errors.message(), Instant.now());
        }
        return code;
    }

    @SuppressWarnings(
            "CatchAndPrintStackTrace") // the edge: the trace is printed only where it is asked for
    private static Exit run(GlobalOptions global, Console console) {
        Exit code;
        try {
            code = dispatch(global, console);
            console.out().flush();
        } catch (Exception
                | StackOverflowError
                | OutOfMemoryError
                | LinkageError
                | AssertionError defect) {
            code = defect(defect, console);
        }
        return finish(code, console);
    }

    private static Exit dispatch(GlobalOptions global, Console console) {
        List<String> words = global.rest();
        if (words.isEmpty()) {
            return console.misused(
                    "", "no command given, one of " + String.join(", ", Commands.firstWords()));
        }
        String first = words.getFirst();
        if (global.version()) {
            Main.printVersion(console.out());
            return ExitCode.DONE;
        }
        if (first.equals("--help") || first.equals("-h")) {
            Help.general(console.out(), console.outColours());
            return ExitCode.DONE;
        }
        Optional<Command> found = Commands.find(words);
        if (found.isEmpty()) {
            return unknown(words, console);
        }
        Command command = found.get();
        Syntax syntax = command.syntax();
        ArgumentParser.Parsed parsed =
                ArgumentParser.parse(syntax, words.subList(Commands.length(command), words.size()));
        return switch (parsed.verdict()) {
            case UNDERSTOOD -> command.run(withRoot(parsed.arguments(), syntax, global), console);
            case HELP_WANTED -> {
                Help.of(command, console.out(), console.outColours());
                yield ExitCode.DONE;
            }
            case MISUNDERSTOOD -> console.misused(command.name(), parsed.complaint());
        };
    }

    /** The command's own option counts more than that of the whole line. */
    private static Arguments withRoot(Arguments own, Syntax syntax, GlobalOptions global) {
        if (global.root().isEmpty()
                || own.has(EngineInput.ROOT)
                || syntax.option(EngineInput.ROOT).isEmpty()) {
            return own;
        }
        Map<String, List<String>> options = new HashMap<>(own.options());
        options.put(EngineInput.ROOT, List.of(global.root().get()));
        return new Arguments(options, own.operands());
    }

    private static ExitCode unknown(List<String> words, Console console) {
        String first = words.getFirst();
        List<String> second = Commands.secondWords(first);
        if (second.isEmpty()) {
            String kind = first.startsWith("-") ? "unknown option " : "unknown command ";
            return console.misused(
                    "",
                    kind
                            + "\""
                            + first
                            + "\""
                            + ArgumentParser.didYouMean(first, Commands.firstWords()));
        }
        if (words.size() > 1 && (words.get(1).equals("--help") || words.get(1).equals("-h"))) {
            Help.group(first, console.out(), console.outColours());
            return ExitCode.DONE;
        }
        String choice = ", one of " + String.join(", ", second);
        if (words.size() == 1) {
            return console.misused(first, "\"" + first + "\" needs a second word" + choice);
        }
        return console.misused(
                first,
                "unknown command \""
                        + first
                        + " "
                        + words.get(1)
                        + "\""
                        + choice
                        + ArgumentParser.didYouMean(words.get(1), second));
    }

    private static ExitCode defect(Throwable defect, Console console) {
        boolean debug = console.environment(DEBUG).isPresent();
        console.note(
                "internal error: "
                        + ProblemText.printable(defect.toString())
                        + " (report it; "
                        + (debug
                                ? "the trace follows)"
                                : "run with " + DEBUG + "=1 for the trace)"));
        if (debug) {
            StringWriter trace = new StringWriter();
            defect.printStackTrace(new PrintWriter(trace));
            console.err().text(trace.toString());
        }
        return ExitCode.DEFECT;
    }

    private static Exit finish(Exit code, Console console) {
        Exit ended = code;
        if (console.out().hasNoReader()) {
            ended = ExitCode.NO_READER;
        } else if (console.out().failed()) {
            console.note("error: standard output cannot be written: " + console.out().failure());
            ended = ExitCode.REFUSED;
        }
        console.err().flush();
        return ended;
    }
}

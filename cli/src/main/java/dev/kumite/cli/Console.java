package dev.kumite.cli;

import dev.kumite.oci.Problem;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a command has around it: standard streams and environment. Used by one thread at a time. */
final class Console {

    /** How problems are written. */
    enum Format {
        /** One line each, for people. */
        TEXT,
        /** One JSON document, for programs. */
        JSON
    }

    private final InputStream in;
    private final Output out;
    private final Output err;
    private final UnaryOperator<@Nullable String> environment;

    Console(InputStream in, Output out, Output err, UnaryOperator<@Nullable String> environment) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /** {@return the console of this process} */
    static Console ofProcess() {
        return new Console(System.in, Output.standard(), Output.error(), System::getenv);
    }

    /** {@return a console that writes to these streams, which are no terminals} */
    static Console of(PrintStream out, PrintStream err) {
        return new Console(System.in, Output.of(out), Output.of(err), System::getenv);
    }

    /** {@return the same with another standard error} */
    Console withErrors(Output other) {
        return new Console(in, out, other, environment);
    }

    /** {@return standard input} */
    InputStream in() {
        return in;
    }

    /** {@return standard output, UTF-8} */
    Output out() {
        return out;
    }

    /** {@return standard error, UTF-8} */
    Output err() {
        return err;
    }

    /** {@return a variable of the environment, if it is set and not empty} */
    Optional<String> environment(String name) {
        String value = environment.apply(name);
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /** {@return the colours that suit standard output} */
    Colours outColours() {
        return colours(out);
    }

    /** {@return the colours that suit standard error} */
    Colours errColours() {
        return colours(err);
    }

    private Colours colours(Output output) {
        // Source: https://no-color.org
        boolean plain =
                environment("NO_COLOR").isPresent()
                        || environment("TERM").orElse("dumb").equals("dumb");
        return plain || !output.isTerminal() ? Colours.NONE : Colours.ANSI;
    }

    /** Writes problems to standard error, if there are any. */
    void report(List<Problem> problems, Format format) {
        if (problems.isEmpty()) {
            return;
        }
        switch (format) {
            case TEXT -> ProblemText.write(problems, errColours(), err);
            case JSON -> err.line(Unprintable.escaped(ProblemJson.document(problems)));
        }
    }

    /** Writes a line for people to standard error. */
    void note(String text) {
        err.line("kumite: " + ProblemText.printable(text));
    }

    /**
     * Says that the command line is not understood.
     *
     * @param command name of the command; empty if it is not known
     * @param complaint what is wrong, lower case, no full stop
     */
    ExitCode misused(String command, String complaint) {
        note(complaint);
        err.line(command.isEmpty() ? "see: kumite --help" : "see: kumite " + command + " --help");
        return ExitCode.USAGE;
    }
}

package dev.kumite.cli;

import java.io.PrintStream;

/** Where the {@code kumite} command begins. */
public final class Main {

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int exitCode = Dispatcher.run(arguments, Console.ofProcess()).number();
        // Not System.exit: it asks a logger whether to log the exit, and setting up logging takes
        // a third of the time that a short command has. There are no shutdown hooks to lose.
        Runtime.getRuntime().halt(exitCode);
    }

    /** {@return the exit code, see {@link ExitCode}} */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        return Dispatcher.run(arguments, Console.of(out, err)).number();
    }

    /** In the form of runc and crun, which engines take apart. */
    static void printVersion(Output out) {
        out.line("kumite version " + Version.TEXT);
        out.line("spec: " + FeaturesCommand.NEWEST_SPECIFICATION);
    }
}

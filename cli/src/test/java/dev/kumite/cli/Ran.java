package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * What came of a command line that was run in this process.
 *
 * @param exitCode how it ended
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Ran(Exit exitCode, String out, String err) {

    /** Runs a command line with an empty environment and no input. */
    static Ran of(String... words) {
        return with(Map.of(), "", words);
    }

    /** Runs a command line with an environment and an input. */
    static Ran with(Map<String, String> environment, String in, String... words) {
        return with(environment, in.getBytes(UTF_8), words);
    }

    /** Runs a command line with an environment and an input. */
    static Ran with(Map<String, String> environment, byte[] in, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(
                        new ByteArrayInputStream(in),
                        Output.of(new PrintStream(out, false, UTF_8)),
                        Output.of(new PrintStream(err, false, UTF_8)),
                        environment::get);
        Exit exitCode = Dispatcher.run(words, console);
        return new Ran(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** {@return the lines of standard output} */
    List<String> outLines() {
        return out.isEmpty()
                ? List.of()
                : List.of(out.split("\n", -1)).subList(0, out.split("\n", -1).length - 1);
    }
}

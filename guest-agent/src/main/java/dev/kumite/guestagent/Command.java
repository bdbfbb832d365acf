package dev.kumite.guestagent;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the guest's small tools to their end. */
final class Command {

    private static final File NOTHING = new File("/dev/null");

    /** What is kept of a tool's output, in bytes. */
    private static final int MAX_OUTPUT_BYTES = 8 << 10;

    /**
     * What a tool left.
     *
     * @param code its exit code
     * @param output both its outputs, one line
     */
    record Result(int code, String output) {}

    private Command() {}

    /** {@return a builder whose child has no environment but a path, and reads nothing} */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment()
                .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.redirectInput(NOTHING);
        return builder;
    }

    /** {@return {@code first} and then {@code more}} */
    static List<String> line(List<String> first, String... more) {
        List<String> line = new ArrayList<>(first.size() + more.length);
        line.addAll(first);
        for (String word : more) {
            line.add(word);
        }
        return line;
    }

    /**
     * Runs a tool that prints little: one that fills a pipe, 64 KiB, runs into the limit.
     *
     * @throws dev.kumite.ttrpc.TtrpcException if it cannot be started or takes too long; it is
     *     killed then
     */
    static Result run(List<String> command, int timeoutSeconds) {
        Process process;
        try {
            process = Spawn.start(builder(command).redirectErrorStream(true));
        } catch (IOException e) {
            throw Refusal.failed("cannot start " + command.getFirst() + ": " + e.getMessage());
        }
        try {
            if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                throw Refusal.late(
                        name(command) + " did not end within " + timeoutSeconds + " seconds");
            }
            byte[] output = process.getInputStream().readNBytes(MAX_OUTPUT_BYTES);
            return new Result(
                    process.exitValue(), OneLine.of(new String(output, StandardCharsets.UTF_8)));
        } catch (InterruptedException _) {
            throw Refusal.interrupted();
        } catch (IOException e) {
            throw Refusal.failed("cannot read from " + name(command) + ": " + e.getMessage());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs a tool that has to succeed; {@code what} begins the message if it does not. */
    static void require(List<String> command, int timeoutSeconds, String what) {
        Result result = run(command, timeoutSeconds);
        if (result.code() != 0) {
            throw Refusal.failed(
                    what
                            + ": "
                            + (result.output().isEmpty()
                                    ? name(command) + " exited with code " + result.code()
                                    : result.output()));
        }
    }

    /** The tool and its applet say enough; the rest may hold what is nobody's business. */
    private static String name(List<String> command) {
        return command.size() > 1 ? command.get(0) + " " + command.get(1) : command.get(0);
    }
}

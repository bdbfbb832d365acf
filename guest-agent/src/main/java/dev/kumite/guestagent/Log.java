package dev.kumite.guestagent;

import java.io.PrintStream;

/**
 * One line for each event, for whoever reads the machine's console. Never holds environments,
 * arguments or file contents: the console is kept on the host. Safe for any number of threads.
 */
final class Log {

    /** How much is said, from little to much. Source: Kata's {@code agent.log}. */
    enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG;

        /** {@return the level of that name as Kata writes it; INFO for one that is not known} */
        static Level of(String name) {
            return switch (name) {
                case "error", "critical" -> ERROR;
                case "warn", "warning" -> WARN;
                case "debug", "trace" -> DEBUG;
                default -> INFO;
            };
        }
    }

    private final Level most;
    private final PrintStream out;

    Log(Level most, PrintStream out) {
        this.most = most;
        this.out = out;
    }

    void error(String event) {
        write(Level.ERROR, "error: ", event);
    }

    void warn(String event) {
        write(Level.WARN, "warning: ", event);
    }

    void info(String event) {
        write(Level.INFO, "", event);
    }

    void debug(String event) {
        write(Level.DEBUG, "debug: ", event);
    }

    /** {@return whether {@link #debug} says anything: for what is costly to say} */
    boolean isDebug() {
        return most == Level.DEBUG;
    }

    private void write(Level level, String kind, String event) {
        if (level.compareTo(most) <= 0) {
            out.println(uptime() + "agent: " + kind + OneLine.of(event));
        }
    }

    /**
     * {@return the time since the machine started, as the kernel writes it beside its messages} On
     * Linux, nanoTime is CLOCK_MONOTONIC.
     */
    private static String uptime() {
        long millis = System.nanoTime() / 1_000_000;
        String fraction = Long.toString(millis % 1000 + 1000);
        return "[" + millis / 1000 + "." + fraction.substring(1) + "] ";
    }
}

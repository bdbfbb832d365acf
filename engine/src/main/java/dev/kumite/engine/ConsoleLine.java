package dev.kumite.engine;

/** Lines that a guest writes to its console. */
final class ConsoleLine {

    /**
     * What a line of the agent's begins with, behind the time that agent and kernel write in
     * brackets; everything else is the kernel's or another program's. Source: guest-agent, {@code
     * Log}.
     */
    private static final String AGENT_MARK = "agent: ";

    /** What each line of Kata's agent has, which is JSON. Source: its {@code logging} crate. */
    private static final String KATA_AGENT_MARK = "\"source\":\"agent\"";

    private ConsoleLine() {}

    /** {@return who wrote the line} */
    static RecordEntry.Source source(String line) {
        int text = line.startsWith("[") ? line.indexOf("] ") + 2 : 0;
        return line.startsWith(AGENT_MARK, text)
                        || (line.startsWith("{") && line.contains(KATA_AGENT_MARK))
                ? RecordEntry.Source.AGENT
                : RecordEntry.Source.CONSOLE;
    }
}

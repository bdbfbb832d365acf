package dev.kumite.supervisor;

import dev.kumite.linux.ProcessIdentity;
import dev.kumite.oci.State;
import dev.kumite.oci.StateReader;
import dev.kumite.oci.StateWriter;
import java.util.Optional;

/**
 * What is on disk about a container: a line for us, then the state as {@code state} prints it. The
 * first word of the line is the status, by which {@code front} sees whether it may print the rest.
 *
 * @param state as the specification has it; the pid is the holder's, 0 once stopped
 * @param sandbox identity of the machine; empty as long as there is none
 * @param holder the process that stands for the container's
 * @param terminal whether the container has one
 * @param exitCode how it ended; 0 before
 */
record Entry(
        State state,
        String sandbox,
        Optional<ProcessIdentity> holder,
        boolean terminal,
        int exitCode) {

    /** The words of the specification, and runc's {@code paused}. */
    static final String CREATING = "creating";

    static final String CREATED = "created";
    static final String RUNNING = "running";
    static final String PAUSED = "paused";
    static final String STOPPED = "stopped";

    private static final int FIELDS = 6;
    private static final String NONE = "-";

    String id() {
        return state.id();
    }

    String status() {
        return state.status();
    }

    boolean is(String status) {
        return state.status().equals(status);
    }

    Entry withStatus(String status) {
        return new Entry(
                new State(
                        state.ociVersion(),
                        state.id(),
                        status,
                        status.equals(STOPPED) ? 0 : state.pid(),
                        state.bundle(),
                        state.annotations()),
                sandbox,
                holder,
                terminal,
                exitCode);
    }

    Entry withSandbox(String id) {
        return new Entry(state, id, holder, terminal, exitCode);
    }

    Entry stopped(int code) {
        Entry stopped = withStatus(STOPPED);
        return new Entry(stopped.state, sandbox, holder, terminal, code);
    }

    /** {@return the file's text} */
    String text() {
        return "%s %d %d %s %s %d%n%s%n"
                .formatted(
                        state.status(),
                        holder.map(ProcessIdentity::pid).orElse(0),
                        holder.map(ProcessIdentity::startTimeTicks).orElse(0L),
                        sandbox.isEmpty() ? NONE : sandbox,
                        terminal ? "tty" : "notty",
                        exitCode,
                        StateWriter.write(state));
    }

    /** {@return the entry; empty if the text is none} */
    static Optional<Entry> parse(String text) {
        int end = text.indexOf('\n');
        String[] fields = (end < 0 ? text : text.substring(0, end)).split(" ", -1);
        if (fields.length != FIELDS) {
            return Optional.empty();
        }
        Optional<State> state = StateReader.read(text.substring(end + 1), "state").value();
        try {
            int pid = Integer.parseInt(fields[1]);
            long start = Long.parseLong(fields[2]);
            int code = Integer.parseInt(fields[5]);
            return state.map(read ->
                    new Entry(
                            read,
                            fields[3].equals(NONE) ? "" : fields[3],
                            pid < 1
                                    ? Optional.empty()
                                    : Optional.of(new ProcessIdentity(pid, start)),
                            fields[4].equals("tty"),
                            code));
        } catch (NumberFormatException damaged) {
            return Optional.empty();
        }
    }
}

package dev.kumite.supervisor;

import java.util.List;
import java.util.Optional;

/** What a command line asks for. Source: runc(8), crun(1). */
sealed interface Verb {

    /**
     * Makes a container; {@link Start} runs its program.
     *
     * @param id the container's
     * @param bundle its directory, relative to that of the caller
     * @param pidFile gets the pid of the process that stands for the container's; empty for none
     * @param consoleSocket gets the container's terminal; empty for none
     */
    record Create(
            String id, String bundle, Optional<String> pidFile, Optional<String> consoleSocket)
            implements Verb {}

    /** Runs the program of a container that was made. */
    record Start(String id) implements Verb {}

    /** Prints the container's state. */
    record State(String id) implements Verb {}

    /**
     * Sends a signal.
     *
     * @param id the container's
     * @param signal number
     * @param all whether to all processes of the container
     */
    record Kill(String id, int signal, boolean all) implements Verb {}

    /**
     * Removes a container.
     *
     * @param id the container's
     * @param force whether also one that runs, and whether none of that name is fine, too
     */
    record Delete(String id, boolean force) implements Verb {}

    /**
     * Runs a further program in a container.
     *
     * @param id the container's
     * @param program what to run
     * @param pidFile see {@link Create}
     * @param consoleSocket see {@link Create}
     * @param detach whether the command ends at once
     */
    record Exec(
            String id,
            Program program,
            Optional<String> pidFile,
            Optional<String> consoleSocket,
            boolean detach)
            implements Verb {}

    /** Stops all processes of the container for a while. */
    record Pause(String id) implements Verb {}

    /** Lets them go on. */
    record Resume(String id) implements Verb {}

    /**
     * Changes limits.
     *
     * @param id the container's
     * @param file with the new limits as in {@code linux.resources}; {@code -} for standard input,
     *     empty for none
     * @param limits single ones, by the name of their option
     */
    record Update(String id, Optional<String> file, List<Limit> limits) implements Verb {}

    /**
     * Prints the pids that stand for the container's processes on this host.
     *
     * @param id the container's
     * @param json whether as a JSON array
     */
    record Ps(String id, boolean json) implements Verb {}

    /**
     * Prints what the container uses, as JSON.
     *
     * @param id the container's
     */
    record Events(String id) implements Verb {}

    /**
     * A holder has received a signal.
     *
     * @param pid the holder's
     * @param signal number
     */
    record HolderSignal(int pid, int signal) implements Verb {}

    /**
     * A limit of {@link Update}.
     *
     * @param name of the option, without dashes
     * @param value as it was given
     */
    record Limit(String name, String value) {}

    /** What {@link Exec} runs. */
    sealed interface Program {

        /**
         * It is described in a file.
         *
         * @param path of a JSON document with the specification's {@code process}
         * @param terminal whether it gets a terminal, whatever the file says
         */
        record Described(String path, boolean terminal) implements Program {}

        /**
         * It is like the container's first one, but for what is said here.
         *
         * @param args program and arguments
         * @param env variables that are added, each {@code NAME=value}
         * @param cwd working directory; empty for that of the first one
         * @param user {@code UID} or {@code UID:GID}; empty for that of the first one
         * @param terminal whether it gets a terminal
         */
        record Named(
                List<String> args,
                List<String> env,
                Optional<String> cwd,
                Optional<String> user,
                boolean terminal)
                implements Program {
            public Named {
                args = List.copyOf(args);
                env = List.copyOf(env);
            }
        }
    }
}

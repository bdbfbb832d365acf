package dev.kumite.engine;

import static java.util.Objects.requireNonNull;

import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Process;
import dev.kumite.oci.Uint64;
import dev.kumite.oci.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A further program for a container that runs.
 *
 * @param process the program, as the OCI specification describes one. Where its environment,
 *     working directory or capabilities are absent, those of the container's first process are
 *     taken
 * @param inherited whether user, environment, working directory, capabilities and limits that the
 *     process does not name are those of the container's first process
 */
public record ProcessSpec(Process process, boolean inherited) {

    public ProcessSpec {
        requireNonNull(process, "process is null");
        if (process.args().isEmpty()) {
            throw new IllegalArgumentException("a program is missing: args is empty");
        }
    }

    /** {@return exactly this process, as {@code kumite exec --process} wants it} */
    public static ProcessSpec of(Process process) {
        return new ProcessSpec(process, false);
    }

    /**
     * {@return a program that runs like the container's first process: same user, environment,
     * working directory and rights}
     */
    public static ProcessSpec command(String... command) {
        return builder().command(command).build();
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** A program in the making. Confined to one thread. */
    public static final class Builder {

        private final List<String> args = new ArrayList<>();
        private final List<String> env = new ArrayList<>();
        private String cwd = "";
        private Optional<User> user = Optional.empty();
        private Optional<Capabilities> capabilities = Optional.empty();
        private boolean terminal;
        private Optional<Process.Box> size = Optional.empty();

        private Builder() {}

        /** Sets the program and its arguments. */
        public Builder command(String... command) {
            return command(List.of(command));
        }

        /** Sets the program and its arguments. */
        public Builder command(List<String> command) {
            args.clear();
            args.addAll(command);
            return this;
        }

        /** Adds a variable to those of the container, or replaces it. */
        public Builder env(String name, String value) {
            env.add(Workload.variable(name, value));
            return this;
        }

        /** Sets the working directory, an absolute path. */
        public Builder cwd(String directory) {
            this.cwd = requireNonNull(directory, "directory is null");
            return this;
        }

        /** Sets who the program runs as. */
        public Builder user(User other) {
            this.user = Optional.of(other);
            return this;
        }

        /** Sets the capabilities. */
        public Builder capabilities(Capabilities other) {
            this.capabilities = Optional.of(other);
            return this;
        }

        /** Asks for a terminal of that size, in characters; {@code stderr} is empty then. */
        public Builder terminal(int rows, int columns) {
            this.terminal = true;
            this.size = Optional.of(new Process.Box(Uint64.of(rows), Uint64.of(columns)));
            return this;
        }

        /** {@return the program} */
        public ProcessSpec build() {
            Process empty = Process.empty();
            return new ProcessSpec(
                    new Process(
                            terminal,
                            size,
                            user.orElse(INHERITED_USER),
                            args,
                            "",
                            env,
                            cwd,
                            capabilities,
                            empty.rlimits(),
                            empty.noNewPrivileges(),
                            "",
                            empty.oomScoreAdj(),
                            empty.scheduler(),
                            "",
                            empty.ioPriority(),
                            empty.execCPUAffinity()),
                    true);
        }
    }

    /** Stands for the user of the container's first process; compared by identity. */
    static final User INHERITED_USER = new User(0, 0, Optional.empty(), List.of(), "");

    /**
     * {@return this program with what it does not name taken from the container's first process}
     */
    Process resolve(Process first) {
        if (!inherited) {
            return process;
        }
        return new Process(
                process.terminal(),
                process.consoleSize(),
                isInheritedUser() ? first.user() : process.user(),
                process.args(),
                "",
                Environment.merge(first.env(), process.env()),
                process.cwd().isEmpty() ? first.cwd() : process.cwd(),
                process.capabilities().isPresent() ? process.capabilities() : first.capabilities(),
                first.rlimits(),
                first.noNewPrivileges(),
                first.apparmorProfile(),
                first.oomScoreAdj(),
                first.scheduler(),
                first.selinuxLabel(),
                first.ioPriority(),
                first.execCPUAffinity());
    }

    @SuppressWarnings("ReferenceEquality") // root may also be asked for by name
    private boolean isInheritedUser() {
        return process.user() == INHERITED_USER;
    }
}

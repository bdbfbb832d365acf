package dev.kumite.engine;

import static java.util.Objects.requireNonNull;

import dev.kumite.oci.Mount;
import dev.kumite.oci.User;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A container put together from single parts, for programs that have a root file system and a
 * command rather than an OCI bundle. Where nothing is said, it is as {@code runc spec} makes it:
 * own namespaces, few capabilities, no new privileges, kernel files masked, no network.
 */
public final class Workload {

    private Workload() {}

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    static String variable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is no name of a variable: it is empty or holds \"=\"");
        }
        return name + "=" + value;
    }

    /** A container in the making. Confined to one thread. */
    public static final class Builder {

        private static final int RANDOM_BYTES = 8;

        String id = "";
        Optional<Path> rootfs = Optional.empty();
        boolean readOnlyRoot;
        List<String> command = List.of();
        final List<String> env = new ArrayList<>();
        String cwd = "/";
        User user = User.ROOT;
        String hostname = "";
        boolean terminal;
        final List<Mount> mounts = new ArrayList<>();
        OptionalLong memoryBytes = OptionalLong.empty();
        OptionalDouble cpus = OptionalDouble.empty();
        OptionalLong pids = OptionalLong.empty();
        String network = "";
        final Map<String, String> annotations = new LinkedHashMap<>();

        private Builder() {}

        /** Sets the identity; one is made up where none is set. */
        public Builder id(String identity) {
            this.id = requireNonNull(identity, "identity is null");
            return this;
        }

        /** Sets the directory on the host that becomes the root file system. */
        public Builder rootfs(Path directory) {
            this.rootfs = Optional.of(directory.toAbsolutePath().normalize());
            return this;
        }

        /** Makes the root file system read-only, on the host's side too. */
        public Builder readOnlyRoot() {
            this.readOnlyRoot = true;
            return this;
        }

        /** Sets the program and its arguments. */
        public Builder command(String... programAndArguments) {
            return command(List.of(programAndArguments));
        }

        /** Sets the program and its arguments. */
        public Builder command(List<String> programAndArguments) {
            this.command = List.copyOf(programAndArguments);
            return this;
        }

        /** Adds a variable to the environment. {@code PATH} is set where nothing else is said. */
        public Builder env(String name, String value) {
            env.add(variable(name, value));
            return this;
        }

        /** Sets the working directory, an absolute path in the container. */
        public Builder cwd(String directory) {
            this.cwd = requireNonNull(directory, "directory is null");
            return this;
        }

        /** Sets the user and group that the program runs as; root where nothing is said. */
        public Builder user(long uid, long gid) {
            return user(new User(uid, gid, Optional.empty(), List.of(), ""));
        }

        /** Sets who the program runs as. */
        public Builder user(User other) {
            this.user = requireNonNull(other, "other is null");
            return this;
        }

        /** Sets the host name that the container sees. */
        public Builder hostname(String name) {
            this.hostname = requireNonNull(name, "name is null");
            return this;
        }

        /** Asks for a terminal; {@code stderr} is empty then. */
        public Builder terminal() {
            this.terminal = true;
            return this;
        }

        /**
         * Shows a file or directory of the host in the container.
         *
         * @param source on the host
         * @param destination absolute path in the container
         */
        public Builder mount(Path source, String destination) {
            return mount(
                    Mount.of(
                            destination,
                            "bind",
                            source.toAbsolutePath().normalize().toString(),
                            List.of("rbind", "rw")));
        }

        /**
         * Shows a file or directory of the host in the container, without the right to change it.
         *
         * @param source on the host
         * @param destination absolute path in the container
         */
        public Builder mountReadOnly(Path source, String destination) {
            return mount(
                    Mount.of(
                            destination,
                            "bind",
                            source.toAbsolutePath().normalize().toString(),
                            List.of("rbind", "ro")));
        }

        /**
         * Makes an empty directory in the guest's memory.
         *
         * @param destination absolute path in the container
         */
        public Builder tmpfs(String destination, MemorySize size) {
            return mount(
                    Mount.of(
                            destination,
                            "tmpfs",
                            "tmpfs",
                            List.of("nosuid", "nodev", "mode=1777", "size=" + size.bytes())));
        }

        /** Adds a mount as the OCI specification describes one. */
        public Builder mount(Mount mount) {
            mounts.add(requireNonNull(mount, "mount is null"));
            return this;
        }

        /**
         * Limits the memory, without swap. The machine is made larger by it where the configuration
         * says so, not smaller: its own size is {@code default_memory}.
         */
        public Builder memory(MemorySize limit) {
            this.memoryBytes = OptionalLong.of(limit.bytes());
            return this;
        }

        /**
         * Limits the processor time.
         *
         * @param count of CPUs' worth of time, above 0, such as 0.5
         */
        public Builder cpus(double count) {
            if (!(count >= 0.01 && count <= 4096)) {
                throw new IllegalArgumentException(
                        "cpus is " + count + ", but must be 0.01 to 4096");
            }
            this.cpus = OptionalDouble.of(count);
            return this;
        }

        /**
         * Limits the number of processes and threads.
         *
         * @param limit 1 or more
         */
        public Builder pids(long limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("pids is " + limit + ", but must be 1 or more");
            }
            this.pids = OptionalLong.of(limit);
            return this;
        }

        /**
         * States that the container gets no network, only {@code lo}. That is also so where nothing
         * is said.
         */
        public Builder noNetwork() {
            network = "";
            return this;
        }

        /**
         * Connects the container to a network: to that of a namespace which somebody has prepared,
         * with interfaces, addresses and routes. The namespace must last as long as the sandbox;
         * when that is closed, it is as it was found.
         *
         * @param namespace its file, for example {@code /run/netns/x}
         */
        public Builder network(Path namespace) {
            network = namespace.toAbsolutePath().toString();
            return this;
        }

        /** Adds an annotation, which may change the machine as the configuration admits. */
        public Builder annotation(String key, String value) {
            annotations.put(key, value);
            return this;
        }

        /**
         * {@return the request}
         *
         * @throws IllegalStateException if there is no root file system or no command
         */
        public ContainerRequest build() {
            Path root =
                    rootfs.orElseThrow(
                            () -> new IllegalStateException("a root file system is missing"));
            if (command.isEmpty()) {
                throw new IllegalStateException("a command is missing");
            }
            String name = id.isEmpty() ? madeUpId() : id;
            return new ContainerRequest(WorkloadSpec.of(this, root), root, name);
        }

        private static String madeUpId() {
            byte[] random = new byte[RANDOM_BYTES];
            new SecureRandom().nextBytes(random);
            return "kumite-" + HexFormat.of().formatHex(random);
        }
    }
}

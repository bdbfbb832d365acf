package dev.kumite.supervisor;

import dev.kumite.linux.ProcessIdentity;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Spec;
import dev.kumite.supervisor.SupervisorException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a container's holder into its network namespace. That is where engines look for it: the
 * other containers of a pod name it by {@code /proc/PID/ns/net}, and must not come to the host's
 * network by that.
 */
final class HolderNetwork {

    /** How long a holder may take to start anew in another namespace; the host may be loaded. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long LOOK_NANOS = 1_000_000;

    /** Source: proc_pid_status(5). */
    private static final Pattern CAUGHT = Pattern.compile("(?m)^SigCgt:\\s*([0-9a-f]{1,16})$");

    /** SIGWINCH, the last signal that a holder asks for; see the script. */
    private static final long LAST_TRAP = 1L << (28 - 1);

    private final Holder holder;
    private final Path own;

    private HolderNetwork(Holder holder) {
        this.holder = holder;
        this.own = Path.of("/proc/" + holder.process().pid() + "/ns/net");
    }

    /**
     * Makes the holder be in the network namespace that the specification asks for, or in a new one
     * with nothing in it where it asks for a new one.
     *
     * @throws SupervisorException CALLER if it cannot be
     */
    static void join(Holder holder, Spec spec) {
        List<Namespace> namespaces =
                spec.linux().map(linux -> linux.namespaces()).orElse(List.of());
        for (Namespace namespace : namespaces) {
            if (namespace.type().equals("network")) {
                new HolderNetwork(holder)
                        .enter(
                                Optional.of(namespace.path())
                                        .filter(path -> !path.isEmpty())
                                        .map(Path::of));
                return;
            }
        }
    }

    private void enter(Optional<Path> namespace) {
        Optional<Object> before = identity(own);
        Optional<Object> wanted = namespace.flatMap(HolderNetwork::identity);
        if (wanted.isPresent() && wanted.equals(before)) {
            return;
        }
        holder.tell(namespace.map(file -> "net " + file).orElse("no-net"));
        ProcessIdentity process = holder.process();
        long start = System.nanoTime();
        while (!arrived(before, wanted)) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                throw SupervisorException.of(
                        Category.CALLER,
                        "the process that stands for the container cannot enter the network namespace "
                                + namespace.map(Path::toString).orElse("that is made for it"));
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw SupervisorException.of(Category.ILLEGAL_STATE, "interrupted");
            }
        }
    }

    private boolean arrived(Optional<Object> before, Optional<Object> wanted) {
        Optional<Object> now = identity(own);
        boolean there = wanted.isPresent() ? now.equals(wanted) : !now.equals(before);
        return now.isPresent() && there && listens();
    }

    /** Whether it passes signals on: a program that is just being started would die of them. */
    private boolean listens() {
        try {
            Matcher caught =
                    CAUGHT.matcher(
                            Files.readString(
                                    Path.of("/proc/" + holder.process().pid() + "/status")));
            return caught.find() && (Long.parseUnsignedLong(caught.group(1), 16) & LAST_TRAP) != 0;
        } catch (IOException gone) {
            return false;
        }
    }

    private static Optional<Object> identity(Path file) {
        try {
            return Optional.of(Files.getAttribute(file, "unix:ino"));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}

package dev.kumite.supervisor;

import dev.kumite.doors.EngineMachines;
import dev.kumite.doors.Machines;
import dev.kumite.engine.Engine;
import dev.kumite.engine.HostMetrics;
import dev.kumite.linux.Fd;
import dev.kumite.linux.FileLock;
import dev.kumite.shim.Shim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the supervisor begins. {@code front} starts it, and waits until its output ends. */
public final class Main {

    /** How long it lives on without a container. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(20);

    private Main() {}

    /**
     * Serves the root until nobody needs it.
     *
     * @param arguments the root
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
        EngineMachines machines = EngineMachines.in(root);
        serve(root, machines, Optional.of(new Shim(root, machines, Clock.systemUTC())));
        Runtime.getRuntime().halt(0);
    }

    /** Serves the root until nobody needs it. */
    static void serve(Path root, Machines machines) throws IOException {
        serve(root, machines, Optional.empty());
    }

    private static void serve(Path root, Machines machines, Optional<Shim> shim)
            throws IOException {
        closeInherited();
        Path directory = root.resolve(".supervisor");
        // Whoever holds it owns the sandboxes. Its file stays, as with every lock.
        try (FileLock _ =
                FileLock.acquire(
                        directory.resolve("lock"), FileLock.Mode.EXCLUSIVE, LOCK_PATIENCE)) {
            Supervisor supervisor = new Supervisor(root, machines, shim, Clock.systemUTC());
            supervisor.adopt();
            Engine engine = Engine.builder().root(root).build();
            try (RequestPipe requests = RequestPipe.open(directory);
                    MetricsDoor _ =
                            MetricsDoor.open(directory, () -> HostMetrics.of(engine.list()))) {
                sayReady();
                serve(supervisor, requests, IDLE);
            }
            shim.ifPresent(Shim::close);
        }
    }

    /** Serves requests until no container lives, and none has come for a while. */
    static void serve(Supervisor supervisor, RequestPipe requests, Duration idleTime)
            throws IOException {
        boolean idle = false;
        while (!idle) {
            Optional<Request> request = requests.next(idleTime);
            if (request.isPresent()) {
                serve(supervisor, request.get());
            } else if (supervisor.idle()) {
                requests.withdraw();
                // A command that has found us before can still have sent something.
                Optional<Request> last = requests.next(Duration.ZERO);
                idle = last.isEmpty();
                if (!idle) {
                    requests.announce();
                    serve(supervisor, last.get());
                }
            }
        }
    }

    private static void serve(Supervisor supervisor, Request request) {
        Thread.ofVirtual()
                .name("request of " + request.front())
                .start(() -> supervisor.serve(request));
    }

    /** The end of our output is what front waits for. */
    private static void sayReady() {
        Fd out = Fd.of(1);
        out.write(ByteBuffer.wrap("ready\n".getBytes(StandardCharsets.US_ASCII)));
        // Closed and opened again, the number could come to mean what another thread opens
        // meanwhile.
        try (Fd nothing = Fd.open(Path.of("/dev/null"), Fd.O_WRONLY)) {
            nothing.replace(out.number());
        }
    }

    /**
     * Closes pipes, sockets and terminals that the caller of the first command has left open: who
     * waits for their end would wait for ours. Nothing of the sort is ours yet.
     */
    private static void closeInherited() {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path fd : all) {
                int number = Integer.parseInt(fd.getFileName().toString());
                if (number > 2 && isForeign(fd)) {
                    numbers.add(number);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        numbers.forEach(number -> Fd.of(number).close());
    }

    private static boolean isForeign(Path fd) {
        try {
            String target = Files.readSymbolicLink(fd).toString();
            return target.startsWith("pipe:")
                    || target.startsWith("socket:")
                    || target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}

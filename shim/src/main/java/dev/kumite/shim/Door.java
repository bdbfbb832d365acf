package dev.kumite.shim;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.UnixServer;
import dev.kumite.linux.UnixSocket;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The socket where one containerd finds the tasks of one of its namespaces. */
final class Door implements AutoCloseable {

    private static final String SOCKET = "s";

    /** Source: unix(7); containerd has no way around it. */
    private static final int MOST_PATH_BYTES = 107;

    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final Tasks tasks;
    private final TaskHome home;
    private final UnixServer server;
    private final TtrpcServer calls;
    private final AtomicInteger connections = new AtomicInteger();

    private Door(TaskHome home, UnixServer server) {
        this.home = home;
        this.server = server;
        this.tasks = new Tasks(home);
        TaskService service = new TaskService(tasks);
        this.calls =
                TtrpcServer.create().with(TaskService.V2, service).with(TaskService.V3, service);
    }

    /** Makes the socket; calls are answered from {@link #open} on. */
    static Door make(TaskHome home) {
        Path socket = home.files().directory().resolve(SOCKET);
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MOST_PATH_BYTES) {
            throw ShimException.of(
                    ShimException.Category.USAGE,
                    "the socket's path "
                            + socket
                            + " has "
                            + length
                            + " bytes, and a socket's address takes "
                            + MOST_PATH_BYTES
                            + "; choose a shorter KUMITE_ROOT");
        }
        try {
            Files.createDirectories(home.files().directory());
            Files.deleteIfExists(socket);
            return new Door(home, UnixServer.listen(socket, 0600));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make " + socket, failure);
        }
    }

    Tasks tasks() {
        return tasks;
    }

    String address() {
        return "unix://" + server.path();
    }

    /** Begins to answer calls. */
    void open() {
        Thread.ofVirtual().name("door of " + home.namespace()).start(this::accept);
    }

    private void accept() {
        try {
            Optional<UnixSocket> connection = server.accept(FOREVER);
            while (connection.isPresent()) {
                UnixSocket accepted = connection.get();
                connections.incrementAndGet();
                Thread.ofVirtual()
                        .name("containerd, " + home.namespace())
                        .start(() -> serve(accepted));
                connection = server.accept(FOREVER);
            }
        } catch (LinuxException failure) {
            if (!server.fd().isClosed()) {
                System.err.println("no more connections of containerd: " + failure.getMessage());
            }
        }
    }

    private void serve(UnixSocket connection) {
        try (connection) {
            calls.serve(connection.inputStream(), connection.outputStream());
        } catch (TtrpcException | LinuxException broken) {
            System.err.println("a connection of containerd ended: " + broken.getMessage());
        } finally {
            connections.decrementAndGet();
        }
    }

    /** {@return whether nobody needs it: no task has a machine, and containerd is not connected} */
    boolean idle() {
        return !tasks.live() && connections.get() == 0;
    }

    /** Closes the socket; tasks stay as they are. */
    @Override
    public void close() {
        server.close();
        try {
            Files.deleteIfExists(server.path());
        } catch (IOException failure) {
            System.err.println("cannot remove " + server.path() + ": " + failure.getMessage());
        }
        home.events().close();
        home.files().removeIfEmpty();
    }
}

package dev.kumite.guestagent;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.VsockAddress;
import dev.kumite.linux.VsockServer;
import dev.kumite.linux.VsockSocket;
import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Serves on vsock, as Kata's own guests do. Loaded only where there is no serial port. */
final class VsockListener {

    /** Nobody may come for long; this only bounds a single wait. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private VsockListener() {}

    /** {@return whether this machine has vsock} */
    static boolean isPossible() {
        return Files.exists(Path.of("/dev/vsock"));
    }

    /** Serves every connection on a thread of its own, for ever. */
    static void serve(int port, TtrpcServer server, Log log) {
        try (VsockServer listener = VsockServer.listen(new VsockAddress(VsockAddress.ANY, port))) {
            while (true) {
                Optional<VsockSocket> connection = listener.accept(PATIENCE);
                if (connection.isPresent()) {
                    Thread.ofPlatform()
                            .daemon()
                            .name("vsock")
                            .start(() -> serve(connection.get(), server, log));
                }
            }
        } catch (LinuxException e) {
            log.error("cannot use vsock port " + port + ": " + e.getMessage());
        }
    }

    private static void serve(VsockSocket connection, TtrpcServer server, Log log) {
        try (connection) {
            server.serve(connection.inputStream(), connection.outputStream());
        } catch (TtrpcException e) {
            log.warn("a connection was dropped: " + e.getMessage());
        }
    }
}

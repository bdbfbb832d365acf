package dev.kumite.supervisor;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.Terminal;
import dev.kumite.linux.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A terminal on this host for a process in a machine. The caller gets its master; the holder keeps
 * its slave open, so that it outlives us.
 *
 * <p>Source: runc, docs/terminals.md, "Detached Pseudo-Terminal".
 */
final class Console {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Console() {}

    /**
     * Makes a terminal, sends it to the caller, and gives it to the holder.
     *
     * @param socket where the caller listens
     * @return our side
     */
    static Fd open(Path socket, Holder holder) {
        try (Terminal.Pair pair = Terminal.open();
                UnixSocket connection = UnixSocket.connect(socket, PATIENCE)) {
            // The machine's terminal does what is to be done to lines.
            Terminal.makeRaw(pair.slave());
            Path name = Files.readSymbolicLink(pair.slave().path());
            holder.open(name);
            ByteBuffer text = ByteBuffer.wrap(name.toString().getBytes(StandardCharsets.UTF_8));
            connection.send(text, List.of(pair.master()), PATIENCE);
            return Fd.open(pair.slave().path(), Fd.O_RDWR | Fd.O_NOCTTY | Fd.O_NONBLOCK);
        } catch (LinuxException | IOException failure) {
            throw SupervisorException.caller(
                    "cannot send a terminal to \"" + socket + "\"", failure);
        }
    }

    /** {@return our side of the terminal that the holder keeps; empty if it has none} */
    static Optional<Fd> reopen(Holder holder) {
        return holder.terminal()
                .map(taken -> {
                    try (taken) {
                        return Fd.open(taken.path(), Fd.O_RDWR | Fd.O_NOCTTY | Fd.O_NONBLOCK);
                    }
                });
    }
}

package dev.kumite.supervisor;

import dev.kumite.doors.ByteCarrier;
import dev.kumite.doors.Machines;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The way of a process's bytes between its machine and the descriptors of its holder. */
final class Streams implements AutoCloseable {

    /**
     * A pipe that says that it can be written takes so much without blocking, and more perhaps not.
     * Source: pipe(7), PIPE_BUF.
     */
    private static final int CHUNK_BYTES = 4096;

    private final ByteCarrier carrier;
    private final List<Fd> descriptors = new ArrayList<>();

    private Streams(ByteCarrier carrier) {
        this.carrier = carrier;
    }

    /**
     * Begins.
     *
     * @param terminal our side of the process's terminal; empty if it has none
     */
    static Streams open(Machines.GuestProcess process, Holder holder, Optional<Fd> terminal) {
        ByteCarrier carrier = new ByteCarrier(process.id(), CHUNK_BYTES);
        Streams streams = new Streams(carrier);
        if (terminal.isPresent()) {
            Fd fd = terminal.get();
            streams.descriptors.add(fd);
            carrier.input(fd, process.stdin());
            carrier.output("stdout", process.stdout(), terminal);
            return streams;
        }
        holder.stdin()
                .map(fd -> streams.own(fd, Fd.O_RDONLY))
                .ifPresent(in -> carrier.input(in, process.stdin()));
        carrier.output(
                "stdout",
                process.stdout(),
                holder.stdout().map(fd -> streams.own(fd, Fd.O_WRONLY)));
        carrier.output(
                "stderr",
                process.stderr(),
                holder.stderr().map(fd -> streams.own(fd, Fd.O_WRONLY)));
        return streams;
    }

    /**
     * {@return the same file, opened once more so that it does not block us, without a change for
     * those who have it, too} A regular file would lose its position, and a socket cannot be
     * opened.
     */
    private Fd own(Fd taken, int mode) {
        Fd own = taken;
        try {
            Path path = taken.path();
            boolean socket = Files.readSymbolicLink(path).toString().startsWith("socket:");
            if (!socket && !Files.isRegularFile(path)) {
                own = Fd.open(path, mode | Fd.O_NONBLOCK | Fd.O_NOCTTY);
                taken.close();
            }
        } catch (LinuxException | IOException notAllowed) {
            own = taken;
        }
        descriptors.add(own);
        return own;
    }

    /** Waits for what the process has written to be passed on. */
    void awaitOutput(Duration timeout) throws InterruptedException {
        carrier.awaitOutput(timeout);
    }

    /** Gives the descriptors back. Streams of the process end with it. */
    @Override
    public void close() {
        descriptors.forEach(Fd::close);
    }
}

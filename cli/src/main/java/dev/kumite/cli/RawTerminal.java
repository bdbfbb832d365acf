package dev.kumite.cli;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.Terminal;
import java.util.Optional;

/**
 * The terminal that this process was started on, which passes every key on to a container while
 * this is open. It is given back as it was, whatever happens to the process except {@code SIGKILL}.
 * Safe for use by several threads.
 */
final class RawTerminal implements AutoCloseable {

    private final Fd fd;
    private final Terminal.State before;
    private boolean open = true;

    private RawTerminal(Fd fd, Terminal.State before) {
        this.fd = fd;
        this.before = before;
    }

    /** {@return the terminal's size, if the descriptor is one that knows it} */
    static Optional<Terminal.Size> size(Fd fd) {
        try {
            Terminal.Size size = Terminal.size(fd);
            return size.rows() == 0 || size.columns() == 0 ? Optional.empty() : Optional.of(size);
        } catch (LinuxException noTerminal) {
            return Optional.empty();
        }
    }

    /** {@return the terminal, now raw; nothing if the descriptor is none} */
    static Optional<RawTerminal> open(Fd fd) {
        if (!Terminal.isTerminal(fd)) {
            return Optional.empty();
        }
        RawTerminal terminal = new RawTerminal(fd, Terminal.makeRaw(fd));
        // For ends that are not ours to catch; the ordinary ones close the terminal themselves.
        Runtime.getRuntime().addShutdownHook(new Thread(terminal::close, "terminal"));
        return Optional.of(terminal);
    }

    @Override
    public synchronized void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            Terminal.restore(fd, before);
        } catch (LinuxException gone) {
            // A terminal that was closed meanwhile has no settings that anybody could miss.
        }
    }
}

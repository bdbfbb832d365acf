package dev.kumite.supervisor;

import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The process that stands on this host for one in a machine; see the shell script {@code holder}.
 *
 * @param process the process, a descendant of who called the command
 */
record Holder(ProcessIdentity process) {

    /** Where it has both ends of its pipe. */
    private static final int PIPE = 0;

    /** Where it has the standard input that is meant for the process in the machine. */
    static final int STDIN = 9;

    static final int STDOUT = 1;
    static final int STDERR = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** {@return the holder with that pid; empty if there is no such process} */
    static Optional<Holder> of(int pid) {
        return ProcessIdentity.of(pid).filter(ProcessIdentity::isAlive).map(Holder::new);
    }

    /** {@return one of its descriptors; empty if it is dead, or has closed that one} */
    Optional<Fd> descriptor(int number) {
        return process.takeDescriptor(number);
    }

    /** Makes it end with an exit code, as the process that it stands for has. */
    void exit(int code) {
        tell("exit " + code);
    }

    /** Makes it open a terminal, keep it open, and hear of changes of its size. */
    void open(Path terminal) {
        tell("tty " + terminal);
    }

    /** Ends it at once, and waits for that: then its standard streams are closed. */
    void kill() {
        process.signal(Signals.KILL);
        process.awaitExit(PATIENCE);
    }

    private void tell(String line) {
        Optional<Fd> pipe = descriptor(PIPE);
        if (pipe.isEmpty()) {
            return;
        }
        try (Fd fd = pipe.get()) {
            fd.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)), PATIENCE);
        } catch (LinuxException full) {
            // It has not read for long; it cannot be told otherwise.
            process.signal(Signals.KILL);
        }
    }
}

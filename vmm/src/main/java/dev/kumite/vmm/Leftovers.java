package dev.kumite.vmm;

import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Processes of a machine whose owner is gone. They are known by their command line, which names the
 * sandbox directory's sockets: so even one that was never written down is found.
 */
final class Leftovers {

    /** Longest command line that is looked at, in bytes. */
    private static final int MAX_COMMAND_BYTES = 64 << 10;

    private Leftovers() {}

    static int end(SandboxDirectory directory, Duration timeout) {
        List<ProcessIdentity> found = find(directory);
        for (ProcessIdentity process : found) {
            boolean _ = process.signal(Signals.KILL);
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        for (ProcessIdentity process : found) {
            Duration rest = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (!process.awaitExit(rest)) {
                throw new VmmException(
                        VmmException.Category.TIMEOUT,
                        "process "
                                + process.pid()
                                + " was killed and is still there after "
                                + timeout.toSeconds()
                                + " s");
            }
        }
        MachineProcesses.remove(directory.sockets());
        return found.size();
    }

    /**
     * {@return the processes that have the control, the share's or the vsock device's socket on
     * their command line}
     */
    static List<ProcessIdentity> find(SandboxDirectory directory) {
        List<String> marks =
                List.of(
                        "path=" + directory.qmpSocket().toString().replace(",", ",,") + ",",
                        "--socket-path=" + directory.virtiofsdSocket(),
                        VsockDeviceCommandLine.mark(directory));
        List<ProcessIdentity> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"))) {
            for (Path entry : entries) {
                pid(entry)
                        .filter(pid -> pid != ProcessHandle.current().pid())
                        .flatMap(pid -> ProcessIdentity.of(pid.intValue()))
                        .filter(process -> isOurs(entry, marks))
                        .ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new VmmException(
                    VmmException.Category.HOST, "/proc cannot be read: " + e.getMessage(), e);
        }
        return List.copyOf(found);
    }

    private static Optional<Long> pid(Path entry) {
        String name = String.valueOf(entry.getFileName());
        if (name.isEmpty() || name.length() > 10 || !name.chars().allMatch(Character::isDigit)) {
            return Optional.empty();
        }
        return Optional.of(Long.valueOf(name));
    }

    /**
     * Only a whole argument of a program of the expected kind counts, not any text with the path.
     */
    private static boolean isOurs(Path entry, List<String> marks) {
        try (InputStream in = Files.newInputStream(entry.resolve("cmdline"))) {
            String line = new String(in.readNBytes(MAX_COMMAND_BYTES), StandardCharsets.UTF_8);
            String[] arguments = line.split("\0", -1);
            for (String argument : arguments) {
                boolean control =
                        argument.startsWith("socket,id=qmp,")
                                && (argument + ",").contains(marks.getFirst());
                if (control || marks.indexOf(argument) > 0) {
                    return true;
                }
            }
        } catch (IOException e) {
            // it ended while we looked
        }
        return false;
    }
}

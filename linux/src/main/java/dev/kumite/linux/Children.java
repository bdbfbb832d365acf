package dev.kumite.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The children of this process that Java did not start itself, for example those that it inherits
 * as a subreaper. Children are waited for one by one: Java's own must be left to {@link Process}.
 *
 * <p>Source: waitid(2), PR_SET_CHILD_SUBREAPER(2const), proc_tid_children(5).
 */
public final class Children {
    /** Added to the number of a signal that ended a process, as shells do. */
    private static final int BY_SIGNAL = 128;

    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int CLD_EXITED = 1;

    private static final int SIGINFO_BYTES = 128;
    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;

    /** Room for about 150 000 children. */
    private static final int MOST_BYTES = 1 << 20;

    /**
     * How a child ended.
     *
     * @param pid its number, which may mean another process by now
     * @param code its exit code from 0 to 255, or the number of the signal
     * @param signaled whether a signal ended it
     */
    public record Exit(int pid, int code, boolean signaled) {
        /** {@return the exit code as a shell gives it: 128 + the signal that ended it} */
        public int shellCode() {
            return signaled ? BY_SIGNAL + code : code;
        }
    }

    private Children() {}

    /** Makes this process the new parent of all its descendants whose parents end. */
    public static void adoptOrphans() {
        LinuxException.check(
                Syscall.call(SyscallNumber.PRCTL, PR_SET_CHILD_SUBREAPER, 1),
                "become the reaper of descendants");
    }

    /**
     * Ends {@link #adoptOrphans}: whoever loses its parent from now on goes to the next reaper
     * above. Those that were adopted stay.
     */
    public static void leaveOrphans() {
        LinuxException.check(
                Syscall.call(SyscallNumber.PRCTL, PR_SET_CHILD_SUBREAPER, 0),
                "leave descendants to the next reaper");
    }

    /**
     * Waits for a child if it has ended, without blocking; its number is free then.
     *
     * @return how it ended, or empty if it still runs
     * @throws LinuxException with {@link Errno#ECHILD} if it is not (or no longer) a child
     */
    public static Optional<Exit> tryReap(int pid) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer info = scratch.bytes(SIGINFO_BYTES);
            LinuxException.check(
                    Syscall.call(
                            SyscallNumber.WAITID,
                            P_PID,
                            pid,
                            Scratch.address(info),
                            WEXITED | WNOHANG),
                    "wait for process " + pid);
            if (info.getInt(SI_PID) == 0) {
                return Optional.empty();
            }
            boolean exited = info.getInt(SI_CODE) == CLD_EXITED;
            return Optional.of(new Exit(pid, info.getInt(SI_STATUS), !exited));
        }
    }

    /**
     * Waits for a child, at most for a time.
     *
     * @return how it ended, or empty if it still runs
     * @throws LinuxException with {@link Errno#ECHILD} if it is not (or no longer) a child
     */
    public static Optional<Exit> reap(int pid, Duration timeout) {
        // As long as it was not waited for, the number cannot be given to another process.
        Optional<Exit> exit = tryReap(pid);
        if (exit.isPresent() || timeout.isZero()) {
            return exit;
        }
        long handle =
                LinuxException.check(
                        Syscall.call(SyscallNumber.PIDFD_OPEN, pid, 0), "open process " + pid);
        try (Fd fd = Fd.of((int) handle)) {
            return fd.awaitReadable(timeout) ? tryReap(pid) : Optional.empty();
        }
    }

    /**
     * {@return the numbers of all children, those that have ended and were not waited for included}
     * Children that come or go meanwhile may be missed.
     */
    public static List<Integer> list() {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                String text =
                        ProcFile.read(thread.resolve("children"), MOST_BYTES).orElse("").strip();
                if (!text.isEmpty()) {
                    for (String pid : text.split(" ", -1)) {
                        pids.add(Integer.parseInt(pid));
                    }
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return List.copyOf(pids);
    }
}

package dev.kumite.linux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A process, told from a later one with the same number by the time of its start.
 *
 * <p>Source: proc_pid_stat(5), pidfd_open(2), pidfd_send_signal(2).
 *
 * @param pid the number in this process's pid namespace, at least 1
 * @param startTimeTicks the start, in clock ticks since the machine's start (field 22 of
 *     /proc/pid/stat)
 */
public record ProcessIdentity(int pid, long startTimeTicks) {
    private static final int MOST_STAT_BYTES = 4 << 10;

    /** Places of fields behind the command, which ends with the last parenthesis. */
    private static final int STATE = 0;

    private static final int START_TIME = 19;

    /**
     * One reading of /proc/pid/stat.
     *
     * @param state one letter, for example Z for a process that has ended and was not waited for
     */
    record Status(char state, long startTimeTicks) {
        boolean hasEnded() {
            return state == 'Z' || state == 'X' || state == 'x';
        }

        /** Source: proc_pid_stat(5). A command may itself contain blanks and parentheses. */
        static Status parse(String stat) {
            int command = stat.lastIndexOf(')');
            String[] fields = stat.substring(command + 1).strip().split(" ", -1);
            if (command < 0 || fields.length <= START_TIME || fields[STATE].length() != 1) {
                throw new LinuxException(
                        "understand process status \"" + stat + "\"", Errno.EBADMSG.number());
            }
            try {
                long start = Long.parseUnsignedLong(fields[START_TIME]);
                return new Status(fields[STATE].charAt(0), start);
            } catch (NumberFormatException notANumber) {
                throw new LinuxException(
                        "understand process status \"" + stat + "\"", Errno.EBADMSG.number());
            }
        }
    }

    public ProcessIdentity {
        if (pid < 1) {
            throw new LinuxException("identify process " + pid, Syscall.EINVAL);
        }
    }

    /** {@return the process that has the number now, or empty if there is none} */
    public static Optional<ProcessIdentity> of(int pid) {
        if (pid < 1) {
            return Optional.empty();
        }
        return status(pid).map(status -> new ProcessIdentity(pid, status.startTimeTicks()));
    }

    /** {@return this process} */
    public static ProcessIdentity self() {
        int pid = (int) Syscall.call(SyscallNumber.GETPID);
        return of(pid).orElseThrow(
                        () -> new LinuxException("find this process in /proc", Syscall.ENOENT));
    }

    /** {@return whether it runs} A process that has ended and was not waited for does not. */
    public boolean isAlive() {
        Optional<Status> status = status(pid);
        return status.isPresent()
                && status.get().startTimeTicks() == startTimeTicks
                && !status.get().hasEnded();
    }

    /**
     * Sends a signal to this process and to no other.
     *
     * @param signal a number, see {@link Signals}; 0 only checks
     * @return whether it was there to receive it
     * @throws LinuxException with {@link Errno#EPERM} if it belongs to another user
     */
    public boolean signal(int signal) {
        Optional<Fd> handle = open();
        if (handle.isEmpty()) {
            return false;
        }
        try (Fd fd = handle.get()) {
            long result = fd.tryUse(SyscallNumber.PIDFD_SEND_SIGNAL, signal, 0, 0, "signal");
            if (result == -Syscall.ESRCH) {
                return false;
            }
            LinuxException.check(result, "send signal " + signal + " to process " + pid);
            return true;
        }
    }

    /**
     * Waits until it has ended. A child of this process need not have been waited for.
     *
     * @return whether it ended in time
     */
    public boolean awaitExit(Duration timeout) {
        Optional<Fd> handle = open();
        if (handle.isEmpty()) {
            return true;
        }
        try (Fd fd = handle.get()) {
            return fd.awaitReadable(timeout);
        }
    }

    /**
     * {@return a handle of the process, which becomes readable when it ends; empty if it is gone}
     */
    public Optional<Fd> open() {
        long result = Syscall.call(SyscallNumber.PIDFD_OPEN, pid, 0);
        if (result == -Syscall.ESRCH) {
            return Optional.empty();
        }
        Fd fd = Fd.of((int) LinuxException.check(result, "open process " + pid));
        // The handle holds one process; only now is it sure which start time belongs to it.
        Optional<Status> status = status(pid);
        if (status.isEmpty() || status.get().startTimeTicks() != startTimeTicks) {
            fd.close();
            return Optional.empty();
        }
        return Optional.of(fd);
    }

    /**
     * {@return a descriptor of the same open file as one of the process's, close-on-exec; empty if
     * the process is gone, or does not have that descriptor}
     *
     * <p>Source: pidfd_getfd(2).
     *
     * @param number in the process's table
     * @throws LinuxException with {@link Errno#EPERM} if we may not trace it
     */
    public Optional<Fd> takeDescriptor(int number) {
        Optional<Fd> handle = open();
        if (handle.isEmpty()) {
            return Optional.empty();
        }
        try (Fd fd = handle.get()) {
            long result =
                    fd.tryUse(SyscallNumber.PIDFD_GETFD, number, 0, 0, "take a descriptor by");
            if (result == -Syscall.ESRCH || result == -Errno.EBADF.number()) {
                return Optional.empty();
            }
            LinuxException.check(result, "take descriptor " + number + " of process " + pid);
            return Optional.of(Fd.of((int) result));
        }
    }

    private static Optional<Status> status(int pid) {
        return ProcFile.read(Path.of("/proc/" + pid + "/stat"), MOST_STAT_BYTES).map(Status::parse);
    }
}

package dev.kumite.linux;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Limits of a process.
 *
 * <p>Source: prlimit(2), proc_pid_oom_score_adj(5).
 */
public final class ProcessLimits {
    /** No limit. */
    public static final long UNLIMITED = -1;

    /** What is limited. Source: Linux include/uapi/asm-generic/resource.h. */
    public enum Resource {
        /** Seconds of processor time. */
        CPU(0),
        /** Bytes in a file. */
        FSIZE(1),
        /** Bytes of data. */
        DATA(2),
        /** Bytes of the main stack. */
        STACK(3),
        /** Bytes of a core dump. */
        CORE(4),
        /** Without effect. */
        RSS(5),
        /** Processes of the user. */
        NPROC(6),
        /** One more than the largest descriptor. */
        NOFILE(7),
        /** Locked bytes. */
        MEMLOCK(8),
        /** Bytes of address space. */
        AS(9),
        /** Without effect. */
        LOCKS(10),
        /** Queued signals. */
        SIGPENDING(11),
        /** Bytes in message queues. */
        MSGQUEUE(12),
        /** 20 minus the least nice value. */
        NICE(13),
        /** Real-time priority. */
        RTPRIO(14),
        /** Microseconds of real-time work without a pause. */
        RTTIME(15);

        private final int number;

        Resource(int number) {
            this.number = number;
        }
    }

    /**
     * The limits of one resource; numbers without a sign, {@link #UNLIMITED} for none.
     *
     * @param soft the one in force
     * @param hard up to which a process may raise its own
     */
    public record Limit(long soft, long hard) {}

    private static final int RLIMIT_BYTES = 16;

    private ProcessLimits() {}

    /**
     * {@return a limit}
     *
     * @param pid a process; 0 for this one
     */
    public static Limit get(int pid, Resource resource) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer old = scratch.bytes(RLIMIT_BYTES);
            call(pid, resource, 0, Scratch.address(old), "read");
            return new Limit(old.getLong(0), old.getLong(8));
        }
    }

    /**
     * Sets a limit.
     *
     * @param pid a process; 0 for this one
     */
    public static void set(int pid, Resource resource, Limit limit) {
        try (Scratch scratch = new Scratch()) {
            ByteBuffer wanted =
                    scratch.bytes(RLIMIT_BYTES).putLong(0, limit.soft()).putLong(8, limit.hard());
            call(pid, resource, Scratch.address(wanted), 0, "set");
        }
    }

    /**
     * Says how gladly the kernel ends a process when memory runs out.
     *
     * @param pid a process
     * @param adjustment from -1000 (never) to 1000
     */
    public static void setOomScoreAdjustment(int pid, int adjustment) {
        ProcFile.write(Path.of("/proc/" + pid + "/oom_score_adj"), Integer.toString(adjustment));
    }

    private static void call(int pid, Resource resource, long wanted, long old, String verb) {
        LinuxException.check(
                Syscall.call(SyscallNumber.PRLIMIT64, pid, resource.number, wanted, old),
                verb + " limit " + resource + " of process " + pid);
    }
}

package dev.kumite.oci;

import java.util.List;
import java.util.Optional;

/**
 * The program that a container runs.
 *
 * <p>Source: runtime-spec config.md, Process; for Linux config.md, Linux Process.
 *
 * @param terminal whether a terminal is attached
 * @param consoleSize the terminal's size in characters
 * @param user who the program runs as
 * @param args the program and its arguments
 * @param commandLine the whole command line, on Windows only; empty if absent
 * @param env the environment, each entry {@code NAME=value}
 * @param cwd working directory, an absolute path; empty if absent
 * @param capabilities the Linux capabilities; an absent set is an empty one
 * @param rlimits resource limits
 * @param noNewPrivileges whether gaining privileges by executing a file is switched off
 * @param apparmorProfile name of the AppArmor profile; empty for none
 * @param oomScoreAdj likelihood of being killed when memory runs out, -1000 to 1000
 * @param scheduler how the kernel schedules the program
 * @param selinuxLabel SELinux label; empty for none
 * @param ioPriority priority of input and output
 * @param execCPUAffinity the processors that an exec'ed program may run on
 */
@SuppressWarnings("AvoidCommonTypeNames") // the specification's word
public record Process(
        boolean terminal,
        Optional<Box> consoleSize,
        User user,
        List<String> args,
        String commandLine,
        List<String> env,
        String cwd,
        Optional<Capabilities> capabilities,
        List<Rlimit> rlimits,
        boolean noNewPrivileges,
        String apparmorProfile,
        Optional<Long> oomScoreAdj,
        Optional<Scheduler> scheduler,
        String selinuxLabel,
        Optional<IoPriority> ioPriority,
        Optional<ExecCpuAffinity> execCPUAffinity) {

    private static final Process EMPTY =
            new Process(
                    false,
                    Optional.empty(),
                    User.ROOT,
                    List.of(),
                    "",
                    List.of(),
                    "",
                    Optional.empty(),
                    List.of(),
                    false,
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    Optional.empty(),
                    Optional.empty());

    public Process {
        args = List.copyOf(args);
        env = List.copyOf(env);
        rlimits = List.copyOf(rlimits);
    }

    /** {@return the process of the document {@code {}}} */
    public static Process empty() {
        return EMPTY;
    }

    /**
     * {@return this process with a terminal of that size, or of the usual size if none is given}
     */
    public Process withTerminal(Optional<Box> size) {
        return new Process(
                true,
                size,
                user,
                args,
                commandLine,
                env,
                cwd,
                capabilities,
                rlimits,
                noNewPrivileges,
                apparmorProfile,
                oomScoreAdj,
                scheduler,
                selinuxLabel,
                ioPriority,
                execCPUAffinity);
    }

    /** {@return this process with other capabilities} */
    public Process withCapabilities(Optional<Capabilities> newCapabilities) {
        return new Process(
                terminal,
                consoleSize,
                user,
                args,
                commandLine,
                env,
                cwd,
                newCapabilities,
                rlimits,
                noNewPrivileges,
                apparmorProfile,
                oomScoreAdj,
                scheduler,
                selinuxLabel,
                ioPriority,
                execCPUAffinity);
    }

    /**
     * The size of a terminal.
     *
     * <p>Source: runtime-spec config.md, Process, consoleSize.
     *
     * @param height rows, in characters
     * @param width columns, in characters
     */
    public record Box(Uint64 height, Uint64 width) {}

    /**
     * A resource limit as {@code setrlimit} knows it.
     *
     * <p>Source: runtime-spec config.md, POSIX process, rlimits.
     *
     * @param type the resource's name, such as {@code RLIMIT_NOFILE}
     * @param hard the ceiling of the soft limit; 18446744073709551615 for none
     * @param soft the limit that the kernel enforces
     */
    public record Rlimit(String type, Uint64 hard, Uint64 soft) {}

    /**
     * The scheduling policy, as {@code sched_setattr} takes it.
     *
     * <p>Source: runtime-spec config.md, Linux Process, scheduler.
     *
     * @param policy such as {@code SCHED_OTHER}
     * @param nice nice value, -20 to 19
     * @param priority static priority of the real-time policies, 1 to 99
     * @param flags such as {@code SCHED_FLAG_RESET_ON_FORK}
     * @param runtime time needed per period for {@code SCHED_DEADLINE}, in nanoseconds
     * @param deadline relative deadline for {@code SCHED_DEADLINE}, in nanoseconds
     * @param period period for {@code SCHED_DEADLINE}, in nanoseconds
     */
    public record Scheduler(
            String policy,
            long nice,
            long priority,
            List<String> flags,
            Uint64 runtime,
            Uint64 deadline,
            Uint64 period) {
        public Scheduler {
            IntegerRange.INT32.require("nice", nice);
            IntegerRange.INT32.require("priority", priority);
            flags = List.copyOf(flags);
        }
    }

    /**
     * Priority of input and output, as {@code ioprio_set} takes it.
     *
     * <p>Source: runtime-spec config.md, Linux Process, ioPriority.
     *
     * @param clazz {@code IOPRIO_CLASS_RT}, {@code IOPRIO_CLASS_BE} or {@code IOPRIO_CLASS_IDLE};
     *     the member's name, {@code class}, is reserved in Java
     * @param priority within the class, 0 (first) to 7 (last)
     */
    public record IoPriority(String clazz, long priority) {}

    /**
     * The processors that an exec'ed program may run on. {@code final} is reserved in Java, hence
     * the suffixes.
     *
     * <p>Source: runtime-spec config.md, Linux Process, execCPUAffinity.
     *
     * @param initialCpus member {@code initial}: while the program is placed in its cgroup, a list
     *     such as {@code 0-3,7}; empty for no change
     * @param finalCpus member {@code final}: from then on; empty for no change
     */
    public record ExecCpuAffinity(String initialCpus, String finalCpus) {}
}

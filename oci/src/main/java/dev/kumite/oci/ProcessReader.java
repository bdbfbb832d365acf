package dev.kumite.oci;

import dev.kumite.oci.Process.Box;
import dev.kumite.oci.Process.ExecCpuAffinity;
import dev.kumite.oci.Process.IoPriority;
import dev.kumite.oci.Process.Rlimit;
import dev.kumite.oci.Process.Scheduler;
import java.util.List;
import java.util.Optional;

/** Reads {@code process}. Source: runtime-spec config.md, Process. */
final class ProcessReader {

    private static final Names PROCESS =
            Names.of(
                    "terminal",
                    "consoleSize",
                    "user",
                    "args",
                    "commandLine",
                    "env",
                    "cwd",
                    "capabilities",
                    "rlimits",
                    "noNewPrivileges",
                    "apparmorProfile",
                    "oomScoreAdj",
                    "scheduler",
                    "selinuxLabel",
                    "ioPriority",
                    "execCPUAffinity");
    private static final Names BOX = Names.of("height", "width");
    private static final Names USER = Names.of("uid", "gid", "umask", "additionalGids", "username");
    private static final Names RLIMIT = Names.of("type", "hard", "soft");
    private static final Names SCHEDULER =
            Names.of("policy", "nice", "priority", "flags", "runtime", "deadline", "period");
    private static final Names IO_PRIORITY = Names.of("class", "priority");
    private static final Names CPU_AFFINITY = Names.of("initial", "final");

    private ProcessReader() {}

    /**
     * Reads a process whose {@code capabilities} are as the specification has them, and may be
     * absent.
     */
    static Process plain(JsonInput in) {
        return read(in, from -> from.object(CapabilitiesReader::plain), Optional.empty());
    }

    /**
     * Reads a process whose {@code capabilities} are as in any version of the specification, and
     * present afterwards.
     */
    static Process compatible(JsonInput in) {
        return read(
                in,
                from -> Optional.of(CapabilitiesReader.compatible(from)),
                Optional.of(Capabilities.empty()));
    }

    private static Process read(
            JsonInput in,
            ValueReader<Optional<Capabilities>> capabilitiesReader,
            Optional<Capabilities> absentCapabilities) {
        boolean terminal = false;
        Optional<Box> consoleSize = Optional.empty();
        User user = User.ROOT;
        List<String> args = List.of();
        String commandLine = "";
        List<String> env = List.of();
        String cwd = "";
        Optional<Capabilities> capabilities = absentCapabilities;
        List<Rlimit> rlimits = List.of();
        boolean noNewPrivileges = false;
        String apparmorProfile = "";
        Optional<Long> oomScoreAdj = Optional.empty();
        Optional<Scheduler> scheduler = Optional.empty();
        String selinuxLabel = "";
        Optional<IoPriority> ioPriority = Optional.empty();
        Optional<ExecCpuAffinity> execCPUAffinity = Optional.empty();
        for (String name = in.first(PROCESS); name != null; name = in.next(PROCESS)) {
            switch (name) {
                case "terminal" -> terminal = in.bool();
                case "consoleSize" -> consoleSize = in.object(ProcessReader::box);
                case "user" -> user = in.object(ProcessReader::user, User.ROOT);
                case "args" -> args = in.strings();
                case "commandLine" -> commandLine = in.string();
                case "env" -> env = in.strings();
                case "cwd" -> cwd = in.string();
                case "capabilities" -> capabilities = capabilitiesReader.read(in);
                case "rlimits" -> rlimits = in.objects(ProcessReader::rlimit);
                case "noNewPrivileges" -> noNewPrivileges = in.bool();
                case "apparmorProfile" -> apparmorProfile = in.string();
                case "oomScoreAdj" -> oomScoreAdj = in.optionalInteger(IntegerRange.INT64);
                case "scheduler" -> scheduler = in.object(ProcessReader::scheduler);
                case "selinuxLabel" -> selinuxLabel = in.string();
                case "ioPriority" -> ioPriority = in.object(ProcessReader::ioPriority);
                case "execCPUAffinity" -> execCPUAffinity = in.object(ProcessReader::cpuAffinity);
                default -> throw new AssertionError(name);
            }
        }
        return new Process(
                terminal,
                consoleSize,
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

    private static Box box(JsonInput in) {
        Uint64 height = Uint64.ZERO;
        Uint64 width = Uint64.ZERO;
        for (String name = in.first(BOX); name != null; name = in.next(BOX)) {
            switch (name) {
                case "height" -> height = in.uint64();
                case "width" -> width = in.uint64();
                default -> throw new AssertionError(name);
            }
        }
        return new Box(height, width);
    }

    private static User user(JsonInput in) {
        long uid = 0;
        long gid = 0;
        Optional<Long> umask = Optional.empty();
        List<Long> additionalGids = List.of();
        String username = "";
        for (String name = in.first(USER); name != null; name = in.next(USER)) {
            switch (name) {
                case "uid" -> uid = in.integer(IntegerRange.UINT32);
                case "gid" -> gid = in.integer(IntegerRange.UINT32);
                case "umask" -> umask = in.optionalInteger(IntegerRange.UINT32);
                case "additionalGids" -> additionalGids = in.integers(IntegerRange.UINT32);
                case "username" -> username = in.string();
                default -> throw new AssertionError(name);
            }
        }
        return new User(uid, gid, umask, additionalGids, username);
    }

    private static Rlimit rlimit(JsonInput in) {
        String type = "";
        Uint64 hard = Uint64.ZERO;
        Uint64 soft = Uint64.ZERO;
        for (String name = in.first(RLIMIT); name != null; name = in.next(RLIMIT)) {
            switch (name) {
                case "type" -> type = in.string();
                case "hard" -> hard = in.uint64();
                case "soft" -> soft = in.uint64();
                default -> throw new AssertionError(name);
            }
        }
        return new Rlimit(type, hard, soft);
    }

    private static Scheduler scheduler(JsonInput in) {
        String policy = "";
        long nice = 0;
        long priority = 0;
        List<String> flags = List.of();
        Uint64 runtime = Uint64.ZERO;
        Uint64 deadline = Uint64.ZERO;
        Uint64 period = Uint64.ZERO;
        for (String name = in.first(SCHEDULER); name != null; name = in.next(SCHEDULER)) {
            switch (name) {
                case "policy" -> policy = in.string();
                case "nice" -> nice = in.integer(IntegerRange.INT32);
                case "priority" -> priority = in.integer(IntegerRange.INT32);
                case "flags" -> flags = in.strings();
                case "runtime" -> runtime = in.uint64();
                case "deadline" -> deadline = in.uint64();
                case "period" -> period = in.uint64();
                default -> throw new AssertionError(name);
            }
        }
        return new Scheduler(policy, nice, priority, flags, runtime, deadline, period);
    }

    private static IoPriority ioPriority(JsonInput in) {
        String clazz = "";
        long priority = 0;
        for (String name = in.first(IO_PRIORITY); name != null; name = in.next(IO_PRIORITY)) {
            switch (name) {
                case "class" -> clazz = in.string();
                case "priority" -> priority = in.integer(IntegerRange.INT64);
                default -> throw new AssertionError(name);
            }
        }
        return new IoPriority(clazz, priority);
    }

    private static ExecCpuAffinity cpuAffinity(JsonInput in) {
        String initialCpus = "";
        String finalCpus = "";
        for (String name = in.first(CPU_AFFINITY); name != null; name = in.next(CPU_AFFINITY)) {
            switch (name) {
                case "initial" -> initialCpus = in.string();
                case "final" -> finalCpus = in.string();
                default -> throw new AssertionError(name);
            }
        }
        return new ExecCpuAffinity(initialCpus, finalCpus);
    }
}

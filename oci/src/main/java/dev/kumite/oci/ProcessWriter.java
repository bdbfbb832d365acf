package dev.kumite.oci;

import dev.kumite.oci.Process.Box;
import dev.kumite.oci.Process.ExecCpuAffinity;
import dev.kumite.oci.Process.IoPriority;
import dev.kumite.oci.Process.Rlimit;
import dev.kumite.oci.Process.Scheduler;

/** Writes {@code process}. Source: runtime-spec config.md, Process. */
final class ProcessWriter {

    private ProcessWriter() {}

    static void process(JsonOutput out, Process process) {
        out.bool("terminal", process.terminal());
        out.object("consoleSize", process.consoleSize(), ProcessWriter::box);
        out.objectAlways("user", process.user(), ProcessWriter::user);
        out.strings("args", process.args());
        out.string("commandLine", process.commandLine());
        out.strings("env", process.env());
        out.stringAlways("cwd", process.cwd());
        out.object("capabilities", process.capabilities(), ProcessWriter::capabilities);
        out.objects("rlimits", process.rlimits(), ProcessWriter::rlimit);
        out.bool("noNewPrivileges", process.noNewPrivileges());
        out.string("apparmorProfile", process.apparmorProfile());
        out.integer("oomScoreAdj", process.oomScoreAdj());
        out.object("scheduler", process.scheduler(), ProcessWriter::scheduler);
        out.string("selinuxLabel", process.selinuxLabel());
        out.object("ioPriority", process.ioPriority(), ProcessWriter::ioPriority);
        out.object("execCPUAffinity", process.execCPUAffinity(), ProcessWriter::cpuAffinity);
    }

    static void capabilities(JsonOutput out, Capabilities capabilities) {
        out.strings("bounding", capabilities.bounding());
        out.strings("effective", capabilities.effective());
        out.strings("inheritable", capabilities.inheritable());
        out.strings("permitted", capabilities.permitted());
        out.strings("ambient", capabilities.ambient());
    }

    private static void box(JsonOutput out, Box box) {
        out.uint64Always("height", box.height());
        out.uint64Always("width", box.width());
    }

    private static void user(JsonOutput out, User user) {
        out.integerAlways("uid", user.uid());
        out.integerAlways("gid", user.gid());
        out.integer("umask", user.umask());
        out.integers("additionalGids", user.additionalGids());
        out.string("username", user.username());
    }

    private static void rlimit(JsonOutput out, Rlimit rlimit) {
        out.stringAlways("type", rlimit.type());
        out.uint64Always("hard", rlimit.hard());
        out.uint64Always("soft", rlimit.soft());
    }

    private static void scheduler(JsonOutput out, Scheduler scheduler) {
        out.stringAlways("policy", scheduler.policy());
        out.integer("nice", scheduler.nice());
        out.integer("priority", scheduler.priority());
        out.strings("flags", scheduler.flags());
        out.uint64("runtime", scheduler.runtime());
        out.uint64("deadline", scheduler.deadline());
        out.uint64("period", scheduler.period());
    }

    private static void ioPriority(JsonOutput out, IoPriority priority) {
        out.stringAlways("class", priority.clazz());
        out.integerAlways("priority", priority.priority());
    }

    private static void cpuAffinity(JsonOutput out, ExecCpuAffinity affinity) {
        out.string("initial", affinity.initialCpus());
        out.string("final", affinity.finalCpus());
    }
}

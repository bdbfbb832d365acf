package dev.kumite.engine;

/**
 * What can go wrong, when, and what is seen then. {@code FaultVmTest} has a test for each, of the
 * same name; {@code docs/reliability.md} is made of them.
 */
enum Fault {
    QEMU_KILLED(
            "QEMU is killed (`kill -9`)",
            "running",
            "QEMU was killed",
            "whoever waits for a process is told at once; closing releases the rest"),
    VIRTIOFSD_KILLED(
            "virtiofsd is killed (`kill -9`)",
            "running",
            "virtiofsd ended, without which the guest has no files",
            "the machine is ended at once; closing releases the rest"),
    READER_KILLED(
            "a container is killed while pages of its program are on their way from the host",
            "running",
            "",
            "the machine and its other containers go on"),
    AGENT_KILLED(
            "the agent in the guest is killed (`kill -9`)",
            "running",
            "the machine has ended",
            "the guest's kernel panics for want of process 1, QEMU ends; closing releases the rest"),
    GUEST_PANIC(
            "the guest's kernel panics",
            "running",
            "the machine has ended",
            "QEMU ends; the console's last lines are in the exception and the record"),
    PANIC_AT_BOOT(
            "the guest's kernel panics, as with an initrd that is damaged",
            "start",
            "the machine ended while it started",
            "all is released at once; the record is kept"),
    SILENT_GUEST(
            "the guest boots and never answers",
            "start",
            "no answer from the guest in time; the guest booted, but its agent did not answer",
            "all is released when the deadline has passed; the record is kept"),
    MISSING_KERNEL("the guest's kernel is missing", "start", "does not exist", "nothing was taken"),
    NOT_ENOUGH_MEMORY(
            "the machine is to have more memory than the host has; more than is available, with `enable_mem_prealloc`",
            "start",
            "MiB of memory, and the host has",
            "nothing was taken"),
    MEMORY_REFUSED(
            "the host does not give QEMU the machine's memory, as under a limit",
            "start",
            "Cannot allocate memory",
            "all is released at once; the record is kept; the remedy names `default_memory`"),
    DISK_FULL(
            "the root directory's file system is full",
            "start",
            "no space left on device",
            "all is released; the record has what fitted"),
    OWNER_KILLED_AT_START(
            "the process that owns the sandbox is killed (`kill -9`)",
            "start",
            "",
            "`kumite gc` ends the processes, unmounts and deletes all"),
    OWNER_KILLED_WHILE_RUNNING(
            "the process that owns the sandbox is killed (`kill -9`)",
            "running",
            "",
            "the machine goes on; another process adopts it, or `kumite gc` releases all"),
    OWNER_KILLED_AT_TEARDOWN(
            "the process that owns the sandbox is killed (`kill -9`)",
            "teardown",
            "",
            "`kumite gc` goes on where it ended"),
    QEMU_KILLED_AT_START(
            "QEMU is killed (`kill -9`)",
            "start",
            "the machine ended while it started: QEMU was killed",
            "all is released at once; the record is kept");

    private final String what;
    private final String when;
    private final String message;
    private final String outcome;

    Fault(String what, String when, String message, String outcome) {
        this.what = what;
        this.when = when;
        this.message = message;
        this.outcome = outcome;
    }

    /** {@return a part of the message that is seen; empty if there is none} */
    String message() {
        return message;
    }

    /** {@return the row of the page} */
    String row() {
        return "| "
                + what
                + " | "
                + when
                + " | "
                + (message.isEmpty() ? "–" : "`… " + message + " …`")
                + " | "
                + outcome
                + " |";
    }

    /** {@return the name of its test} */
    String testName() {
        StringBuilder name = new StringBuilder("survives");
        for (String word : name().split("_", -1)) {
            name.append(word.charAt(0))
                    .append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return name.toString();
    }
}

package dev.kumite.cli;

import java.util.List;

/**
 * The commands that container engines call, as far as a process is asked that runs already: {@code
 * libexec/front} hands them to it, so that here is only what people want to know about them.
 * Source: runc(8), crun(1).
 */
final class OciCommands {

    private static final Syntax.Value FILE = new Syntax.Value.File("FILE");
    private static final Syntax.Value NUMBER = new Syntax.Value.Text("N");
    private static final Syntax.Value SOCKET = new Syntax.Value.File("SOCKET");

    private OciCommands() {}

    /** {@return these commands, in the order in which a container meets them} */
    static List<Command> all() {
        return List.of(
                create(), start(), state(), kill(), delete(), pause(), resume(), update(),
                events());
    }

    /**
     * A command that another process answers.
     *
     * @param name see {@link Command}
     * @param summary see {@link Command}
     * @param syntax see {@link Command}
     */
    private record Handed(String name, String summary, Syntax syntax) implements Command {
        @Override
        public ExitCode run(Arguments arguments, Console console) {
            console.note(
                    "error: \""
                            + name
                            + "\" is answered by the supervisor of --root, which the script"
                            + " \"kumite\" asks; call that, not Java");
            return ExitCode.REFUSED;
        }
    }

    private static Command create() {
        return new Handed(
                "create",
                "make a container that \"start\" runs; for container engines",
                new Syntax(
                        """
                        Boots a virtual machine for the bundle, or goes into that of its pod, and makes the container
                        there. A process of this host stands for the container's: it has the standard streams of this
                        call, gets signals, and ends as the container's program does. Networks that the engine has
                        made are taken over.\
                        """,
                        List.of(
                                Syntax.Option.of(
                                                "bundle",
                                                new Syntax.Value.Directory("DIR"),
                                                "the OCI bundle, a directory with a config.json; default .")
                                        .withLetter('b'),
                                Syntax.Option.of(
                                        "pid-file",
                                        FILE,
                                        "write the pid of the process that stands for it to FILE"),
                                Syntax.Option.of(
                                        "console-socket",
                                        SOCKET,
                                        "send the container's terminal to who listens there"),
                                Syntax.Option.of(
                                        "preserve-fds",
                                        NUMBER,
                                        "refused unless 0: an open file cannot be passed into a machine"),
                                Syntax.Option.of(
                                        "pidfd-socket", SOCKET, "accepted, without effect"),
                                Syntax.Option.flag(
                                        "no-pivot",
                                        "accepted, without effect: the guest has its own root"),
                                Syntax.Option.flag(
                                        "no-new-keyring",
                                        "accepted, without effect: the guest has its own keys"),
                                Syntax.Option.flag("no-subreaper", "accepted, without effect"),
                                EngineInput.root()),
                        List.of(made()),
                        List.of(
                                new Syntax.Example(
                                        "create --bundle /run/containers/web --pid-file web.pid web",
                                        "makes a container"))));
    }

    private static Command start() {
        return plain(
                "start",
                "run the program of a container that was made",
                "Runs the program of a container that \"create\" has made, and returns at once.",
                "runs it");
    }

    private static Command state() {
        return new Handed(
                "state",
                "show a container's state, as the OCI specification has it",
                new Syntax(
                        """
                        Prints the state as JSON: id, status, the pid of the process that stands for the container's,
                        the bundle and annotations. Starts no Java.\
                        """,
                        List.of(
                                Syntax.Option.flag("all", "accepted, without effect")
                                        .withLetter('a'),
                                EngineInput.root()),
                        List.of(there()),
                        List.of(new Syntax.Example("state web", "prints it"))));
    }

    private static Command kill() {
        return new Handed(
                "kill",
                "send a signal to a container",
                new Syntax(
                        """
                        Sends a signal to the container's first process, or to all of them. Before its start, TERM
                        and KILL end a container; others have nobody to go to.\
                        """,
                        List.of(
                                Syntax.Option.flag("all", "send it to all processes")
                                        .withLetter('a'),
                                Syntax.Option.of(
                                                "signal",
                                                new Syntax.Value.Text("SIGNAL"),
                                                "the signal, if it is not an argument")
                                        .withLetter('s'),
                                EngineInput.root()),
                        List.of(
                                there(),
                                new Syntax.Operand(
                                        new Syntax.Value.Text("SIGNAL"),
                                        true,
                                        "number or name, such as 9, KILL or SIGKILL; default TERM")),
                        List.of(new Syntax.Example("kill web KILL", "ends it"))));
    }

    private static Command delete() {
        return new Handed(
                "delete",
                "remove a container",
                new Syntax(
                        """
                        Removes a container that has stopped, or was never started, and with the last one its
                        machine. Forced, also one that runs or is just being made, in bounded time.\
                        """,
                        List.of(
                                Syntax.Option.flag(
                                                "force",
                                                "also if it runs; none of that name is fine, too")
                                        .withLetter('f'),
                                EngineInput.root()),
                        List.of(there()),
                        List.of(new Syntax.Example("delete --force web", "removes it"))));
    }

    private static Command pause() {
        return plain(
                "pause",
                "stop all processes of a container for a while",
                "Freezes the container's processes in the guest; its machine goes on.",
                "freezes it");
    }

    private static Command resume() {
        return plain(
                "resume",
                "let a paused container go on",
                "Lets the processes go on that \"pause\" has stopped.",
                "lets it go on");
    }

    private static Command update() {
        return new Handed(
                "update",
                "change a container's limits",
                new Syntax(
                        "Changes limits of a container that runs, given one by one or in a file.",
                        List.of(
                                Syntax.Option.of(
                                                "resources",
                                                FILE,
                                                "limits as in linux.resources, JSON; - for standard input")
                                        .withLetter('r'),
                                limit("blkio-weight", "share of the disks, 10 to 1000"),
                                limit("cpu-period", "period of the CPU limit in µs"),
                                limit("cpu-quota", "CPU time in a period in µs"),
                                limit("cpu-share", "share of the CPUs"),
                                limit(
                                        "cpu-rt-period",
                                        "period of the limit of real-time tasks in µs"),
                                limit(
                                        "cpu-rt-runtime",
                                        "time of real-time tasks in a period in µs"),
                                limit("cpuset-cpus", "CPUs of the guest, such as 0-2,5"),
                                limit("cpuset-mems", "memory nodes of the guest"),
                                limit("kernel-memory", "accepted, without effect in cgroup v2"),
                                limit("kernel-memory-tcp", "accepted, without effect in cgroup v2"),
                                limit("memory", "memory in bytes"),
                                limit("memory-reservation", "memory that is kept for it, in bytes"),
                                limit("memory-swap", "memory and swap in bytes"),
                                limit("pids-limit", "how many processes it may have"),
                                EngineInput.root()),
                        List.of(there()),
                        List.of(new Syntax.Example("update --pids-limit 100 web", "limits it"))));
    }

    private static Command events() {
        return new Handed(
                "events",
                "show what a container uses",
                new Syntax(
                        "Prints what the container uses of CPU, memory and the like as JSON, once.",
                        List.of(
                                Syntax.Option.flag(
                                        "stats", "accepted: it is what is printed in any case"),
                                Syntax.Option.of(
                                        "interval",
                                        NUMBER,
                                        "accepted, without effect: once is all"),
                                EngineInput.root()),
                        List.of(there()),
                        List.of(new Syntax.Example("events --stats web", "prints it"))));
    }

    private static Command plain(String name, String summary, String description, String meaning) {
        return new Handed(
                name,
                summary,
                new Syntax(
                        description,
                        List.of(EngineInput.root()),
                        List.of(there()),
                        List.of(new Syntax.Example(name + " web", meaning))));
    }

    private static Syntax.Option limit(String name, String meaning) {
        return Syntax.Option.of(name, NUMBER, meaning);
    }

    private static Syntax.Operand made() {
        return new Syntax.Operand(
                new Syntax.Value.Text("ID"), false, "identity of the container that is made");
    }

    private static Syntax.Operand there() {
        return new Syntax.Operand(new Syntax.Value.Running("ID"), false, "the container");
    }
}

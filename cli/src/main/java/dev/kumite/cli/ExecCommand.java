package dev.kumite.cli;

import dev.kumite.engine.Container;
import dev.kumite.engine.Engine;
import dev.kumite.engine.EngineException;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.engine.Sandbox;
import dev.kumite.linux.Fd;
import dev.kumite.linux.Terminal;
import dev.kumite.oci.Limits;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Process;
import dev.kumite.oci.SpecReader;
import dev.kumite.oci.Uint64;
import dev.kumite.oci.User;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code kumite exec}: runs a further program in a container that runs. */
final class ExecCommand implements Command {

    private static final String TTY = "tty";
    private static final String ENV = "env";
    private static final String CWD = "cwd";
    private static final String USER = "user";
    private static final String PROCESS = "process";

    /** Where the container's terminal is as large as nobody knows. Source: termcap, "vt100". */
    private static final Terminal.Size USUAL_SIZE = new Terminal.Size(24, 80);

    /** Source: bash(1), "EXIT STATUS". */
    private static final int SIGNALLED = 128;

    /** What exec ends with if the program was not run. Source: runc and crun. */
    private static final Exit NOT_RUN = new Exit.OfWorkload(255);

    @Override
    public String name() {
        return "exec";
    }

    @Override
    public String summary() {
        return "run a further program in a container that runs";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Runs a program in a container that another process has started, in the foreground. What is not
                said is as for the container's first program: user, environment, directory, rights. Standard
                streams, signals and the exit code are the program's. Options come before ID.\
                """,
                List.of(
                        Syntax.Option.flag(TTY, "give the program a terminal").withLetter('t'),
                        Syntax.Option.of(
                                        ENV,
                                        new Syntax.Value.Assignment("NAME=VALUE"),
                                        "set a variable of the environment")
                                .withLetter('e')
                                .manyTimes(),
                        Syntax.Option.of(
                                CWD,
                                new Syntax.Value.Text("DIR"),
                                "the working directory, in the container"),
                        Syntax.Option.of(
                                        USER,
                                        new Syntax.Value.Text("UID[:GID]"),
                                        "who the program runs as, in numbers")
                                .withLetter('u'),
                        Syntax.Option.of(
                                        PROCESS,
                                        new Syntax.Value.File("FILE"),
                                        "run what FILE describes, a process of the OCI specification")
                                .withLetter('p'),
                        EngineInput.root()),
                List.of(
                        EngineInput.id(),
                        Syntax.Operand.commandLine(
                                "COMMAND", true, "the program and its arguments")),
                List.of(
                        new Syntax.Example("exec web ps -ef", "shows what runs in a container"),
                        new Syntax.Example("exec -t web sh", "opens a shell in it")));
    }

    @Override
    public List<Exit.Meaning> exitCodes() {
        return List.of(
                new Exit.Meaning("any", "the program's own"),
                new Exit.Meaning("128+N", "signal N has ended the program"),
                new Exit.Meaning("255", "also: it was not run; standard error says why"),
                new Exit.Meaning(
                        Integer.toString(ExitCode.USAGE.number()),
                        "also: the command line is not understood"));
    }

    @Override
    public Exit run(Arguments arguments, Console console) {
        boolean described = arguments.has(PROCESS);
        if (described == arguments.operands().size() > 1) {
            return console.misused(
                    name(),
                    described
                            ? "--process says what is run, so no COMMAND is"
                            : "COMMAND is missing, or --process");
        }
        if (described && (arguments.has(ENV) || arguments.has(CWD) || arguments.has(USER))) {
            return console.misused(name(), "--process says all, so no --env, --cwd or --user");
        }
        Optional<User> user;
        try {
            user = arguments.value(USER).map(ExecCommand::user);
        } catch (NumberFormatException notANumber) {
            return console.misused(
                    name(),
                    "--user is \""
                            + arguments.value(USER, "")
                            + "\", which is not of the form UID[:GID]");
        }
        Optional<ProcessSpec> program =
                described ? described(arguments, console) : Optional.of(typed(arguments, user));
        return program.isEmpty() ? NOT_RUN : exec(program.get(), arguments, console);
    }

    private static Exit exec(ProcessSpec program, Arguments arguments, Console console) {
        String id = arguments.operands().getFirst();
        Engine engine = EngineInput.finder(arguments);
        try (SignalRelay signals =
                SignalRelay.open(() -> Runtime.getRuntime().halt(NOT_RUN.number()))) {
            try (Sandbox sandbox = engine.attach(LogsCommand.sandbox(engine, id))) {
                Container container = sandbox.container(id).orElseGet(sandbox::container);
                Program process = Program.of(container.exec(program));
                return new Exit.OfWorkload(
                        Attachment.join(process, signals, console, Fd.of(0)).code());
            } catch (EngineException failure) {
                if (signals.cancelled().isPresent()) {
                    return new Exit.OfWorkload(SIGNALLED + signals.cancelled().getAsInt());
                }
                EngineFailure.report(failure, id, arguments, console);
                return NOT_RUN;
            }
        }
    }

    private static ProcessSpec typed(Arguments arguments, Optional<User> user) {
        ProcessSpec.Builder program =
                ProcessSpec.builder()
                        .command(arguments.operands().subList(1, arguments.operands().size()));
        for (String variable : arguments.values(ENV)) {
            int equals = variable.indexOf('=');
            program.env(variable.substring(0, equals), variable.substring(equals + 1));
        }
        arguments.value(CWD).ifPresent(program::cwd);
        user.ifPresent(program::user);
        if (arguments.has(TTY)) {
            Terminal.Size size = Attachment.size(Fd.of(0)).orElse(USUAL_SIZE);
            program.terminal(size.rows(), size.columns());
        }
        return program.build();
    }

    private static User user(String text) {
        int colon = text.indexOf(':');
        long uid = number(colon < 0 ? text : text.substring(0, colon));
        long gid = colon < 0 ? 0 : number(text.substring(colon + 1));
        return new User(uid, gid, Optional.empty(), List.of(), "");
    }

    private static long number(String text) {
        return Integer.toUnsignedLong(Integer.parseUnsignedInt(text));
    }

    private static Optional<ProcessSpec> described(Arguments arguments, Console console) {
        String file = arguments.value(PROCESS, "");
        Outcome<Process> read;
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            read = SpecReader.readProcess(in.readNBytes(Limits.MAX_DOCUMENT_LENGTH + 1), file);
        } catch (IOException failure) {
            console.note("error: the process cannot be read: " + failure);
            return Optional.empty();
        }
        if (read.isRefused()) {
            console.report(read.problems(), Console.Format.TEXT);
            return Optional.empty();
        }
        Process process = read.value().orElseThrow();
        if (process.args().isEmpty()) {
            console.note("error: " + file + ": args is empty, so there is no program to run");
            return Optional.empty();
        }
        if (!arguments.has(TTY) && !process.terminal()) {
            return Optional.of(ProcessSpec.of(process));
        }
        Terminal.Size size = Attachment.size(Fd.of(0)).orElse(USUAL_SIZE);
        return Optional.of(
                ProcessSpec.of(
                        process.withTerminal(
                                Optional.of(
                                        new Process.Box(
                                                Uint64.of(size.rows()),
                                                Uint64.of(size.columns()))))));
    }
}

package dev.kumite.cli;

import dev.kumite.config.Plan;
import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.Engine;
import dev.kumite.engine.EngineException;
import dev.kumite.engine.ExitStatus;
import dev.kumite.engine.Sandbox;
import dev.kumite.engine.TraceExporter;
import dev.kumite.guestimage.GuestImageException;
import dev.kumite.linux.Fd;
import dev.kumite.linux.Terminal;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Process;
import dev.kumite.oci.Spec;
import dev.kumite.oci.Uint64;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;

/** {@code kumite run}: runs a container in a virtual machine of its own, in the foreground. */
final class RunCommand implements Command {

    private static final String BUNDLE = "bundle";
    private static final String TTY = "tty";
    private static final String TIMINGS = "timings";
    private static final String KEEP = "keep";
    private static final String PID_FILE = "pid-file";

    /** Length of the part of a made-up id that differs. */
    private static final int RANDOM_BYTES = 6;

    /** Source: bash(1), "EXIT STATUS". */
    private static final int SIGNALLED = 128;

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String summary() {
        return "run a container in a virtual machine of its own";
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                """
                Boots a virtual machine, runs the bundle's program in it, and leaves nothing behind. Standard
                streams, signals and the exit code are the program's, as if it ran here. With a terminal, keys
                go to the program; a start that takes long can be ended with Ctrl-C.
                Without a configuration file, a guest is used that is built on first need; see "kumite guest".\
                """,
                List.of(
                        Syntax.Option.of(
                                        BUNDLE,
                                        new Syntax.Value.Directory("DIR"),
                                        "the OCI bundle, a directory with a config.json; default .")
                                .withLetter('b'),
                        ConfigurationInput.config(),
                        Syntax.Option.flag(
                                        TTY,
                                        "give the program a terminal, whatever config.json says")
                                .withLetter('t'),
                        Syntax.Option.of(
                                        TIMINGS,
                                        new Syntax.Value.File("FILE.svg"),
                                        "say at the end how long each phase took, or draw it into FILE")
                                .valueOnlyAttached(),
                        Syntax.Option.flag(
                                KEEP,
                                "leave machine and record when the program has ended, to look at;"
                                        + " \"kumite gc\" releases them"),
                        Syntax.Option.of(
                                PID_FILE,
                                new Syntax.Value.File("FILE"),
                                "write the pid of the machine's process to FILE"),
                        GuestPlace.option(),
                        EngineInput.root()),
                List.of(
                        new Syntax.Operand(
                                new Syntax.Value.Id("ID"),
                                true,
                                "identity of the container; default: one is made up")),
                List.of(
                        new Syntax.Example("run -b /run/containers/web web", "runs a bundle"),
                        new Syntax.Example(
                                "run --timings",
                                "runs the one here and says where the time went")));
    }

    @Override
    public List<Exit.Meaning> exitCodes() {
        return List.of(
                new Exit.Meaning("any", "the program's own"),
                new Exit.Meaning("128+N", "signal N has ended the program, or the start"),
                new Exit.Meaning(
                        Integer.toString(ExitCode.REFUSED.number()),
                        "also: it was not run; standard error says why"),
                new Exit.Meaning(
                        Integer.toString(ExitCode.USAGE.number()),
                        "also: the command line is not understood"));
    }

    @Override
    public Exit run(Arguments arguments, Console console) {
        Phases phases = Phases.begin(arguments.has(TIMINGS));
        AtomicReference<String> untraced = new AtomicReference<>("");
        Exit exit;
        try (SignalRelay signals = SignalRelay.open(() -> abandon(console));
                TraceExporter traces = TraceExporter.open(untraced::set)) {
            exit = run(new Surroundings(arguments, console, signals, phases, traces));
        }
        // Not before: it would mix with what the program says.
        if (!untraced.get().isEmpty()) {
            console.note(untraced.get());
        }
        return exit;
    }

    private static Exit run(Surroundings around) {
        Arguments arguments = around.arguments();
        Console console = around.console();
        String id = arguments.operand(0).orElseGet(RunCommand::madeUpId);
        Optional<Path> pidFile = arguments.value(PID_FILE).map(Path::of).map(Path::toAbsolutePath);
        if (pidFile.isPresent() && !Files.isWritable(pidFile.get().resolveSibling("."))) {
            console.note(
                    "error: the pid cannot be written to "
                            + ProblemText.printable(pidFile.get().toString())
                            + ": there is no directory that can be written; make it, or name another file");
            return ExitCode.REFUSED;
        }
        Outcome<PlanInputs> read = PlanInputs.read(inputArguments(arguments, id), console);
        if (read.isRefused()) {
            console.report(read.errors(), Console.Format.TEXT);
            return ExitCode.REFUSED;
        }
        PlanInputs inputs = onTerminal(read.value().orElseThrow(), arguments.has(TTY));
        Outcome<Plan> plan = inputs.plan();
        report(read.warnings(), plan, inputs, console);
        if (plan.isRefused()) {
            return ExitCode.REFUSED;
        }
        ContainerRequest request =
                new ContainerRequest(inputs.spec(), Path.of(inputs.request().bundle()), id);
        try {
            Optional<Path> guest = GuestPlace.ensure(arguments, inputs.runtime(), console);
            Engine.Builder engine =
                    Engine.builder()
                            .root(EngineInput.root(arguments))
                            .configuration(inputs.runtime())
                            .host(inputs.host())
                            .traces(around.traces());
            guest.ifPresent(engine::guest);
            return run(request, engine.build(), around);
        } catch (GuestImageException failure) {
            return cancelled(around.signals())
                    .orElseGet(() -> {
                        console.note("error: there is no guest: " + failure.getMessage());
                        return ExitCode.REFUSED;
                    });
        } catch (EngineException failure) {
            return cancelled(around.signals())
                    .orElseGet(() -> {
                        EngineFailure.report(failure, id, arguments, console);
                        return ExitCode.REFUSED;
                    });
        } catch (UncheckedIOException failure) {
            console.note(
                    "error: "
                            + ProblemText.printable(
                                    failure.getMessage() + ": " + failure.getCause()));
            return ExitCode.REFUSED;
        }
    }

    private static Optional<Exit> cancelled(SignalRelay signals) {
        OptionalInt signal = signals.cancelled();
        return signal.isEmpty()
                ? Optional.empty()
                : Optional.of(new Exit.OfWorkload(SIGNALLED + signal.getAsInt()));
    }

    /** What a run needs beside the request. */
    private record Surroundings(
            Arguments arguments,
            Console console,
            SignalRelay signals,
            Phases phases,
            TraceExporter traces) {}

    private static Exit run(ContainerRequest request, Engine engine, Surroundings around) {
        around.phases().next("command");
        Sandbox sandbox;
        try (Progress _ = Progress.show("starting the virtual machine", around.console())) {
            sandbox = engine.start(request);
        }
        ExitStatus status;
        try {
            around.phases().start(sandbox.timings());
            around.arguments()
                    .value(PID_FILE)
                    .ifPresent(file -> writePid(Path.of(file), sandbox.container().state().pid()));
            status =
                    Attachment.join(
                            Program.of(sandbox.container().process()),
                            around.signals(),
                            around.console(),
                            Fd.of(0));
        } catch (RuntimeException failure) {
            closeAfter(failure, sandbox);
            throw failure;
        }
        around.phases().next("program");
        around.signals().end();
        if (status.oomKilled()) {
            around.console().note("the container has run out of memory");
        }
        if (!around.arguments().has(KEEP)) {
            sandbox.close();
        }
        around.phases().next("release");
        around.phases().report(request.id(), around.arguments().value(TIMINGS), around.console());
        return new Exit.OfWorkload(status.code());
    }

    private static void closeAfter(RuntimeException failure, Sandbox sandbox) {
        try {
            sandbox.close();
        } catch (EngineException second) {
            failure.addSuppressed(second);
        }
    }

    private static void abandon(Console console) {
        console.note("ended at once; \"kumite gc\" releases what is left");
        console.err().flush();
        Runtime.getRuntime().halt(SIGNALLED + dev.kumite.linux.Signals.KILL);
    }

    private static Arguments inputArguments(Arguments arguments, String id) {
        Map<String, List<String>> options = new HashMap<>(arguments.options());
        options.put("id", List.of(id));
        return new Arguments(options, List.of());
    }

    /** A container that is to have a terminal gets one of the size of ours. */
    private static PlanInputs onTerminal(PlanInputs inputs, boolean wanted) {
        Spec spec = inputs.spec();
        Process process = spec.process().orElseThrow();
        if (!wanted && !process.terminal()) {
            return inputs;
        }
        Optional<Process.Box> size =
                Attachment.size(Fd.of(0)).map(RunCommand::box).or(process::consoleSize);
        return new PlanInputs(
                new Spec(
                        spec.ociVersion(),
                        Optional.of(process.withTerminal(size)),
                        spec.root(),
                        spec.hostname(),
                        spec.domainname(),
                        spec.mounts(),
                        spec.hooks(),
                        spec.annotations(),
                        spec.linux(),
                        spec.vm()),
                inputs.places(),
                inputs.runtime(),
                inputs.request(),
                inputs.host(),
                inputs.build());
    }

    private static Process.Box box(Terminal.Size size) {
        return new Process.Box(Uint64.of(size.rows()), Uint64.of(size.columns()));
    }

    /**
     * Errors are always told; warnings only to people, so that they do not mix with the program's.
     */
    private static void report(
            List<Problem> before, Outcome<Plan> plan, PlanInputs inputs, Console console) {
        if (plan.isRefused()) {
            console.report(plan.errors(), Console.Format.TEXT);
            return;
        }
        if (!console.err().isTerminal()) {
            return;
        }
        List<Problem> warnings = new ArrayList<>();
        for (Problem warning : before) {
            boolean builtIn =
                    inputs.runtime().files().isEmpty()
                            && warning.where() instanceof Location.Argument;
            if (!builtIn) {
                warnings.add(warning);
            }
        }
        warnings.addAll(plan.warnings());
        console.report(warnings, Console.Format.TEXT);
    }

    private static void writePid(Path file, long pid) {
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            Files.writeString(next, Long.toString(pid));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the pid to " + file, failure);
        }
    }

    private static String madeUpId() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return "kumite-" + HexFormat.of().formatHex(random);
    }
}

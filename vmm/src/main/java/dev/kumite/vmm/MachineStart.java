package dev.kumite.vmm;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.UnixSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Starts the processes of a machine, or finds them again. Confined to one thread. */
final class MachineStart {

    /**
     * Between two looks at a socket that is not there yet; the end of a process is seen at once.
     */
    private static final Duration LOOK = Duration.ofMillis(2);

    /** How long a QEMU that broke its connection may take to end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final MachinePlan plan;
    private final SandboxDirectory directory;
    private final MachineListener listener;
    private final Limits limits;
    private final AtomicReference<String> shutdownReason = new AtomicReference<>("");
    private final Map<Companion.Kind, HelperProcess> companions =
            new EnumMap<>(Companion.Kind.class);
    private Optional<HelperProcess> qemu = Optional.empty();
    private Optional<Qmp> qmp = Optional.empty();
    private Optional<Console> console = Optional.empty();

    private MachineStart(MachinePlan plan, MachineListener listener, Limits limits) {
        this.plan = plan;
        this.directory = plan.directory();
        this.listener = listener;
        this.limits = limits;
    }

    static VirtualMachine start(MachinePlan plan, MachineListener listener, Limits limits) {
        MachineStart start = new MachineStart(plan, listener, limits);
        try {
            return start.start();
        } catch (RuntimeException e) {
            // also what the listener throws: nobody but this knows of the processes yet
            try {
                throw start.explain(e);
            } finally {
                start.undo();
            }
        }
    }

    static VirtualMachine attach(
            MachinePlan plan, MachineState state, MachineListener listener, Limits limits) {
        MachineStart start = new MachineStart(plan, listener, limits);
        try {
            return start.attach(state);
        } catch (VmmException | LinuxException e) {
            start.release();
            throw e;
        }
    }

    private VirtualMachine start() {
        QemuCommandLine commandLine = QemuCommandLine.of(plan);
        MachineProcesses.remove(directory.sockets());
        if (plan.sharesByVirtioFs() && !(plan.boot() instanceof Boot.ForTemplate)) {
            long from = System.nanoTime();
            startVirtiofsd();
            step("virtiofsd", from);
        }
        long from = System.nanoTime();
        if (plan.agentTransport() instanceof AgentTransport.HybridVsock agent) {
            startVsockDevice(agent);
        }
        HelperProcess started =
                HelperProcess.start(
                        "QEMU",
                        QemuCommandLine.command(plan, commandLine.arguments()),
                        log(directory.qemuLog(), MachineListener.Source.QEMU));
        qemu = Optional.of(started);
        MachineState state =
                new MachineState(
                        Optional.of(started.identity()),
                        companion(Companion.Kind.VIRTIOFSD),
                        companion(Companion.Kind.VSOCK_DEVICE),
                        commandLine.pciSlots(),
                        commandLine.scsiUnits(),
                        Map.of(),
                        plan.agentTransport());
        listener.started(state);
        UnixSocket socket = awaitControl(started);
        step("qemu", from);
        from = System.nanoTime();
        VirtualMachine machine =
                connect(started, Qmp.over(socket, limits.command(), this::event), state);
        if (plan.boot() instanceof Boot.FromTemplate(Path _, MachineTemplate template)) {
            template.load(machine.processes());
        }
        HotPlug.atBoot(machine, plan, commandLine.addresses());
        step("qmp", from);
        return machine;
    }

    private VirtualMachine attach(MachineState state) {
        ProcessIdentity process =
                state.qemu()
                        .filter(ProcessIdentity::isAlive)
                        .orElseThrow(() ->
                                new VmmException(
                                        VmmException.Category.PROCESS_ENDED,
                                        "QEMU of this sandbox is not there any more"));
        HelperProcess found = HelperProcess.attach("QEMU", process);
        attach(Companion.Kind.VIRTIOFSD, state.virtiofsd());
        attach(Companion.Kind.VSOCK_DEVICE, state.vsockDevice());
        return connect(
                found, Qmp.connect(directory.qmpSocket(), limits.start(), this::event), state);
    }

    private void attach(Companion.Kind kind, Optional<ProcessIdentity> process) {
        process.ifPresent(
                identity -> companions.put(kind, HelperProcess.attach(kind.title(), identity)));
    }

    private Optional<ProcessIdentity> companion(Companion.Kind kind) {
        return Optional.ofNullable(companions.get(kind)).map(HelperProcess::identity);
    }

    private VirtualMachine connect(HelperProcess process, Qmp control, MachineState state) {
        qmp = Optional.of(control);
        Console reader =
                Console.connect(
                        directory.consoleSocket(),
                        directory.consoleLog(),
                        limits.command(),
                        lines(MachineListener.Source.CONSOLE));
        console = Optional.of(reader);
        MachineProcesses processes =
                new MachineProcesses(
                        directory,
                        limits,
                        process,
                        companions.entrySet().stream()
                                .map(entry -> new Companion(entry.getKey(), entry.getValue()))
                                .toList(),
                        control,
                        reader,
                        shutdownReason);
        processes.watch();
        return new VirtualMachine(processes, new HotPlug(plan, processes, state, listener));
    }

    private void startVirtiofsd() {
        List<String> command = new ArrayList<>(Launchers.session());
        command.addAll(VirtiofsdCommandLine.of(plan).arguments());
        start(
                Companion.Kind.VIRTIOFSD,
                command,
                log(directory.virtiofsdLog(), MachineListener.Source.VIRTIOFSD),
                directory.virtiofsdSocket());
    }

    private void startVsockDevice(AgentTransport.HybridVsock agent) {
        List<String> command = new ArrayList<>(Launchers.session());
        command.addAll(VsockDeviceCommandLine.of(directory, agent).arguments());
        start(
                Companion.Kind.VSOCK_DEVICE,
                command,
                log(directory.vsockDeviceLog(), MachineListener.Source.VSOCK_DEVICE),
                directory.vsockDeviceSocket());
    }

    /** Starts a process, and waits until it listens. */
    private void start(Companion.Kind kind, List<String> command, BoundedLog log, Path socket) {
        HelperProcess process = HelperProcess.start(kind.title(), command, log);
        companions.put(kind, process);
        listener.started(
                MachineState.of(
                        Optional.empty(),
                        companion(Companion.Kind.VIRTIOFSD),
                        companion(Companion.Kind.VSOCK_DEVICE),
                        plan.agentTransport()));
        long deadline = System.nanoTime() + limits.start().toNanos();
        while (!Files.exists(socket)) {
            if (process.await(LOOK, "waiting for " + kind.title())) {
                throw ended(kind.title(), process);
            }
            if (System.nanoTime() > deadline) {
                throw late(kind.title() + " does not listen", process);
            }
        }
    }

    private UnixSocket awaitControl(HelperProcess process) {
        long deadline = System.nanoTime() + limits.start().toNanos();
        while (true) {
            Optional<UnixSocket> socket = tryConnect();
            if (socket.isPresent()) {
                return socket.get();
            }
            if (process.await(LOOK, "waiting for QEMU")) {
                throw ended("QEMU", process);
            }
            companions.forEach((kind, companion) -> {
                if (!companion.isAlive()) {
                    throw ended(kind.title(), companion);
                }
            });
            if (System.nanoTime() > deadline) {
                throw late("QEMU does not open its control socket", process);
            }
        }
    }

    private Optional<UnixSocket> tryConnect() {
        if (!Files.exists(directory.qmpSocket())) {
            return Optional.empty();
        }
        try {
            return Optional.of(UnixSocket.connect(directory.qmpSocket(), limits.command()));
        } catch (LinuxException e) {
            return switch (e.errno()) {
                case ENOENT, ECONNREFUSED -> Optional.empty();
                default ->
                        throw new VmmException(
                                VmmException.Category.HOST,
                                "QEMU's control socket: " + e.getMessage(),
                                e);
            };
        }
    }

    /** {@return how QEMU ended, if that is what is behind a connection that broke} */
    private RuntimeException explain(RuntimeException failure) {
        boolean broken =
                failure instanceof LinuxException
                        || (failure instanceof VmmException known
                                && known.category() == VmmException.Category.PEER_CLOSED);
        return broken && qemu.isPresent() && qemu.get().await(LAST_WORDS, "waiting for QEMU to end")
                ? ended("QEMU", qemu.get())
                : failure;
    }

    private static VmmException ended(String name, HelperProcess process) {
        StringBuilder text = new StringBuilder(name);
        text.append(" ended while it started (code ")
                .append(process.ended().getNow(HelperProcess.UNKNOWN))
                .append(")");
        MachineExit.append(
                text, "its last lines", process.lastLines(MachineProcesses.MESSAGE_LINES));
        return new VmmException(VmmException.Category.PROCESS_ENDED, text.toString());
    }

    private VmmException late(String what, HelperProcess process) {
        StringBuilder text = new StringBuilder(what);
        text.append(" within ").append(limits.start().toSeconds()).append(" s");
        MachineExit.append(
                text, "its last lines", process.lastLines(MachineProcesses.MESSAGE_LINES));
        return new VmmException(VmmException.Category.TIMEOUT, text.toString());
    }

    private void event(QmpEvent event) {
        if (event.name().equals("SHUTDOWN")) {
            shutdownReason.set(event.data().get("reason").text().orElse(""));
        }
        listener.event(event);
    }

    private void step(String name, long from) {
        listener.step(name, Duration.ofNanos(System.nanoTime() - from));
    }

    private BoundedLog log(Path path, MachineListener.Source source) {
        return new BoundedLog(path, lines(source));
    }

    private Consumer<String> lines(MachineListener.Source source) {
        return text -> listener.line(source, text);
    }

    private void undo() {
        qemu.ifPresent(HelperProcess::kill);
        companions.values().forEach(HelperProcess::kill);
        release();
        boolean interrupted = Thread.interrupted(); // what was started must not stay, all the same
        qemu.ifPresent(process -> process.await(limits.start(), "ending QEMU"));
        companions.forEach((kind, process) -> {
            boolean _ = process.await(limits.start(), "ending " + kind.title());
        });
        MachineProcesses.remove(directory.sockets());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        qmp.ifPresent(Qmp::close);
        console.ifPresent(Console::close);
    }
}

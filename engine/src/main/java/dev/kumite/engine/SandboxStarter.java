package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.CreateSandboxRequest;
import dev.kumite.config.AgentConfig;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.SandboxConfig;
import dev.kumite.config.SandboxFields;
import dev.kumite.config.Settings;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.oci.Uint64;
import dev.kumite.vmm.Boot;
import dev.kumite.vmm.MachinePlan;
import dev.kumite.vmm.MachineTemplate;
import dev.kumite.vmm.SandboxDirectory;
import dev.kumite.vmm.VirtualMachine;
import dev.kumite.vmm.VmmException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One start of a sandbox, step by step; whatever fails, everything is released in reverse order.
 * Confined to one thread.
 */
final class SandboxStarter {

    private final Engine engine;
    private final SandboxPreparation preparation;
    private final String id;
    private final Path directory;
    private final StepClock clock;
    private final StartTrace trace;

    private @Nullable SandboxHome home;
    private @Nullable RecordWriter record;
    private @Nullable SharedTree share;
    private NetworkConnection connection = NetworkConnection.none();
    private @Nullable VirtualMachine machine;
    private @Nullable AgentPort port;
    private @Nullable GuestAgent agent;

    private SandboxStarter(Engine engine, SandboxPreparation preparation, StepClock clock) {
        this.engine = engine;
        this.preparation = preparation;
        this.id = preparation.prepared().request().id();
        this.directory = engine.root().resolve(id);
        this.clock = clock;
        this.trace = StartTrace.begin(engine, id);
    }

    /**
     * Starts a sandbox.
     *
     * @param run whether the container is started, too
     */
    static Sandbox start(Engine engine, ContainerRequest request, boolean run) {
        StepClock clock = new StepClock(engine.clock());
        SandboxPreparation preparation =
                clock.take(Step.PREPARE, () -> SandboxPreparation.of(engine, request));
        SandboxStarter starter = new SandboxStarter(engine, preparation, clock);
        try {
            return starter.start(run);
        } catch (EngineException e) {
            throw starter.fail(e);
        } catch (VmmException e) {
            throw starter.fail(MachineFailure.of(e));
        } catch (LinuxException e) {
            throw starter.fail(MachineFailure.of(e));
        }
    }

    private Sandbox start(boolean run) {
        prepare();
        clock.run(Step.SHARE, this::share);
        if (preparation.network() instanceof NetworkAttachment.Interfaces interfaces) {
            clock.run(Step.NETWORK, () -> connectNetwork(interfaces));
        }
        boolean resumed = resume();
        if (!resumed) {
            startMachine(
                    preparation.machinePlan(directory, connection.networks()),
                    preparation.hypervisor());
            clock.run(Step.AGENT, () -> connect(false));
        }
        HookRunner hooks = new HookRunner(engine.deadlines().hook(), written());
        Ownership ownership =
                new Ownership(
                        engine,
                        home(),
                        machine(),
                        tree(),
                        preparation.config(),
                        hooks,
                        new ReentrantLock());
        Sandbox sandbox =
                new Sandbox(
                        id,
                        directory,
                        taken(agent, "agent"),
                        written(),
                        taken(port, "port"),
                        ownership);
        clock.run(
                Step.SANDBOX,
                () -> {
                    createSandbox(sandbox);
                    if (resumed) {
                        ownership.growFor(sandbox, id, preparation.prepared().config().resources());
                    }
                });
        Container container =
                clock.take(
                        Step.CONTAINER,
                        () ->
                                new ContainerMaker(ownership, sandbox, preparation.prepared())
                                        .make());
        OomWatcher.start(sandbox);
        if (run) {
            clock.run(
                    Step.START,
                    () -> {
                        ContainerProcess _ = container.start();
                    });
        }
        home().update(state -> state.withPhase(SandboxState.Phase.RUNNING));
        sandbox.started(clock.timings(), preparation.prepared().warnings());
        sandbox.trace(trace);
        trace.started(clock, Optional.empty(), written());
        return sandbox;
    }

    /** Takes the directory; before that, nothing of the host was touched. */
    private void prepare() {
        clock.resume(Step.PREPARE);
        try {
            home =
                    SandboxHome.create(
                            directory,
                            SandboxState.starting(id, engine.now(), ProcessIdentity.self()));
            record = RecordWriter.open(directory, engine.clock());
        } catch (FileAlreadyExistsException _) {
            throw EngineException.of(
                    EngineException.Category.CONFLICT,
                    "there is a sandbox \"" + id + "\" already",
                    "use another identity, or close it; if its owner was killed, run \"kumite gc\"");
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "cannot make the sandbox's directory \""
                                    + directory
                                    + "\": "
                                    + Failures.reason(e))
                    .remedy("make room there, or use another root directory")
                    .cause(e)
                    .build();
        }
        clock.attach(written());
        preparation.prepared().warnings().forEach(problem -> written().note(problem.describe()));
        written().note(preparation.accelerator().reason());
        trace.problem().ifPresent(written()::note);
        ContainerMaker.writeDown(home(), preparation.prepared(), engine.now());
        clock.done(Step.PREPARE);
    }

    private void share() {
        SharedTree tree = new SharedTree(directory);
        share = tree;
        try {
            tree.make();
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "cannot make the shared directory in \""
                                    + directory
                                    + "\": "
                                    + Failures.reason(e))
                    .cause(e)
                    .build();
        }
        ContainerMaker.share(tree, preparation.prepared());
        for (VolumePlan.Shared volume : preparation.sandboxMounts()) {
            try {
                tree.add(volume);
            } catch (IOException e) {
                throw EngineException.builder(
                                EngineException.Category.HOST,
                                "cannot share \"" + volume.source() + "\": " + Failures.reason(e))
                        .remedy("correct sandbox_bind_mounts in configuration.toml")
                        .cause(e)
                        .build();
            }
        }
    }

    private void connectNetwork(NetworkAttachment.Interfaces interfaces) {
        connection =
                NetworkConnection.connect(
                        interfaces,
                        preparation.machinePlan(directory, List.of()).takesDevicesLater(),
                        network -> home().update(state -> state.withNetwork(network)),
                        written()::note);
        NetworkMessages.of(interfaces).notes().forEach(written()::note);
    }

    /** {@return whether a machine went on from a template; if not, nothing of one is there} */
    private boolean resume() {
        Templates templates = new Templates(engine, preparation, written(), clock);
        Optional<MachineTemplate> found = templates.find();
        if (found.isEmpty()) {
            return false;
        }
        MachineTemplate template = found.get();
        Settings<HypervisorConfig> size = preparation.config().hypervisorConfig();
        MachinePlan plan = preparation.machinePlan(id, directory, new Boot.Cold(), List.of());
        try (Fd memory = template.copyMemory(plan)) {
            Boot how = new Boot.FromTemplate(MachineTemplate.path(memory), template);
            startMachine(preparation.machinePlan(id, directory, how, connection.networks()), size);
        } catch (VmmException e) {
            if (e.category() != VmmException.Category.TEMPLATE_UNUSABLE) {
                throw e;
            }
            templates.discard(template, String.valueOf(e.getMessage()));
            return false;
        }
        clock.run(Step.AGENT, () -> connect(true));
        return true;
    }

    private void startMachine(MachinePlan plan, Settings<HypervisorConfig> size) {
        clock.begin(preparation.usesVirtiofsd() ? Step.VIRTIOFSD : Step.QEMU);
        List<Path> groups = HostCgroups.take(directory, preparation, written()::note);
        MachineRecorder listener = new MachineRecorder(home(), written(), clock, groups);
        VirtualMachine started =
                VirtualMachine.start(plan, listener, MachineRecorder.limits(engine.deadlines()));
        machine = started;
        connection.close();
        home().update(state ->
                state.withMachine(started.state())
                        .withSize(
                                size.get(HypervisorConfig.NUM_VCPUS),
                                size.get(HypervisorConfig.MEMORY_SIZE)));
    }

    private void connect(boolean resumed) {
        SandboxDirectory paths = new SandboxDirectory(directory);
        AgentPort own =
                AgentPort.ofOwner(paths, preparation.agent())
                        .orElseThrow(() ->
                                EngineException.of(
                                        EngineException.Category.CONFLICT,
                                        "another process has the agent's first port",
                                        ""));
        port = own;
        machine().resume();
        long configured = preparation.config().agentConfig().get(AgentConfig.DIAL_TIMEOUT);
        Duration timeout =
                configured > 0 ? Duration.ofSeconds(configured) : engine.deadlines().agent();
        // While a guest boots, silence means nothing.
        GuestAgent connected = GuestAgent.connect(own, timeout, timeout, engine.deadlines().call());
        agent = connected;
        if (resumed) {
            new WarmUp(connected).awaken();
        }
    }

    private void createSandbox(Sandbox sandbox) {
        SandboxConfig config = preparation.config();
        List<GuestStorage> storages = new ArrayList<>();
        preparation.share().ifPresent(storages::add);
        Uint64 shm = config.settings().get(SandboxFields.SHM_SIZE);
        if (!shm.equals(Uint64.ZERO)) {
            storages.add(GuestStorage.shm(shm.toString()));
        } else if (sandbox.agent().isForeign()) {
            // The agent writes files there, in a directory that only this storage would make.
            storages.add(GuestStorage.local(GuestPaths.SANDBOX, "0755"));
        }
        if (preparation.network() instanceof NetworkAttachment.Interfaces interfaces) {
            NetworkMessages.of(interfaces).sendTo(sandbox);
        }
        sandbox.call(
                "setting up the sandbox",
                client ->
                        client.createSandbox(
                                CreateSandboxRequest.newBuilder()
                                        .setSandboxId(id)
                                        .setHostname(config.settings().get(SandboxFields.HOSTNAME))
                                        .setSandboxPidns(
                                                preparation.prepared().guest().sharesPidNamespace())
                                        .addAllDns(
                                                NameServers.of(
                                                        preparation.prepared().request().spec()))
                                        .setGuestHookPath(
                                                config.hypervisorConfig()
                                                        .get(HypervisorConfig.GUEST_HOOK_PATH))
                                        .addAllStorages(SpecMessages.storages(storages))
                                        .addAllKernelModules(preparation.kernelModules())
                                        .build()));
    }

    /** {@return the failure as the caller gets it; all but the record is released} */
    private EngineException fail(EngineException e) {
        Step step = clock.current();
        EngineException explained =
                StartFailure.explain(e, step == null ? Step.PREPARE : step, machine, this::silence);
        if (home == null) {
            return explained.toBuilder().step(Step.PREPARE).build();
        }
        SandboxHome taken = home;
        RecordWriter writer = record == null ? null : record;
        if (writer != null) {
            writer.note("failed: " + explained.getMessage());
            trace.started(clock, Optional.of(String.valueOf(explained.getMessage())), writer);
            explained.evidence().forEach(line -> writer.note("evidence: " + line));
        }
        List<String> left = release(taken, writer);
        EngineException.Builder failure =
                explained.toBuilder().record(KeptRecords.of(engine.root(), id));
        return left.isEmpty()
                ? failure.build()
                : failure.remedy("something is left (" + left.getFirst() + "): run \"kumite gc\"")
                        .build();
    }

    private List<String> silence() {
        return SilentGuest.evidence(
                machine(),
                new SandboxDirectory(directory),
                agent == null ? Optional.empty() : Optional.of(preparation.agent()));
    }

    private List<String> release(SandboxHome taken, @Nullable RecordWriter writer) {
        Teardown teardown = new Teardown(writer);
        GuestAgent connected = agent;
        if (connected != null) {
            teardown.tolerate("closing the agent's connection", connected::close);
        }
        VirtualMachine started = machine;
        if (started != null) {
            teardown.attempt("ending the machine's processes", started::close);
        }
        boolean unshared =
                teardown.attemptIo(
                        "releasing the shared directory",
                        () -> new SharedTree(directory).removeAll());
        teardown.tolerate("closing descriptors of the network", connection::close);
        boolean disconnected = teardown.disconnect(taken.state().network());
        teardown.removeGroups(directory);
        AgentPort ownPort = port;
        if (ownPort != null) {
            teardown.attempt("giving the agent's port back", ownPort::close);
        }
        if (writer != null) {
            teardown.tolerate("closing the record", writer::close);
        }
        teardown.attemptIo(
                "keeping the record", () -> KeptRecords.keep(engine.root(), id, directory));
        if (unshared && disconnected) {
            teardown.attemptIo("removing the directory", () -> SandboxHome.delete(directory));
        }
        teardown.attempt("giving the lock back", taken::close);
        teardown.restoreInterrupt();
        return teardown.failures();
    }

    private SandboxHome home() {
        return taken(home, "directory");
    }

    private RecordWriter written() {
        return taken(record, "record");
    }

    private SharedTree tree() {
        return taken(share, "share");
    }

    private VirtualMachine machine() {
        return taken(machine, "machine");
    }

    private static <T> T taken(@Nullable T thing, String name) {
        if (thing == null) {
            throw new IllegalStateException("the " + name + " is not there yet");
        }
        return thing;
    }
}

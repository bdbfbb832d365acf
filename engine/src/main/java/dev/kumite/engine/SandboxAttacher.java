package dev.kumite.engine;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.oci.Spec;
import dev.kumite.vmm.SandboxDirectory;
import dev.kumite.vmm.VirtualMachine;
import dev.kumite.vmm.VmmException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** Comes to a sandbox that another process started. */
final class SandboxAttacher {

    /** After which a guest that does not answer is taken to wait for the rest of a frame. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private SandboxAttacher() {}

    /** Connects beside the owner. */
    static Sandbox attach(Engine engine, String id) {
        SandboxFinder finder = new SandboxFinder(engine.root());
        Path directory = finder.directory(id).orElseThrow(() -> finder.notFound(id));
        SandboxState state = state(finder, id, directory);
        requireMachine(id, state);
        AgentPort port =
                AgentPort.free(new SandboxDirectory(directory), state.machine().agent())
                        .orElseThrow(() ->
                                EngineException.of(
                                        EngineException.Category.CONFLICT,
                                        "all ports for attaching to sandbox \""
                                                + id
                                                + "\" are taken",
                                        "try again when another command has ended"));
        return connect(engine, directory, state, port);
    }

    private static Sandbox connect(
            Engine engine, Path directory, SandboxState state, AgentPort port) {
        GuestAgent agent;
        RecordWriter record;
        try {
            agent =
                    GuestAgent.connect(
                            port, PATIENCE, engine.deadlines().call(), engine.deadlines().call());
        } catch (EngineException e) {
            port.close();
            throw e;
        }
        try {
            record = RecordWriter.open(directory, engine.clock());
        } catch (IOException e) {
            agent.close();
            port.close();
            throw unreadable(directory, e);
        }
        Sandbox sandbox = new Sandbox(state.id(), directory, agent, record, port, null);
        addContainers(sandbox, directory, state);
        return sandbox;
    }

    private static void addContainers(Sandbox sandbox, Path directory, SandboxState state) {
        for (SandboxState.Entry entry : state.containers()) {
            try {
                Spec spec = SandboxHome.readSpec(directory, entry.id()).orElseGet(Spec::empty);
                Container container =
                        new Container(
                                sandbox,
                                entry.id(),
                                entry.bundle(),
                                entry.pid(),
                                spec,
                                ContainerPhase.parse(entry.status())
                                        .orElse(ContainerPhase.STOPPED));
                sandbox.add(container);
            } catch (IOException e) {
                throw unreadable(directory, e);
            }
        }
    }

    private static EngineException unreadable(Path directory, IOException e) {
        return EngineException.builder(
                        EngineException.Category.HOST,
                        "cannot use \"" + directory + "\": " + Failures.reason(e))
                .cause(e)
                .build();
    }

    private static SandboxState state(SandboxFinder finder, String id, Path directory) {
        try {
            return SandboxHome.read(directory).orElseThrow(() -> finder.notFound(id));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static void requireMachine(String id, SandboxState state) {
        if (state.machine().qemu().filter(ProcessIdentity::isAlive).isEmpty()) {
            throw EngineException.of(
                    EngineException.Category.ILLEGAL_STATE,
                    "the machine of sandbox \"" + id + "\" does not run",
                    "wait until it is started; if its owner was killed, run \"kumite gc\"");
        }
    }

    /** Becomes the owner in place of one that is gone. */
    static Sandbox adopt(Engine engine, String id) {
        SandboxFinder finder = new SandboxFinder(engine.root());
        Path directory = finder.directory(id).orElseThrow(() -> finder.notFound(id));
        SandboxHome home;
        try {
            home =
                    SandboxHome.take(directory)
                            .orElseThrow(() ->
                                    EngineException.of(
                                            EngineException.Category.CONFLICT,
                                            "sandbox \"" + id + "\" has an owner",
                                            "attach to it"));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
        try {
            return adopt(engine, id, directory, home);
        } catch (VmmException e) {
            home.close();
            throw MachineFailure.of(e);
        } catch (IOException e) {
            home.close();
            throw unreadable(directory, e);
        } catch (EngineException | LinuxException e) {
            home.close();
            throw e;
        }
    }

    private static Sandbox adopt(Engine engine, String id, Path directory, SandboxHome home)
            throws IOException {
        SandboxState state = home.state();
        requireMachine(id, state);
        SandboxState.Entry first =
                state.container(id)
                        .orElseThrow(() ->
                                EngineException.of(
                                        EngineException.Category.ILLEGAL_STATE,
                                        "the first container of sandbox \"" + id + "\" is gone",
                                        "run \"kumite gc\""));
        Spec spec = SandboxHome.readSpec(directory, id).orElseGet(Spec::empty);
        RunningSandbox running =
                RunningSandbox.of(
                        engine,
                        new ContainerRequest(spec, Path.of(first.bundle()), id, first.pid()),
                        directory,
                        state.machine().agent());
        RecordWriter record = RecordWriter.open(directory, engine.clock());
        record.note("adopted by process " + ProcessIdentity.self().pid());
        VirtualMachine machine =
                VirtualMachine.attach(
                        running.machine(),
                        state.machine(),
                        new MachineRecorder(home, record, null),
                        MachineRecorder.limits(engine.deadlines()));
        try {
            home.update(known -> known.withOwner(ProcessIdentity.self()));
            Ownership ownership =
                    new Ownership(
                            engine,
                            home,
                            machine,
                            new SharedTree(directory),
                            running.config(),
                            new HookRunner(engine.deadlines().hook(), record),
                            new ReentrantLock());
            return reconnect(engine, directory, state, record, ownership);
        } catch (EngineException e) {
            // It goes on without an owner, as before.
            machine.detach();
            record.close();
            throw e;
        }
    }

    private static Sandbox reconnect(
            Engine engine,
            Path directory,
            SandboxState state,
            RecordWriter record,
            Ownership ownership) {
        AgentPort port =
                AgentPort.ofOwner(new SandboxDirectory(directory), state.machine().agent())
                        .orElseThrow(() ->
                                EngineException.of(
                                        EngineException.Category.CONFLICT,
                                        "another process has the agent's first port",
                                        ""));
        GuestAgent agent;
        try {
            agent =
                    GuestAgent.connect(
                            port, PATIENCE, engine.deadlines().call(), engine.deadlines().call());
        } catch (EngineException e) {
            port.close();
            throw e;
        }
        Sandbox sandbox = new Sandbox(state.id(), directory, agent, record, port, ownership);
        sandbox.trace(StartTrace.resume(engine, state.id()));
        addContainers(sandbox, directory, state);
        for (Container container : sandbox.containers()) {
            if (container.phase().runs()) {
                container.process().watch();
            }
        }
        OomWatcher.start(sandbox);
        return sandbox;
    }
}

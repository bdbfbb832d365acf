package dev.kumite.engine;

import static java.util.Objects.requireNonNull;

import dev.kumite.agentprotocol.messages.ExecProcessRequest;
import dev.kumite.agentprotocol.messages.PauseContainerRequest;
import dev.kumite.agentprotocol.messages.RemoveContainerRequest;
import dev.kumite.agentprotocol.messages.ResumeContainerRequest;
import dev.kumite.agentprotocol.messages.StartContainerRequest;
import dev.kumite.agentprotocol.messages.StatsContainerRequest;
import dev.kumite.agentprotocol.messages.UpdateContainerRequest;
import dev.kumite.linux.Signals;
import dev.kumite.oci.Hooks;
import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Spec;
import dev.kumite.oci.State;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** A container in a sandbox. Safe for use by several threads. */
public final class Container implements AutoCloseable {

    /** Code of a process that SIGKILL ended, which is what lack of memory ends in. */
    private static final int KILLED = 137;

    /**
     * How long a killed process's exit waits for the news that memory had run out, which comes by
     * another call.
     */
    private static final Duration OOM_NEWS = Duration.ofMillis(500);

    private static final int EXEC_ID_BYTES = 8;

    private final Sandbox sandbox;
    private final String id;
    private final String bundle;
    private final long pid;
    private final Spec spec;
    private final ContainerProcess process;
    private final AtomicReference<ContainerPhase> phase;
    private final AtomicReference<Resources> limits;
    private final CompletableFuture<Boolean> oom = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    Container(
            Sandbox sandbox, String id, String bundle, long pid, Spec spec, ContainerPhase phase) {
        this.sandbox = sandbox;
        this.id = id;
        this.bundle = bundle;
        this.pid = pid;
        this.spec = spec;
        this.phase = new AtomicReference<>(phase);
        this.limits =
                new AtomicReference<>(
                        spec.linux()
                                .flatMap(linux -> linux.resources())
                                .orElseGet(Resources::empty));
        boolean terminal = spec.process().map(Process::terminal).orElse(false);
        this.process = new ContainerProcess(this, sandbox.agent(), id, terminal);
    }

    /** {@return its identity} */
    public String id() {
        return id;
    }

    /** {@return the sandbox that it is in} */
    public Sandbox sandbox() {
        return sandbox;
    }

    /** {@return what was asked for} */
    public Spec spec() {
        return spec;
    }

    /**
     * Starts the container's program.
     *
     * @return its process
     * @throws EngineException ILLEGAL_STATE if it was started before, GUEST if the guest cannot or
     *     a {@code startContainer} hook fails there
     */
    public ContainerProcess start() {
        if (!phase.compareAndSet(ContainerPhase.CREATED, ContainerPhase.RUNNING)) {
            throw wrongPhase("started");
        }
        try {
            sandbox.traced(
                    Step.START,
                    id,
                    () ->
                            sandbox.call(
                                    "starting container \"" + id + "\"",
                                    client ->
                                            client.startContainer(
                                                    StartContainerRequest.newBuilder()
                                                            .setContainerId(id)
                                                            .build(),
                                                    sandbox.hookTime(hooks().startContainer()))));
        } catch (EngineException e) {
            phase.set(ContainerPhase.STOPPED);
            throw e;
        }
        process.watch();
        sandbox.written(this);
        sandbox.runHooks("poststart", hooks().poststart(), state());
        return process;
    }

    /** {@return the container's first process; there before it was started, for its streams} */
    public ContainerProcess process() {
        return process;
    }

    /**
     * Starts a further program in the container, which must run.
     *
     * @throws EngineException ILLEGAL_STATE if the container does not run, GUEST if the program
     *     cannot be started there
     */
    public ContainerProcess exec(ProcessSpec program) {
        if (!phase().runs()) {
            throw wrongPhase("entered");
        }
        Process resolved = program.resolve(spec.process().orElseGet(Process::empty));
        List<String> env = new ArrayList<>(resolved.env());
        env.removeIf(variable -> variable.indexOf('=') < 0);
        Process guest = GuestSpec.forGuest(resolved, env);
        byte[] random = new byte[EXEC_ID_BYTES];
        new SecureRandom().nextBytes(random);
        String execId = "exec-" + HexFormat.of().formatHex(random);
        sandbox.call(
                "starting a program in container \"" + id + "\"",
                client ->
                        client.execProcess(
                                ExecProcessRequest.newBuilder()
                                        .setContainerId(id)
                                        .setExecId(execId)
                                        .setProcess(SpecMessages.process(guest))
                                        .build()));
        ContainerProcess started =
                new ContainerProcess(this, sandbox.agent(), execId, guest.terminal());
        started.watch();
        return started;
    }

    /**
     * {@return a program that {@link #exec} has started, for a process that has adopted the
     * sandbox} Whether it has ended is told by {@link ContainerProcess#await()}; if the guest has
     * forgotten it, that fails.
     *
     * @param execId its identity, see {@link ContainerProcess#id}
     * @param terminal whether it has a terminal
     */
    public ContainerProcess process(String execId, boolean terminal) {
        return new ContainerProcess(this, sandbox.agent(), execId, terminal);
    }

    /** {@return its state, as the OCI specification has it; for {@code pid} see the request} */
    public State state() {
        ContainerPhase now = phase();
        return new State(
                WorkloadSpec.OCI_VERSION,
                id,
                now.word(),
                now == ContainerPhase.STOPPED ? 0 : pid == 0 ? sandbox.qemuPid() : pid,
                bundle,
                spec.annotations());
    }

    /** {@return whether the guest's kernel has killed one of its processes for lack of memory} */
    public boolean oomKilled() {
        return oom.isDone();
    }

    /** Has it told, once and on any thread, when that happens, or at once if it has. */
    public void whenOutOfMemory(Runnable told) {
        CompletableFuture<Void> _ = oom.thenRun(told);
    }

    /** Sends a signal to the container's first process. Does nothing if that has ended. */
    public void signal(int number) {
        process.signal(number);
    }

    /** Sends a signal to all processes of the container. */
    public void signalAll(int number) {
        send("", number);
    }

    void send(String execId, int number) {
        try {
            sandbox.call(
                    "sending signal " + number + " to container \"" + id + "\"",
                    client ->
                            client.signalProcess(
                                    ContainerProcess.signalRequest(id, execId, number)));
        } catch (EngineException e) {
            // A process may end while a signal is on its way; that is nobody's mistake.
            boolean ended = execId.equals(id) && process.hasEnded();
            if (!ended && !Sandbox.isNotFound(e)) {
                throw e;
            }
        }
    }

    /** {@return what it uses} */
    public ContainerStats stats() {
        return ResourceMessages.stats(
                sandbox.call(
                        "reading what container \"" + id + "\" uses",
                        client ->
                                client.statsContainer(
                                        StatsContainerRequest.newBuilder()
                                                .setContainerId(id)
                                                .build())));
    }

    /** Stops all its processes until {@link #resume}. */
    public void pause() {
        if (phase() != ContainerPhase.RUNNING) {
            throw wrongPhase("paused");
        }
        sandbox.call(
                "pausing container \"" + id + "\"",
                client ->
                        client.pauseContainer(
                                PauseContainerRequest.newBuilder().setContainerId(id).build()));
        change(ContainerPhase.RUNNING, ContainerPhase.PAUSED);
    }

    /** Lets all its processes go on. */
    public void resume() {
        if (phase() != ContainerPhase.PAUSED) {
            throw wrongPhase("resumed");
        }
        sandbox.call(
                "resuming container \"" + id + "\"",
                client ->
                        client.resumeContainer(
                                ResumeContainerRequest.newBuilder().setContainerId(id).build()));
        change(ContainerPhase.PAUSED, ContainerPhase.RUNNING);
    }

    /**
     * Changes its limits. Where the configuration does not say otherwise, the machine grows first.
     *
     * @param newLimits the new limits; what is absent stays
     */
    public void update(Resources newLimits) {
        if (phase() == ContainerPhase.STOPPED) {
            throw wrongPhase("changed");
        }
        Resources merged = Limits.merge(limits.get(), newLimits);
        sandbox.growFor(this, merged);
        sandbox.call(
                "changing the limits of container \"" + id + "\"",
                client ->
                        client.updateContainer(
                                UpdateContainerRequest.newBuilder()
                                        .setContainerId(id)
                                        .setResources(
                                                ResourceMessages.resources(
                                                        GuestSpec.resources(
                                                                newLimits, new ArrayList<>())))
                                        .build()));
        limits.set(merged);
    }

    /** {@return the limits that it has} */
    Resources limits() {
        return limits.get();
    }

    ContainerPhase phase() {
        return sandbox.owner() ? phase.get() : sandbox.phaseOnDisk(id).orElseGet(phase::get);
    }

    String bundle() {
        return bundle;
    }

    Hooks hooks() {
        return spec.hooks()
                .orElseGet(() ->
                        new Hooks(
                                List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
    }

    private void change(ContainerPhase from, ContainerPhase to) {
        if (phase.compareAndSet(from, to)) {
            sandbox.written(this);
        }
    }

    /** Called when one of its processes has ended. */
    ExitStatus ended(ContainerProcess which, int code) {
        if (which == process) {
            phase.set(ContainerPhase.STOPPED);
        }
        boolean limited = limits.get().memory().isPresent();
        boolean ranOut = oomKilled() || (isKill(code) && limited && awaitOom());
        if (which == process) {
            sandbox.note("container \"" + id + "\" ended with exit code " + code);
            try {
                sandbox.written(this);
            } catch (EngineException e) {
                // Whoever waits for the exit code must get it, on a full disk too.
                sandbox.note(String.valueOf(e.getMessage()));
            }
        }
        return new ExitStatus(code, ranOut);
    }

    /** Agents of Kata's up to 3.30 give the number of the signal instead of 128 and the number. */
    private boolean isKill(int code) {
        return code == KILLED || (sandbox.agent().isForeign() && code == Signals.KILL);
    }

    private boolean awaitOom() {
        try {
            return oom.get(OOM_NEWS.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | ExecutionException _) {
            return false;
        }
    }

    /** Called when the guest says that memory has run out. */
    void ranOutOfMemory() {
        oom.complete(true);
    }

    private EngineException wrongPhase(String done) {
        requireNonNull(done, "done is null");
        return EngineException.of(
                EngineException.Category.ILLEGAL_STATE,
                "container \"" + id + "\" cannot be " + done + ": it is " + phase().word(),
                "");
    }

    /**
     * Ends and removes the container: kills what still runs, takes its files from the share, and
     * runs its {@code poststop} hooks. Closing twice is fine. The sandbox goes on. In a sandbox
     * that is only attached, this does nothing.
     */
    @Override
    public void close() {
        if (!sandbox.owner() || !closed.compareAndSet(false, true)) {
            return;
        }
        phase.set(ContainerPhase.STOPPED);
        try {
            sandbox.call(
                    "removing container \"" + id + "\"",
                    client ->
                            client.removeContainer(
                                    RemoveContainerRequest.newBuilder()
                                            .setContainerId(id)
                                            .build()));
        } finally {
            sandbox.forget(this);
        }
    }

    /** {@return whether it was not closed before; it is from now on} */
    boolean markClosed() {
        phase.set(ContainerPhase.STOPPED);
        return closed.compareAndSet(false, true);
    }
}

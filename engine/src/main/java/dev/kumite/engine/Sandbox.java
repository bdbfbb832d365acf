package dev.kumite.engine;

import dev.kumite.agentprotocol.AgentClient;
import dev.kumite.agentprotocol.messages.GetMetricsRequest;
import dev.kumite.oci.Hooks.Hook;
import dev.kumite.oci.Problem;
import dev.kumite.oci.State;
import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine, and the containers in it. {@link Engine#start} makes one. Safe for use by
 * several threads.
 *
 * <p>The process that made a sandbox, or adopted it, owns it: when it closes the sandbox, the
 * machine ends, and when it dies, the machine stays behind for {@link Engine#adopt} or {@link
 * Engine#collectGarbage}. Other processes can {@link Engine#attach} and do all but that.
 */
public final class Sandbox implements AutoCloseable {

    private final String id;
    private final Path directory;
    private final GuestAgent agent;
    private final RecordWriter record;
    private final AutoCloseable port;
    private final @Nullable Ownership ownership;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReentrantLock guard = new ReentrantLock();
    // Guarded by guard.
    private final Map<String, Container> containers = new LinkedHashMap<>();
    private Timings timings = new Timings(List.of());
    private List<Problem> warnings = List.of();

    /** Nothing while the start is being traced as a whole. */
    private volatile @Nullable StartTrace trace;

    /**
     * @param port the agent's port, to be given back at the end
     * @param ownership what an owner holds; null if merely attached
     */
    Sandbox(
            String id,
            Path directory,
            GuestAgent agent,
            RecordWriter record,
            AutoCloseable port,
            @Nullable Ownership ownership) {
        this.id = id;
        this.directory = directory;
        this.agent = agent;
        this.record = record;
        this.port = port;
        this.ownership = ownership;
    }

    /** {@return its identity} */
    public String id() {
        return id;
    }

    /** {@return the container that the sandbox was made for} */
    public Container container() {
        return container(id)
                .orElseThrow(() ->
                        EngineException.of(
                                EngineException.Category.NOT_FOUND,
                                "the first container of sandbox \"" + id + "\" is removed",
                                ""));
    }

    /** {@return the container of that identity, if there is one} */
    public Optional<Container> container(String containerId) {
        guard.lock();
        try {
            return Optional.ofNullable(containers.get(containerId));
        } finally {
            guard.unlock();
        }
    }

    /** {@return its containers, in the order in which they were made} */
    public List<Container> containers() {
        guard.lock();
        try {
            return List.copyOf(containers.values());
        } finally {
            guard.unlock();
        }
    }

    /**
     * Makes a further container, as in a pod. Grows the machine first where the configuration does
     * not say otherwise.
     *
     * @throws EngineException REFUSED if the request is not for this sandbox or is wrong, CONFLICT
     *     if there is a container of that identity, GUEST if the guest cannot make it
     */
    public Container create(ContainerRequest request) {
        if (ownership == null) {
            throw notOwner("make containers in it");
        }
        requireOpen();
        return ownership.create(this, request);
    }

    /**
     * {@return why a device cannot be a disk of this machine now, to be a container's root; empty
     * if it can}
     */
    public Optional<String> obstacleTo(RootDevice device) {
        if (ownership == null) {
            throw notOwner("plug disks into it");
        }
        return RootDevice.obstacle(ownership.config().hypervisorConfig()).or(device::obstacle);
    }

    /**
     * {@return what the guest says of its figures, in the text format of Prometheus} Whatever the
     * guest likes, up to the length of a message.
     *
     * @throws EngineException CLOSED or GUEST if it does not answer
     */
    public String metrics() {
        return call(
                "reading the guest's figures",
                client -> client.getMetrics(GetMetricsRequest.getDefaultInstance()).getMetrics());
    }

    /** {@return whether this object owns the sandbox, and is not merely attached} */
    public boolean owner() {
        return ownership != null;
    }

    /** {@return whether the machine runs} */
    public boolean alive() {
        return !closed.get()
                && (ownership != null
                        ? !ownership.machine().onExit().isDone()
                        : onDisk().flatMap(state -> state.machine().qemu())
                                .filter(process -> process.isAlive())
                                .isPresent());
    }

    /** {@return how long the steps of its start took; empty if it is attached or adopted} */
    public Timings timings() {
        guard.lock();
        try {
            return timings;
        } finally {
            guard.unlock();
        }
    }

    /** {@return what is worth knowing about the request and its plan; no errors} */
    public List<Problem> warnings() {
        guard.lock();
        try {
            return warnings;
        } finally {
            guard.unlock();
        }
    }

    /** {@return its directory on the host} */
    public Path directory() {
        return directory;
    }

    /** {@return all that was written about it until now} */
    public SandboxRecord record() {
        try {
            return RecordReader.read(id, directory);
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "cannot read the record of sandbox \""
                                    + id
                                    + "\": "
                                    + Failures.reason(e))
                    .cause(e)
                    .build();
        }
    }

    /**
     * Ends the sandbox: its containers, the machine, and all that was taken from the host, in
     * reverse order and in bounded time, whatever has failed before. Closing twice is fine. If the
     * sandbox is only attached, just the connection ends.
     *
     * @throws EngineException HOST if something could not be released; the message names it, and
     *     {@link Engine#collectGarbage} tries again
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (ownership != null) {
            ownership.release(this);
            return;
        }
        disconnect();
    }

    /** Ends the connection to the agent. */
    void disconnect() {
        agent.close();
        record.close();
        try {
            port.close();
        } catch (Exception e) {
            throw new IllegalStateException("a lock cannot be given back", e);
        }
    }

    GuestAgent agent() {
        return agent;
    }

    RecordWriter recordWriter() {
        return record;
    }

    void add(Container container) {
        guard.lock();
        try {
            containers.put(container.id(), container);
        } finally {
            guard.unlock();
        }
    }

    void remove(Container container) {
        guard.lock();
        try {
            containers.remove(container.id());
        } finally {
            guard.unlock();
        }
    }

    void started(Timings how, List<Problem> found) {
        guard.lock();
        try {
            timings = how;
            addWarnings(found);
        } finally {
            guard.unlock();
        }
    }

    /** Records what its start has shown to be worth knowing. */
    void warn(List<Problem> found) {
        guard.lock();
        try {
            addWarnings(found);
        } finally {
            guard.unlock();
        }
        found.forEach(problem -> record.note(problem.describe()));
    }

    private void addWarnings(List<Problem> found) {
        List<Problem> all = new ArrayList<>(warnings);
        all.addAll(found);
        warnings = List.copyOf(all);
    }

    /** From now on, steps of containers are sent as parts of this trace. */
    void trace(StartTrace started) {
        trace = started;
    }

    /** Does a step of a container, and sends how long it took where that is wanted. */
    <T> T traced(Step step, String containerId, Supplier<T> action) {
        StartTrace known = trace;
        return known == null ? action.get() : known.take(step, containerId, record, action);
    }

    /** Calls the agent; a failure says what became of the machine. */
    <T> T call(String what, Function<AgentClient, T> call) {
        requireOpen();
        try {
            return agent.call(what, call);
        } catch (EngineException e) {
            throw explain(e);
        }
    }

    /** {@return the failure with what is known about the machine, if that is the reason} */
    EngineException explain(EngineException e) {
        if (e.category() != EngineException.Category.CLOSED || ownership == null || closed.get()) {
            return e;
        }
        return MachineFailure.explain(e, ownership.machine(), directory);
    }

    private void requireOpen() {
        if (closed.get()) {
            throw EngineException.of(
                    EngineException.Category.CLOSED, "sandbox \"" + id + "\" is closed", "");
        }
    }

    private EngineException notOwner(String what) {
        return EngineException.of(
                EngineException.Category.ILLEGAL_STATE,
                "only the process that owns sandbox \"" + id + "\" can " + what,
                "");
    }

    void note(String text) {
        record.note(text);
    }

    long qemuPid() {
        Optional<SandboxState> state =
                ownership != null ? Optional.of(ownership.home().state()) : onDisk();
        return state.flatMap(known -> known.machine().qemu())
                .map(process -> process.pid())
                .orElse(0);
    }

    Optional<ContainerPhase> phaseOnDisk(String containerId) {
        return onDisk().flatMap(state -> state.container(containerId))
                .flatMap(entry -> ContainerPhase.parse(entry.status()));
    }

    private Optional<SandboxState> onDisk() {
        try {
            return SandboxHome.read(directory);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Writes down what a container is doing now. */
    void written(Container container) {
        if (ownership != null && !closed.get()) {
            ownership.write(container);
        }
    }

    void growFor(Container container, dev.kumite.oci.Resources limits) {
        if (ownership != null) {
            ownership.growFor(this, container.id(), limits);
        }
    }

    void runHooks(String point, List<Hook> hooks, State state) {
        if (ownership != null && !hooks.isEmpty()) {
            ownership.hooks().runWhateverFails(point, hooks, state);
        }
    }

    /** {@return how long hooks that run in the guest may take altogether} */
    Duration hookTime(List<Hook> hooks) {
        return ownership == null ? Duration.ZERO : ownership.hooks().timeout(hooks);
    }

    void forget(Container container) {
        if (ownership != null) {
            ownership.forget(this, container);
        }
    }

    /** {@return whether the guest says that what was asked for is not there} */
    static boolean isNotFound(EngineException e) {
        return e.getCause() instanceof TtrpcException cause
                && cause.category() == TtrpcException.Category.REFUSED
                && cause.status() == StatusCode.NOT_FOUND;
    }
}

package dev.kumite.doors;

import dev.kumite.config.Plan;
import dev.kumite.doors.DoorException.Category;
import dev.kumite.engine.Container;
import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.Engine;
import dev.kumite.engine.EngineException;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.engine.Sandbox;
import dev.kumite.engine.SandboxStatus;
import dev.kumite.engine.TraceExporter;
import dev.kumite.oci.Resources;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Machines of the engine. Safe for use by several threads. */
public final class EngineMachines implements Machines {

    /**
     * How long guests have to tell their figures; an emulated one takes some tenths of a second.
     */
    private static final Duration FIGURES = Duration.ofSeconds(3);

    private final Path root;
    private final Engine finder;
    private final TraceExporter traces = TraceExporter.open(System.err::println);
    private final ConditionsOnDisk records;
    private final Map<String, Machine> machines = new ConcurrentHashMap<>();

    private EngineMachines(Path root) {
        this.root = root;
        this.finder = Engine.builder().root(root).build();
        this.records = new ConditionsOnDisk(root);
    }

    /** {@return the machines of a root} */
    public static EngineMachines in(Path root) {
        return new EngineMachines(root);
    }

    @Override
    public Guest create(ContainerRequest request, Function<String, Optional<String>> environment) {
        Conditions conditions = Conditions.of(environment);
        Engine engine = conditions.builder(root).traces(traces).environment(environment).build();
        Plan plan = plan(engine, request);
        if (plan instanceof Plan.JoinSandbox(String id, var container)) {
            Machine machine = machines.get(id);
            if (machine == null) {
                throw new DoorException(
                        Category.NO_MACHINE,
                        "container %s belongs to sandbox %s, which does not run; it is never started outside of it"
                                .formatted(request.id(), id));
            }
            return machine.join(request);
        }
        Machine machine = new Machine(engine.create(request));
        try {
            records.write(machine.sandbox.id(), conditions);
        } catch (UncheckedIOException failure) {
            machine.sandbox.close();
            throw failure;
        }
        machines.put(machine.sandbox.id(), machine);
        return machine.take(machine.sandbox.container());
    }

    @Override
    public Optional<String> obstacleToRootDevice(
            ContainerRequest request, Function<String, Optional<String>> environment) {
        Engine engine = Conditions.of(environment).engine(root);
        if (plan(engine, request) instanceof Plan.JoinSandbox(String id, var _)) {
            Machine machine = machines.get(id);
            return machine == null
                    ? Optional.empty()
                    : request.rootDevice().flatMap(machine.sandbox::obstacleTo);
        }
        return engine.obstacleToRootDevice(request);
    }

    @Override
    public Optional<Guest> adopt(String sandbox, String container) {
        try {
            Machine machine =
                    machines.computeIfAbsent(sandbox, id -> new Machine(asItWasMade(id).adopt(id)));
            return machine.sandbox.container(container).map(machine::take);
        } catch (EngineException gone) {
            return Optional.empty();
        }
    }

    /** The configuration may have changed since. */
    private Engine asItWasMade(String sandbox) {
        return records.read(sandbox).map(conditions -> conditions.engine(root)).orElse(finder);
    }

    @Override
    public void collectGarbage() {
        finder.collectGarbage();
        records.retain(finder.list().stream().map(SandboxStatus::id).collect(Collectors.toSet()));
    }

    @Override
    public Map<String, String> figures() {
        Map<String, Supplier<String>> guests = new HashMap<>();
        machines.forEach((id, machine) -> guests.put(id, machine.sandbox::metrics));
        return GuestFigures.of(guests, FIGURES);
    }

    /** {@return what would be done for the request} */
    public Plan plan(ContainerRequest request, Function<String, Optional<String>> environment) {
        return plan(Conditions.of(environment).engine(root), request);
    }

    private static Plan plan(Engine engine, ContainerRequest request) {
        return Conditions.value(engine.plan(request));
    }

    /** A machine and who needs it. */
    private final class Machine {
        private final Sandbox sandbox;
        private final ReentrantLock lock = new ReentrantLock();

        /** Ids of the containers that have not ended. Guarded by lock, as is closed. */
        private final Set<String> running = new HashSet<>();

        private boolean closed;

        Machine(Sandbox sandbox) {
            this.sandbox = sandbox;
        }

        EngineGuest take(Container container) {
            lock.lock();
            try {
                running.add(container.id());
            } finally {
                lock.unlock();
            }
            return new EngineGuest(this, container);
        }

        EngineGuest join(ContainerRequest request) {
            return take(sandbox.create(request));
        }

        /** Ends the machine with the last container that ran in it. */
        void leave(Container container) {
            lock.lock();
            try {
                running.remove(container.id());
                closeIfUnused();
            } finally {
                lock.unlock();
            }
        }

        /** Removes a container; waits if the machine is just being ended. */
        void remove(Container container) {
            lock.lock();
            try {
                running.remove(container.id());
                closeIfUnused();
                if (!closed) {
                    container.close();
                }
            } finally {
                lock.unlock();
            }
        }

        private void closeIfUnused() {
            if (running.isEmpty() && !closed) {
                closed = true;
                machines.remove(sandbox.id(), this);
                sandbox.close();
                records.remove(sandbox.id());
            }
        }
    }

    /** A container of the engine. */
    private record EngineGuest(Machine machine, Container container) implements Guest {

        @Override
        public String sandbox() {
            return machine.sandbox.id();
        }

        @Override
        public GuestProcess process() {
            return new EngineProcess(container.process());
        }

        @Override
        public void start() {
            container.start();
        }

        @Override
        public GuestProcess exec(ProcessSpec program) {
            return new EngineProcess(container.exec(program));
        }

        @Override
        public GuestProcess find(String execId, boolean terminal) {
            return new EngineProcess(container.process(execId, terminal));
        }

        @Override
        public void signal(int number, boolean all) {
            if (all) {
                container.signalAll(number);
            } else {
                container.signal(number);
            }
        }

        @Override
        public void pause() {
            container.pause();
        }

        @Override
        public void resume() {
            container.resume();
        }

        @Override
        public void update(Resources limits) {
            container.update(limits);
        }

        @Override
        public ContainerStats stats() {
            return container.stats();
        }

        @Override
        public int pid() {
            return (int) container.state().pid();
        }

        @Override
        public boolean oomKilled() {
            return container.oomKilled();
        }

        @Override
        public void whenOutOfMemory(Runnable told) {
            container.whenOutOfMemory(told);
        }

        @Override
        public String status() {
            return container.state().status();
        }

        @Override
        public void ended() {
            machine.leave(container);
        }

        @Override
        public void close() {
            machine.remove(container);
        }
    }
}

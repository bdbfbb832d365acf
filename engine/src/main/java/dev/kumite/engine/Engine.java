package dev.kumite.engine;

import static java.util.Objects.requireNonNull;

import dev.kumite.config.BuildConstants;
import dev.kumite.config.FactoryConfig;
import dev.kumite.config.Host;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.Plan;
import dev.kumite.config.PlanRequest;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SandboxPlanner;
import dev.kumite.config.Settings;
import dev.kumite.config.SystemHost;
import dev.kumite.oci.Outcome;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes sandboxes and finds them again. Holds nothing but its options; any number of engines and
 * sandboxes can be in a program. Safe for use by several threads.
 */
public final class Engine {

    /** Where sandboxes are if nothing else is said. */
    public static final Path DEFAULT_ROOT = Path.of("/run/kumite");

    private final Path root;
    private final RuntimeConfig runtime;
    private final Host host;
    private final Deadlines deadlines;
    private final InstantSource clock;
    private final TraceExporter traces;
    private final Function<String, Optional<String>> variables;
    private final TraceTarget traceTarget;

    private Engine(Builder builder) {
        this.root = builder.root;
        this.host = builder.host;
        this.deadlines = builder.deadlines;
        this.clock = builder.clock;
        RuntimeConfig configured = builder.configuration.orElseGet(() -> BootFiles.builtIn(host));
        this.runtime =
                builder.guest
                        .map(directory -> BootFiles.with(configured.hypervisorConfig(), directory))
                        .map(configured::withHypervisorConfig)
                        .orElse(configured);
        this.traces = builder.traces;
        this.variables = builder.variables;
        this.traceTarget = TraceTarget.of(runtime, variables);
    }

    /** {@return an engine with the built-in configuration} */
    public static Engine open() {
        return builder().build();
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return where sandboxes are} */
    public Path root() {
        return root;
    }

    /**
     * Decides what is to be done for a request, and does nothing.
     *
     * @return the plan, or all that is wrong with the request
     */
    public Outcome<Plan> plan(ContainerRequest request) {
        // A missing guest is said when it is needed; a plan needs none.
        return plan(request, runtime);
    }

    /**
     * {@return why a request's root device cannot be a disk of a machine of its own; empty if it
     * can, or if there is none} It can still be mounted and shared as a directory then.
     *
     * @throws EngineException REFUSED if there is no plan for the request
     */
    public Optional<String> obstacleToRootDevice(ContainerRequest request) {
        if (request.rootDevice().isEmpty()) {
            return Optional.empty();
        }
        Plan plan =
                plan(request)
                        .orElseThrow(problems ->
                                EngineException.refused(
                                        "container \"" + request.id() + "\" is refused", problems));
        return plan instanceof Plan.NewSandbox alone
                ? RootDevice.obstacle(alone.sandbox().hypervisorConfig())
                        .or(request.rootDevice().get()::obstacle)
                : Optional.of("it belongs to a sandbox that has to be asked");
    }

    /** {@return what was decided for a request, whether its files are still there or not} */
    Outcome<Plan> planOfRunning(ContainerRequest request) {
        return plan(request, runtime.withFilesAssumed(true));
    }

    private Outcome<Plan> plan(ContainerRequest request, RuntimeConfig configuration) {
        return SandboxPlanner.of(configuration, host, BuildConstants.PACKAGED)
                .plan(request.spec(), PlanRequest.of(request.bundle().toString(), request.id()));
    }

    /**
     * Boots a machine, makes the container in it, and starts it.
     *
     * @return the sandbox, to be closed by the caller
     * @throws EngineException REFUSED with all problems before anything was taken; CONFLICT if
     *     there is a sandbox of that identity; else with the step that failed, after everything was
     *     released but the record
     */
    public Sandbox start(ContainerRequest request) {
        return SandboxStarter.start(this, request, true);
    }

    /**
     * Boots a machine and makes the container in it. {@link Container#start} starts it.
     *
     * @return the sandbox, to be closed by the caller
     * @throws EngineException as {@link #start}
     */
    public Sandbox create(ContainerRequest request) {
        return SandboxStarter.start(this, request, false);
    }

    /** {@return all sandboxes under the root, by identity} */
    public List<SandboxStatus> list() {
        return new SandboxFinder(root).list();
    }

    /** {@return the sandbox of that identity, if there is one} */
    public Optional<SandboxStatus> find(String id) {
        return new SandboxFinder(root).find(id);
    }

    /**
     * Connects to a sandbox that another process owns.
     *
     * @return the sandbox, to be closed by the caller, which ends only the connection
     * @throws EngineException NOT_FOUND, ILLEGAL_STATE if its machine does not run, CONFLICT if too
     *     many processes are attached
     */
    public Sandbox attach(String id) {
        return SandboxAttacher.attach(this, id);
    }

    /**
     * Takes over a sandbox whose owner is gone while its machine runs. This engine's configuration
     * must be that of the engine that made it.
     *
     * @return the sandbox, now owned by the caller and to be closed by it
     * @throws EngineException NOT_FOUND, CONFLICT if its owner lives, ILLEGAL_STATE if its machine
     *     does not run
     */
    public Sandbox adopt(String id) {
        return SandboxAttacher.adopt(this, id);
    }

    /**
     * Releases all that killed processes left: processes, mounts, sockets and files of sandboxes
     * whose owner is gone. Sandboxes with a living owner are not touched. Can be called at any time
     * by any number of processes.
     */
    public GarbageReport collectGarbage() {
        return new GarbageCollector(root, deadlines, clock).collect();
    }

    /**
     * {@return the record of the sandbox, also if its start failed}
     *
     * @throws EngineException NOT_FOUND
     */
    public SandboxRecord record(String id) {
        return new SandboxFinder(root).record(id);
    }

    /** {@return where templates are kept; nothing if none are to be used} */
    Optional<Path> templates() {
        Settings<FactoryConfig> factory = runtime.factoryConfig();
        if (!factory.get(FactoryConfig.TEMPLATE)) {
            return Optional.empty();
        }
        if (!(factory.origin(FactoryConfig.TEMPLATE_PATH) instanceof Origin.BuiltIn)) {
            return Optional.of(Path.of(factory.get(FactoryConfig.TEMPLATE_PATH)));
        }
        // On the same disk as the guest, and gone with it. Kata's default is a memory disk.
        return Optional.of(
                Path.of(runtime.hypervisorConfig().get(HypervisorConfig.KERNEL_PATH))
                        .resolveSibling("template"));
    }

    Deadlines deadlines() {
        return deadlines;
    }

    InstantSource clock() {
        return clock;
    }

    Instant now() {
        return clock.instant();
    }

    RuntimeConfig runtime() {
        return runtime;
    }

    TraceExporter traces() {
        return traces;
    }

    TraceTarget traceTarget() {
        return traceTarget;
    }

    /** {@return the value of the caller's environment variable} */
    Optional<String> variable(String name) {
        return variables.apply(name);
    }

    /** Options of an engine. Confined to one thread. */
    public static final class Builder {

        private Path root = DEFAULT_ROOT;
        private Optional<Path> guest = Optional.empty();
        private Optional<RuntimeConfig> configuration = Optional.empty();
        private Host host = SystemHost.open();
        private Deadlines deadlines = Deadlines.DEFAULT;
        private InstantSource clock = Clock.systemUTC();
        private TraceExporter traces = TraceExporter.open(text -> {});
        private Function<String, Optional<String>> variables =
                name -> Optional.ofNullable(System.getenv(name));

        private Builder() {}

        /** Sets the directory that sandboxes have their directories in; made when needed. */
        public Builder root(Path directory) {
            this.root = directory.toAbsolutePath().normalize();
            return this;
        }

        /**
         * Sets the directory of a guest that {@code kumite guest build} made. It comes before what
         * the configuration says about kernel, initrd and image.
         */
        public Builder guest(Path directory) {
            this.guest = Optional.of(directory.toAbsolutePath().normalize());
            return this;
        }

        /** Sets the configuration; the built-in one where none is set. */
        public Builder configuration(RuntimeConfig runtime) {
            this.configuration = Optional.of(runtime);
            return this;
        }

        /** Sets what planning asks about the machine; this one where nothing is set. */
        public Builder host(Host machine) {
            this.host = requireNonNull(machine, "machine is null");
            return this;
        }

        /** Sets how long each kind of waiting may take. */
        public Builder deadlines(Deadlines limits) {
            this.deadlines = requireNonNull(limits, "limits is null");
            return this;
        }

        /** Sets where the times in states and records come from; timings do not depend on it. */
        public Builder clock(InstantSource source) {
            this.clock = requireNonNull(source, "source is null");
            return this;
        }

        /**
         * Sets what sends traces, where the configuration wants them; to be closed by the caller.
         * Where nothing is set, what is on its way at the end of the program is lost.
         */
        public Builder traces(TraceExporter exporter) {
            this.traces = requireNonNull(exporter, "exporter is null");
            return this;
        }

        /**
         * Sets the environment of whoever asks for sandboxes; this process's where nothing is set.
         * OpenTelemetry's variables are looked up in it.
         */
        public Builder environment(Function<String, Optional<String>> byName) {
            this.variables = requireNonNull(byName, "byName is null");
            return this;
        }

        /** {@return the engine} */
        public Engine build() {
            return new Engine(this);
        }
    }
}

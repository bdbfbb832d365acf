package dev.kumite.config;

import dev.kumite.oci.Linux;
import dev.kumite.oci.Location;
import dev.kumite.oci.Mount;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.ProblemList;
import dev.kumite.oci.Spec;
import dev.kumite.oci.Uint64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * From an OCI specification and a runtime configuration to the plan of a sandbox. Pure: it asks the
 * {@link Host} a few questions and changes nothing. Thread-safe; one planner serves any number of
 * specifications.
 *
 * <p>Source: Kata Containers, Go runtime, {@code oci.SandboxConfig} and the shim's {@code create}.
 */
public final class SandboxPlanner {

    /**
     * Size of {@code /dev/shm} where nothing else is said, in bytes. Source: {@code
     * vc.DefaultShmSize}.
     */
    static final Uint64 DEFAULT_SHM_SIZE = Uint64.of(64L << 20);

    private static final String SHM = "/dev/shm";
    private static final String EMPTY_DIR = "kubernetes.io~empty-dir";
    private static final long UINT32 = 0xFFFF_FFFFL;

    private final RuntimeConfig runtime;
    private final Host host;
    private final BuildConstants build;

    private SandboxPlanner(RuntimeConfig runtime, Host host, BuildConstants build) {
        this.runtime = runtime;
        this.host = host;
        this.build = build;
    }

    /** {@return a planner for this configuration on this host} */
    public static SandboxPlanner of(RuntimeConfig runtime, Host host, BuildConstants build) {
        return new SandboxPlanner(runtime, host, build);
    }

    /**
     * Decides what is to happen for a container: finds its type, sizes the machine, and plans what
     * is to be made.
     *
     * @return the plan with its origins, or every problem
     */
    public Outcome<Plan> plan(Spec spec, PlanRequest request) {
        Outcome<ContainerType> type = ContainerType.of(spec);
        if (type.value().isPresent() && type.value().get() == ContainerType.POD_CONTAINER) {
            return join(spec, request);
        }
        ProblemList problems = new ProblemList();
        Sizing sizing = Sizing.NONE;
        if (type.value().isPresent() && type.value().get() == ContainerType.SINGLE_CONTAINER) {
            sizing = Sizing.ofContainer(spec);
        } else if (type.value().isPresent()) {
            Outcome<Sizing> pod = Sizing.ofPod(spec);
            problems.addAll(pod.problems());
            sizing = pod.value().orElse(Sizing.NONE);
        }
        Optional<SandboxConfig> sandbox = sandbox(spec, request, sizing, problems);
        if (sandbox.isEmpty()) {
            return Outcome.refused(problems.list());
        }
        return Outcome.of(
                new Plan.NewSandbox(type.value().orElseThrow(), sandbox.get()), problems.list());
    }

    /**
     * {@return the plan of a sandbox of this size, or every problem}
     *
     * @param sizing what the workload asks for
     */
    public Outcome<SandboxConfig> sandbox(Spec spec, PlanRequest request, Sizing sizing) {
        ProblemList problems = new ProblemList();
        Optional<SandboxConfig> sandbox = sandbox(spec, request, sizing, problems);
        return sandbox.isPresent()
                ? Outcome.of(sandbox.get(), problems.list())
                : Outcome.refused(problems.list());
    }

    private Outcome<Plan> join(Spec spec, PlanRequest request) {
        ProblemList problems = new ProblemList();
        Optional<ContainerConfig> container =
                ContainerPlanner.plan(spec, request, new Volumes()::withStorageType, problems);
        Outcome<String> sandboxId = ContainerType.sandboxId(spec);
        problems.addAll(sandboxId.problems());
        if (container.isEmpty() || sandboxId.isRefused()) {
            return Outcome.refused(problems.list());
        }
        return Outcome.of(
                new Plan.JoinSandbox(sandboxId.value().orElseThrow(), container.get()),
                problems.list());
    }

    private Optional<SandboxConfig> sandbox(
            Spec spec, PlanRequest request, Sizing sizing, ProblemList problems) {
        long before = problems.errorCount();
        Optional<ContainerConfig> container =
                ContainerPlanner.plan(spec, request, UnaryOperator.identity(), problems);
        SandboxDraft draft = new SandboxDraft(runtime);
        draft.set(SandboxFields.ID, request.id(), new Origin.Argument("--id"));
        draft.set(SandboxFields.HOSTNAME, spec.hostname(), new Origin.SpecPath("/hostname"));
        draft.set(
                SandboxFields.SYSTEMD_CGROUP,
                request.systemdCgroup(),
                new Origin.Argument("--systemd-cgroup"));
        draft.set(SandboxResources.WORKLOAD_CPUS, sizing.cpus(), sizing.cpuOrigin());
        draft.set(SandboxResources.WORKLOAD_MEM_MB, sizing.memoryMib(), sizing.memoryOrigin());
        draft.annotate(AnnotationTable.BUNDLE_PATH, request.bundle());
        network(spec, draft);
        container.ifPresent(planned -> shm(planned, draft, problems));
        new AnnotationReader(runtime, host, build, draft, problems).applyAll(spec.annotations());
        finish(draft, problems);
        if (problems.errorCount() > before) {
            return Optional.empty();
        }
        return container.map(draft::build);
    }

    private static void network(Spec spec, SandboxDraft draft) {
        List<Namespace> namespaces = spec.linux().map(Linux::namespaces).orElse(List.of());
        for (int i = 0; i < namespaces.size(); i++) {
            Namespace namespace = namespaces.get(i);
            if (namespace.type().equals("network") && !namespace.path().isEmpty()) {
                draft.set(
                        NetworkConfig.NETWORK_ID,
                        namespace.path(),
                        new Origin.SpecPath("/linux/namespaces/" + i + "/path"));
            }
        }
    }

    private void shm(ContainerConfig container, SandboxDraft draft, ProblemList problems) {
        List<ContainerConfig.Mount> mounts = container.mounts();
        for (int i = 0; i < mounts.size(); i++) {
            ContainerConfig.Mount mount = mounts.get(i);
            if (!mount.destination().equals(SHM)) {
                continue;
            }
            String pointer = "/mounts/" + i;
            if (!mount.type().equals("bind") || mount.source().equals(SHM)) {
                draft.set(
                        SandboxFields.SHM_SIZE,
                        DEFAULT_SHM_SIZE,
                        new Origin.Rule(
                                "64 MiB for a /dev/shm that is mounted",
                                List.of(new Origin.SpecPath(pointer))));
                return;
            }
            OptionalLong size = host.fileSystemSize(mount.source());
            if (size.isPresent()) {
                draft.set(
                        SandboxFields.SHM_SIZE,
                        Uint64.of(size.getAsLong()),
                        new Origin.Rule(
                                "size of the file system that holds the source",
                                List.of(new Origin.SpecPath(pointer + "/source"))));
            } else {
                missingShm(mount, pointer, draft, problems);
            }
            return;
        }
    }

    private void missingShm(
            ContainerConfig.Mount mount, String pointer, SandboxDraft draft, ProblemList problems) {
        Location where = new Location.Text(ContainerPlanner.SPEC, 0, 0, pointer + "/source");
        String what =
                pointer
                        + "/source is \""
                        + Toml.excerpt(mount.source())
                        + "\", which does not exist";
        String why = "the guest's /dev/shm is made as large as the file system behind it";
        if (runtime.filesAssumed()) {
            problems.add(Problem.warning(where, what, why, "64 MiB are planned for it here"));
            draft.set(
                    SandboxFields.SHM_SIZE,
                    DEFAULT_SHM_SIZE,
                    new Origin.Rule(
                            "64 MiB, as the source is not here",
                            List.of(new Origin.SpecPath(pointer))));
        } else {
            problems.add(
                    Problem.error(
                            where,
                            what,
                            why,
                            "create it, mount /dev/shm as tmpfs, or plan for another machine with --assume-files"));
        }
    }

    private void finish(SandboxDraft draft, ProblemList problems) {
        if (draft.get(HypervisorConfig.SHARED_FS).equals("virtio-fs")
                && draft.get(HypervisorConfig.VIRTIO_FS_DAEMON).isEmpty()) {
            problems.add(
                    Problem.error(
                            runtime.enabledAnnotations().governedBy(),
                            "virtio-fs is to share files, but no virtiofsd is configured",
                            "every machine needs a virtiofsd process of its own then",
                            "set virtio_fs_daemon in [hypervisor."
                                    + runtime.hypervisorType()
                                    + "], or use shared_fs = \"virtio-9p\""));
        }
        if (draft.get(SandboxFields.STATIC_RESOURCE_MGMT)) {
            addWorkload(
                    draft,
                    problems,
                    HypervisorConfig.NUM_VCPUS,
                    SandboxResources.BASE_CPUS,
                    SandboxResources.WORKLOAD_CPUS);
            addWorkload(
                    draft,
                    problems,
                    HypervisorConfig.MEMORY_SIZE,
                    SandboxResources.BASE_MEM_MB,
                    SandboxResources.WORKLOAD_MEM_MB);
        }
    }

    private void addWorkload(
            SandboxDraft draft,
            ProblemList problems,
            Field<HypervisorConfig, Long> size,
            Field<SandboxResources, Long> base,
            Field<SandboxResources, Long> workload) {
        Origin before = draft.origin(size);
        draft.set(base, draft.get(size), before);
        long whole = draft.get(size) + draft.get(workload);
        long sum = whole & UINT32;
        if (whole != sum) {
            problems.add(
                    Problem.warning(
                            place(draft.origin(workload)),
                            size + " is to be " + whole + " with the workload's share",
                            "it has 32 bits, so " + sum + " is left of it, as in Kata Containers",
                            "ask for less, or switch static_sandbox_resource_mgmt off"));
        }
        draft.set(
                size,
                sum,
                new Origin.Rule(
                        "static sizing: "
                                + draft.get(base)
                                + " + "
                                + draft.get(workload)
                                + " for the workload",
                        List.of(before, draft.origin(workload))));
    }

    private Location place(Origin origin) {
        return switch (origin) {
            case Origin.Annotation(String key) -> new Location.Annotation(key);
            case Origin.SpecPath(String pointer) ->
                    new Location.Text(ContainerPlanner.SPEC, 0, 0, pointer);
            case Origin.Rule(_, List<Origin> from) when !from.isEmpty() -> place(from.getFirst());
            case Origin.Rule _, Origin.BuiltIn _, Origin.Configuration _, Origin.Argument _ ->
                    runtime.enabledAnnotations().governedBy();
        };
    }

    /**
     * {@return the keys of the annotations that are refused, however many these are}
     *
     * @param annotations of a specification
     */
    Set<String> refused(Map<String, String> annotations) {
        ProblemList ignored = new ProblemList();
        Set<String> refused = new HashSet<>();
        new AnnotationReader(runtime, host, build, new SandboxDraft(runtime), ignored)
                .applyAll(annotations, refused::add);
        return refused;
    }

    /** The volumes of one plan; asks for the list of mounts at most once. */
    private final class Volumes {

        private @Nullable Predicate<String> tmpfs;

        /** A volume that Kubernetes made for the life of the pod is made in the guest instead. */
        Mount withStorageType(Mount mount) {
            String source = mount.source();
            int last = source.lastIndexOf('/');
            if (last < 0 || !isEmptyDir(source, last)) {
                return mount;
            }
            if (tmpfs == null) {
                tmpfs = host.tmpfsMounts();
            }
            if (tmpfs.test(source)) {
                return withType(mount, "ephemeral");
            }
            return runtime.settings().get(RuntimeFields.DISABLE_GUEST_EMPTY_DIR)
                    ? mount
                    : withType(mount, "local");
        }
    }

    private static boolean isEmptyDir(String source, int end) {
        int start = source.lastIndexOf('/', end - 1) + 1;
        return end - start == EMPTY_DIR.length() && source.startsWith(EMPTY_DIR, start);
    }

    private static Mount withType(Mount mount, String type) {
        return new Mount(
                mount.destination(),
                type,
                mount.source(),
                mount.options(),
                mount.uidMappings(),
                mount.gidMappings());
    }
}

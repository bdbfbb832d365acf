package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.KernelModule;
import dev.kumite.config.AgentConfig;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Plan;
import dev.kumite.config.SandboxConfig;
import dev.kumite.config.SandboxFields;
import dev.kumite.config.Settings;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.vmm.Accelerator;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.Boot;
import dev.kumite.vmm.HostFacts;
import dev.kumite.vmm.MachinePlan;
import dev.kumite.vmm.Network;
import dev.kumite.vmm.SandboxDirectory;
import dev.kumite.vmm.VirtiofsdCommandLine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A sandbox that can be started: everything about it is decided, and nothing taken.
 *
 * @param prepared its first container
 * @param config its plan
 * @param hypervisor the machine's settings, with room for the first container
 * @param boot what the machine boots from
 * @param host what the host is like
 * @param accelerator what runs the guest's instructions
 * @param agent how the guest's agent is reached
 * @param network how it is connected to a network
 * @param sandboxMounts host paths that the configuration shows in every sandbox
 */
record SandboxPreparation(
        Prepared prepared,
        SandboxConfig config,
        Settings<HypervisorConfig> hypervisor,
        BootFiles boot,
        HostFacts host,
        Accelerator.Decision accelerator,
        AgentTransport agent,
        NetworkAttachment network,
        List<VolumePlan.Shared> sandboxMounts) {

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /** Longest socket path. Source: unix(7), {@code sun_path} less its NUL. */
    private static final int MAX_SOCKET_PATH = 107;

    SandboxPreparation {
        sandboxMounts = List.copyOf(sandboxMounts);
    }

    /**
     * {@return the preparation of a start}
     *
     * @throws EngineException REFUSED with all problems, HOST if this process may not do it
     */
    static SandboxPreparation of(Engine engine, ContainerRequest request) {
        Outcome<Plan> planned = engine.plan(request);
        List<Problem> problems = new ArrayList<>();
        checkPath(engine.root().resolve("x").resolveSibling(request.id()), problems);
        if (!(planned.value().orElse(null) instanceof Plan.NewSandbox plan)) {
            planned.value()
                    .ifPresent(join -> problems.add(joins(((Plan.JoinSandbox) join).sandboxId())));
            throw refused(request, planned, problems);
        }
        SandboxConfig config = plan.sandbox();
        Outcome<NetworkAttachment> network =
                NetworkAttachment.of(
                        request.spec(), config.networkConfig(), NamespaceNetwork::read);
        problems.addAll(network.problems());
        HostFacts host = HostFacts.probe();
        Settings<HypervisorConfig> hypervisor =
                BootFiles.withPlainKernel(
                        MachineSize.withRoomFor(
                                plan.container().resources(), config, host.memoryMib()));
        HostMemory.read().shortage(hypervisor).ifPresent(problems::add);
        BootFiles boot = BootFiles.of(hypervisor, problems);
        Accelerator.Decision accelerator = Accelerator.decide(engine.runtime().accelerator(), host);
        if (!accelerator.usable()) {
            problems.add(
                    Problem.error(
                            new Location.Argument("accelerator"),
                            accelerator.reason(),
                            "the configuration asks for it",
                            "set accelerator = \"auto\", or run \"kumite check\""));
        }
        checkSharing(hypervisor, problems);
        RootDevice.problem(request, hypervisor).ifPresent(problems::add);
        boolean shares = sharesFiles(hypervisor);
        List<VolumePlan.Shared> mounts = sandboxMounts(config, shares, problems);
        boolean withoutSeccomp = config.settings().get(SandboxFields.DISABLE_GUEST_SECCOMP);
        Prepared prepared =
                Prepared.of(request, planned, request.id(), shares, withoutSeccomp, problems);
        HostRights.requireMounting();
        return new SandboxPreparation(
                prepared,
                config,
                hypervisor,
                boot,
                host,
                accelerator,
                AgentTransport.of(boot.kind(), host.vhostVsock()),
                network.value().orElseThrow(),
                mounts);
    }

    private static EngineException refused(
            ContainerRequest request, Outcome<Plan> planned, List<Problem> further) {
        List<Problem> all = new ArrayList<>(planned.problems());
        all.addAll(further);
        String first =
                all.stream().filter(Problem::isError).map(Problem::describe).findFirst().orElse("");
        return EngineException.refused(
                "container \"" + request.id() + "\" is refused: " + first, all);
    }

    private static Problem joins(String sandboxId) {
        return Problem.error(
                new Location.Argument("container"),
                "the container belongs to sandbox \"" + sandboxId + "\"",
                "a container of a pod runs in its pod's machine, and never in one of its own",
                "make it by Sandbox.create in that sandbox");
    }

    private static void checkPath(Path directory, List<Problem> problems) {
        int bytes =
                directory
                        .resolve("virtiofsd.sock")
                        .toString()
                        .getBytes(StandardCharsets.UTF_8)
                        .length;
        if (bytes > MAX_SOCKET_PATH) {
            problems.add(
                    Problem.error(
                            new Location.Argument("id"),
                            "\""
                                    + directory
                                    + "\" is too long by "
                                    + (bytes - MAX_SOCKET_PATH)
                                    + " bytes",
                            "the path of a Unix socket has at most " + MAX_SOCKET_PATH + " bytes",
                            "use a shorter root directory or identity"));
        }
    }

    private static void checkSharing(
            Settings<HypervisorConfig> hypervisor, List<Problem> problems) {
        String way = hypervisor.get(HypervisorConfig.SHARED_FS);
        String daemon = hypervisor.get(HypervisorConfig.VIRTIO_FS_DAEMON);
        if (way.startsWith("virtio-fs") && !Files.isExecutable(Path.of(daemon))) {
            problems.add(
                    Problem.error(
                            new Location.Argument("virtio_fs_daemon"),
                            "virtiofsd \"" + daemon + "\" cannot be executed",
                            "files are shared by it",
                            "install it (on Debian: qemu-system-common), or set shared_fs = \"virtio-9p\""));
        }
        String qemu = hypervisor.get(HypervisorConfig.HYPERVISOR_PATH);
        if (!Files.isExecutable(Path.of(qemu))) {
            problems.add(
                    Problem.error(
                            new Location.Argument("path"),
                            "QEMU \"" + qemu + "\" cannot be executed",
                            "it runs the machine",
                            "install it (on Debian: qemu-system-x86)"));
        }
    }

    /** Source: Kata Containers, Go runtime, {@code setupSandboxBindMounts}. */
    private static List<VolumePlan.Shared> sandboxMounts(
            SandboxConfig config, boolean shares, List<Problem> problems) {
        List<VolumePlan.Shared> mounts = new ArrayList<>();
        for (String source : config.settings().get(SandboxFields.SANDBOX_BIND_MOUNTS)) {
            Path path = Path.of(source);
            if (!shares) {
                problems.add(
                        Problem.error(
                                new Location.Argument("sandbox_bind_mounts"),
                                "\"" + source + "\" cannot be shown in the sandbox",
                                "shared_fs is \"none\"",
                                "remove sandbox_bind_mounts, or set shared_fs = \"virtio-fs\""));
                continue;
            }
            if (!Files.exists(path)) {
                problems.add(
                        Problem.error(
                                new Location.Argument("sandbox_bind_mounts"),
                                "\"" + source + "\" does not exist",
                                "the configuration shows it in every sandbox",
                                "create it, or correct sandbox_bind_mounts"));
                continue;
            }
            mounts.add(
                    new VolumePlan.Shared(
                            path,
                            GuestPaths.SANDBOX_MOUNTS + "/" + path.getFileName(),
                            Files.isDirectory(path),
                            false,
                            VolumePlan.Access.READ_ONLY));
        }
        return mounts;
    }

    /** {@return whether a machine with these settings shares a file system with the host} */
    static boolean sharesFiles(Settings<HypervisorConfig> hypervisor) {
        return hypervisor.get(HypervisorConfig.SHARED_FS).startsWith("virtio-");
    }

    boolean usesVirtiofsd() {
        return hypervisor.get(HypervisorConfig.SHARED_FS).startsWith("virtio-fs");
    }

    /** {@return the share that the guest is to mount} */
    Optional<GuestStorage> share() {
        if (!sharesFiles(hypervisor)) {
            return Optional.empty();
        }
        return Optional.of(
                usesVirtiofsd()
                        ? GuestStorage.virtioFs()
                        : GuestStorage.plan9(hypervisor.get(HypervisorConfig.MSIZE_9P)));
    }

    /** Source: Kata Containers, {@code kernel_modules} in configuration.toml: name, parameters. */
    List<KernelModule> kernelModules() {
        List<KernelModule> modules = new ArrayList<>();
        for (String line : config.agentConfig().get(AgentConfig.KERNEL_MODULES)) {
            String[] words = BLANKS.split(line.strip());
            if (!words[0].isEmpty()) {
                modules.add(
                        KernelModule.newBuilder()
                                .setName(words[0])
                                .addAllParameters(List.of(words).subList(1, words.length))
                                .build());
            }
        }
        return modules;
    }

    /** {@return what the machine is to be, if it is booted for this sandbox} */
    MachinePlan machinePlan(Path directory, List<Network> networks) {
        return machinePlan(
                prepared.request().id(), hypervisor, directory, new Boot.Cold(), networks);
    }

    /**
     * {@return what the machine is to be, if it goes on from a template or becomes one} It has no
     * room for the first container yet, so that one template does for many.
     */
    MachinePlan machinePlan(String id, Path directory, Boot how, List<Network> networks) {
        return machinePlan(
                id, BootFiles.withPlainKernel(config.hypervisorConfig()), directory, how, networks);
    }

    private MachinePlan machinePlan(
            String id,
            Settings<HypervisorConfig> settings,
            Path directory,
            Boot how,
            List<Network> networks) {
        MachinePlan.Builder plan =
                MachinePlan.builder(id, settings, new SandboxDirectory(directory), host)
                        .accelerator(accelerator.accelerator())
                        .guest(boot.kind())
                        .agentTransport(agent)
                        .staticSizing(config.settings().get(SandboxFields.STATIC_RESOURCE_MGMT))
                        .disks(boot.disks())
                        .networks(networks)
                        .imageSizeBytes(boot.imageSizeBytes())
                        .boot(how);
        if (network instanceof NetworkAttachment.Interfaces interfaces
                && !(how instanceof Boot.ForTemplate)) {
            plan.networkNamespace(interfaces.namespace());
        }
        if (usesVirtiofsd()) {
            plan.virtiofsd(
                    VirtiofsdCommandLine.Flavour.detect(
                            Path.of(hypervisor.get(HypervisorConfig.VIRTIO_FS_DAEMON))));
        }
        return plan.build();
    }
}

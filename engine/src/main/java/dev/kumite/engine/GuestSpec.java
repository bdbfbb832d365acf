package dev.kumite.engine;

import dev.kumite.config.AnnotationTable;
import dev.kumite.config.ContainerConfig;
import dev.kumite.oci.Device;
import dev.kumite.oci.Hooks;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Location;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Root;
import dev.kumite.oci.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The specification of a container as the guest is to carry it out.
 *
 * <p>Source: Kata Containers, Go runtime, {@code kataAgent.constrainGRPCSpec}.
 *
 * @param spec paths are the guest's; what belongs to the host is gone
 * @param sharesPidNamespace whether the container is in the sandbox's process namespace
 * @param warnings what was left out that somebody may miss
 */
record GuestSpec(Spec spec, boolean sharesPidNamespace, List<Problem> warnings) {

    /**
     * Numbers of the character devices that are the same in every kernel, and that every guest has:
     * null, zero, full, random, urandom; tty, console, ptmx; tun, fuse. Source: Linux,
     * Documentation/admin-guide/devices.txt.
     */
    private static final Set<String> COMMON_DEVICES =
            Set.of("1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1", "5:2", "10:200", "10:229");

    GuestSpec {
        warnings = List.copyOf(warnings);
    }

    /**
     * {@return the specification for the guest}
     *
     * @param bundle what hooks in the container are told
     * @param withoutSeccomp whether the configuration switches the guest's seccomp off
     */
    static GuestSpec of(
            Spec spec,
            ContainerConfig container,
            Path bundle,
            VolumePlan volumes,
            boolean withoutSeccomp) {
        List<Problem> warnings = new ArrayList<>();
        Linux linux = spec.linux().orElseGet(Linux::empty);
        Optional<Hooks> hooks = spec.hooks().flatMap(GuestSpec::hooks);
        Spec guest =
                new Spec(
                        spec.ociVersion(),
                        spec.process().map(process -> process(process, container, warnings)),
                        Optional.of(
                                new Root(
                                        volumes.rootDisk()
                                                .map(RootDisk::place)
                                                .orElse(GuestPaths.rootfs(container.id())),
                                        container.readonlyRootfs()
                                                || volumes.rootIsReadOnlyDisk())),
                        spec.hostname(),
                        "",
                        volumes.mounts(),
                        hooks,
                        hooks.isPresent()
                                ? withBundle(spec.annotations(), bundle)
                                : spec.annotations(),
                        Optional.of(linux(linux, container, withoutSeccomp, warnings)),
                        Optional.empty());
        note(!spec.domainname().isEmpty(), "/domainname", "a domain name", warnings);
        boolean sharesPid =
                linux.namespaces().stream().anyMatch(GuestSpec::joinsPidNamespaceOfSandbox);
        return new GuestSpec(guest, sharesPid, warnings);
    }

    /**
     * {@return the hooks that run in the container, if there are any} The others are programs of
     * the host, which runs them itself.
     *
     * <p>Source: Kata Containers 3, Rust runtime, {@code amend_spec}; the Go runtime drops all.
     */
    private static Optional<Hooks> hooks(Hooks all) {
        return all.startContainer().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Hooks(
                                List.of(),
                                List.of(),
                                List.of(),
                                all.startContainer(),
                                List.of(),
                                List.of()));
    }

    private static Map<String, String> withBundle(Map<String, String> annotations, Path bundle) {
        Map<String, String> more = new LinkedHashMap<>(annotations);
        more.put(AnnotationTable.BUNDLE_PATH, bundle.toString());
        return more;
    }

    private static Process process(
            Process process, ContainerConfig container, List<Problem> warnings) {
        List<String> env =
                container.cmd().envs().stream()
                        .map(variable -> variable.name() + "=" + variable.value())
                        .toList();
        note(
                !process.selinuxLabel().isEmpty(),
                "/process/selinuxLabel",
                "an SELinux label",
                warnings);
        note(
                !process.apparmorProfile().isEmpty()
                        && !process.apparmorProfile().equals("unconfined"),
                "/process/apparmorProfile",
                "an AppArmor profile",
                warnings);
        note(process.scheduler().isPresent(), "/process/scheduler", "a scheduler", warnings);
        note(process.ioPriority().isPresent(), "/process/ioPriority", "an I/O priority", warnings);
        note(process.user().umask().isPresent(), "/process/user/umask", "a umask", warnings);
        return forGuest(process, env);
    }

    /** {@return the process without what only the host knows} */
    static Process forGuest(Process process, List<String> env) {
        return new Process(
                process.terminal(),
                process.consoleSize(),
                process.user(),
                process.args(),
                "",
                env,
                process.cwd(),
                process.capabilities(),
                process.rlimits(),
                process.noNewPrivileges(),
                "",
                process.oomScoreAdj(),
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty());
    }

    private static Linux linux(
            Linux linux,
            ContainerConfig container,
            boolean withoutSeccomp,
            List<Problem> warnings) {
        note(
                linux.intelRdt().isPresent(),
                "/linux/intelRdt",
                "shares of the host's cache",
                warnings);
        note(linux.personality().isPresent(), "/linux/personality", "a personality", warnings);
        note(!linux.timeOffsets().isEmpty(), "/linux/timeOffsets", "offsets of clocks", warnings);
        note(
                withoutSeccomp && linux.seccomp().isPresent(),
                "/linux/seccomp",
                "a filter of system calls (disable_guest_seccomp is on)",
                warnings);
        return new Linux(
                linux.uidMappings(),
                linux.gidMappings(),
                linux.sysctl(),
                Optional.of(resources(container.resources(), warnings)),
                "/kumite/" + container.id(),
                namespaces(linux.namespaces(), warnings),
                devices(linux, warnings),
                withoutSeccomp ? Optional.empty() : linux.seccomp(),
                linux.rootfsPropagation(),
                linux.maskedPaths(),
                linux.readonlyPaths(),
                "",
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    private static List<Namespace> namespaces(List<Namespace> given, List<Problem> warnings) {
        List<Namespace> kept = new ArrayList<>();
        kept.add(new Namespace("mount", ""));
        for (Namespace namespace : given) {
            switch (namespace.type()) {
                // The whole machine is in the namespace that the network type asks for.
                case "network", "mount" -> {}
                case "time" -> note(true, "/linux/namespaces", "a time namespace", warnings);
                case "pid" -> {
                    if (!joinsPidNamespaceOfSandbox(namespace)) {
                        kept.add(new Namespace("pid", ""));
                    }
                }
                default -> kept.add(new Namespace(namespace.type(), ""));
            }
        }
        return kept;
    }

    private static boolean joinsPidNamespaceOfSandbox(Namespace namespace) {
        return namespace.type().equals("pid") && !namespace.path().isEmpty();
    }

    private static List<Device> devices(Linux linux, List<Problem> warnings) {
        List<Device> given = linux.devices();
        List<Resources.DeviceRule> rules =
                linux.resources().map(Resources::devices).orElseGet(List::of);
        List<Device> kept = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Device device = given.get(i);
            boolean stays =
                    device.type().equals("p") || isCommon(device) || HostDisk.isOne(device, rules);
            if (stays) {
                kept.add(device);
            }
            note(!stays, "/linux/devices/" + i, "the host's \"" + device.path() + "\"", warnings);
        }
        return kept;
    }

    private static boolean isCommon(Device device) {
        return (device.type().equals("c") || device.type().equals("u"))
                && COMMON_DEVICES.contains(device.major() + ":" + device.minor());
    }

    /** {@return the limits that the guest's kernel can hold} */
    static Resources resources(Resources given, List<Problem> warnings) {
        note(
                given.blockIO().isPresent(),
                "/linux/resources/blockIO",
                "limits of the host's block devices",
                warnings);
        note(
                !given.hugepageLimits().isEmpty(),
                "/linux/resources/hugepageLimits",
                "limits of huge pages",
                warnings);
        note(!given.rdma().isEmpty(), "/linux/resources/rdma", "limits of RDMA devices", warnings);
        note(!given.unified().isEmpty(), "/linux/resources/unified", "cgroup files", warnings);
        return new Resources(
                List.of(),
                given.memory(),
                given.cpu().map(GuestSpec::withoutSets),
                given.pids(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    /** The host's processors and memory nodes are not the guest's. */
    private static Resources.Cpu withoutSets(Resources.Cpu cpu) {
        return new Resources.Cpu(
                cpu.shares(),
                cpu.quota(),
                cpu.burst(),
                cpu.period(),
                cpu.realtimeRuntime(),
                cpu.realtimePeriod(),
                "",
                "",
                cpu.idle());
    }

    private static void note(boolean leftOut, String pointer, String what, List<Problem> warnings) {
        if (leftOut) {
            warnings.add(
                    Problem.warning(
                            new Location.Text("config.json", 0, 0, pointer),
                            what + (isPlural(what) ? " have no effect" : " has no effect"),
                            "the container runs in a machine of its own",
                            ""));
        }
    }

    private static boolean isPlural(String what) {
        return !what.startsWith("a ") && !what.startsWith("an ") && !what.startsWith("the ");
    }
}

package dev.kumite.config;

import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Device;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.ProblemList;
import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Root;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * From an OCI specification to the plan of one container.
 *
 * <p>Source: Kata Containers, Go runtime, {@code oci.ContainerConfig}.
 */
public final class ContainerPlanner {

    /** Name of the specification in messages; its caller knows where it lies. */
    static final String SPEC = "config.json";

    private ContainerPlanner() {}

    /**
     * {@return the plan of the container that the specification describes, or all that is wrong
     * with it}
     */
    public static Outcome<ContainerConfig> plan(Spec spec, PlanRequest request) {
        ProblemList problems = new ProblemList();
        Optional<ContainerConfig> container =
                plan(spec, request, UnaryOperator.identity(), problems);
        return container.isPresent()
                ? Outcome.of(container.get(), problems.list())
                : Outcome.refused(problems.list());
    }

    /**
     * {@return the container, if no error was added}
     *
     * @param storage gives a mount the type that its source asks for
     * @param problems is added to
     */
    static Optional<ContainerConfig> plan(
            Spec spec,
            PlanRequest request,
            UnaryOperator<dev.kumite.oci.Mount> storage,
            ProblemList problems) {
        long before = problems.errorCount();
        List<ContainerConfig.DeviceInfo> devices = devices(spec, problems);
        List<ContainerConfig.EnvVar> envs = environment(spec, problems);
        Outcome<ContainerType> type = ContainerType.of(spec);
        problems.addAll(type.problems());
        if (spec.process().isEmpty()) {
            problems.add(
                    missing("/process", "it says which program to run", "add a process section"));
        }
        if (spec.root().isEmpty()) {
            problems.add(
                    missing(
                            "/root",
                            "it says where the root file system is",
                            "add \"root\": {\"path\": \"rootfs\"}"));
        }
        if (problems.errorCount() > before) {
            return Optional.empty();
        }
        Root root = spec.root().orElseThrow();
        String target =
                LexicalPath.isAbsolute(root.path())
                        ? root.path()
                        : LexicalPath.join(request.bundle(), root.path());
        return Optional.of(
                new ContainerConfig(
                        request.id(),
                        new ContainerConfig.RootFs(target, true),
                        root.readonly(),
                        command(spec.process().orElseThrow(), envs, request),
                        annotations(spec, request, type.value().orElseThrow()),
                        mounts(spec, storage),
                        devices,
                        spec.linux().flatMap(Linux::resources).orElseGet(Resources::empty)));
    }

    private static ContainerConfig.Cmd command(
            Process process, List<ContainerConfig.EnvVar> envs, PlanRequest request) {
        List<String> groups = new ArrayList<>(process.user().additionalGids().size());
        for (long gid : process.user().additionalGids()) {
            groups.add(Long.toString(gid));
        }
        Optional<Capabilities> capabilities = process.capabilities();
        return new ContainerConfig.Cmd(
                process.args(),
                envs,
                process.cwd(),
                Long.toString(process.user().uid()),
                Long.toString(process.user().gid()),
                groups,
                capabilities,
                request.console(),
                process.terminal(),
                request.detach(),
                process.noNewPrivileges());
    }

    private static List<ContainerConfig.EnvVar> environment(Spec spec, ProblemList problems) {
        List<String> entries = spec.process().map(Process::env).orElse(List.of());
        List<ContainerConfig.EnvVar> envs = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i);
            int equals = entry.indexOf('=');
            if (equals < 0) {
                String pointer = "/process/env/" + i;
                problems.addWarning(() -> withoutEquals(pointer));
                continue;
            }
            // Differs from kata: a value keeps its own "=" signs
            envs.add(
                    new ContainerConfig.EnvVar(
                            entry.substring(0, equals), entry.substring(equals + 1)));
        }
        return envs;
    }

    /** The entry itself is not shown: it may be a secret, and any length. */
    private static Problem withoutEquals(String pointer) {
        return Problem.warning(
                new Location.Text(SPEC, 0, 0, pointer),
                pointer + " has no \"=\"",
                "it is left out",
                "write it as NAME=VALUE");
    }

    private static List<ContainerConfig.DeviceInfo> devices(Spec spec, ProblemList problems) {
        if (spec.linux().isEmpty()) {
            problems.add(
                    missing(
                            "/linux",
                            "only Linux containers can be run",
                            "add \"linux\": {} or make the bundle for Linux"));
            return List.of();
        }
        List<Device> devices = spec.linux().get().devices();
        List<ContainerConfig.DeviceInfo> planned = new ArrayList<>(devices.size());
        for (int i = 0; i < devices.size(); i++) {
            Device device = devices.get(i);
            check(device, i, problems);
            planned.add(
                    new ContainerConfig.DeviceInfo(
                            device.path(),
                            device.type(),
                            device.major(),
                            device.minor(),
                            device.fileMode().orElse(0L),
                            device.uid().orElse(0L),
                            device.gid().orElse(0L)));
        }
        return planned;
    }

    private static void check(Device device, int index, ProblemList problems) {
        if (!hasKnownType(device)) {
            problems.addError(() -> unknownType(device, "/linux/devices/" + index + "/type"));
        }
        if (device.path().isEmpty()) {
            problems.addError(() -> withoutPath("/linux/devices/" + index + "/path"));
        }
    }

    /** {@return whether nothing is wrong with the device} */
    static boolean isValid(Device device) {
        return hasKnownType(device) && !device.path().isEmpty();
    }

    private static boolean hasKnownType(Device device) {
        return switch (device.type()) {
            case "c", "b", "u", "p" -> true;
            default -> false;
        };
    }

    private static Problem unknownType(Device device, String pointer) {
        return Problem.error(
                new Location.Text(SPEC, 0, 0, pointer),
                pointer
                        + " is \""
                        + Toml.excerpt(device.type())
                        + "\", for the device \""
                        + Toml.excerpt(device.path())
                        + "\"",
                "a device is c (character), b (block), u (unbuffered character) or p (FIFO)",
                "correct the type or remove the device");
    }

    private static Problem withoutPath(String pointer) {
        return Problem.error(
                new Location.Text(SPEC, 0, 0, pointer),
                pointer + " is empty",
                "a device needs a place in the container",
                "set the path or remove the device");
    }

    private static List<ContainerConfig.Mount> mounts(
            Spec spec, UnaryOperator<dev.kumite.oci.Mount> storage) {
        List<ContainerConfig.Mount> planned = new ArrayList<>(spec.mounts().size());
        for (dev.kumite.oci.Mount given : spec.mounts()) {
            dev.kumite.oci.Mount mount = storage.apply(given);
            planned.add(
                    new ContainerConfig.Mount(
                            mount.source(),
                            mount.destination(),
                            typeOf(mount),
                            mount.options(),
                            mount.options().contains("ro")));
        }
        return planned;
    }

    private static String typeOf(dev.kumite.oci.Mount mount) {
        return switch (mount.type()) {
            case "bind", "ephemeral", "local" -> mount.type();
            default -> {
                // Differs from kata: these options make a bind mount of it, whatever the type says
                boolean bind =
                        mount.options().contains("bind") || mount.options().contains("rbind");
                yield bind ? "bind" : mount.type();
            }
        };
    }

    private static Map<String, String> annotations(
            Spec spec, PlanRequest request, ContainerType type) {
        Map<String, String> annotations =
                LinkedHashMap.newLinkedHashMap(spec.annotations().size() + 2);
        annotations.putAll(spec.annotations());
        annotations.put(AnnotationTable.BUNDLE_PATH, request.bundle());
        annotations.put(AnnotationTable.CONTAINER_TYPE, type.word());
        return annotations;
    }

    private static Problem missing(String pointer, String why, String fix) {
        return Problem.error(
                new Location.Text(SPEC, 0, 0, pointer),
                "the specification has no " + pointer.substring(1),
                why,
                fix);
    }
}

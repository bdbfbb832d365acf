package dev.kumite.config;

import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lists every value of a plan that is not zero. Confined to one thread, for one plan. */
final class PlanValues {

    /** Words in the name of a variable whose value is kept from readers. */
    private static final List<String> SECRET_WORDS =
            List.of("PASSWORD", "PASSWD", "SECRET", "TOKEN", "CREDENTIAL", "_KEY");

    /** Name of the value that says what the container is to its sandbox. */
    static final String TYPE = "ContainerType";

    private final List<Explanation.Value> values = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private final boolean masked;

    private PlanValues(boolean masked) {
        this.masked = masked;
    }

    /** {@return all values, those that are secret masked} */
    static List<Explanation.Value> of(RuntimeConfig runtime, Plan plan, Spec spec) {
        return list(new PlanValues(true), runtime, plan, spec);
    }

    /** {@return all values as they are, to be compared and not to be shown} */
    static List<Explanation.Value> unmasked(RuntimeConfig runtime, Plan plan, Spec spec) {
        return list(new PlanValues(false), runtime, plan, spec);
    }

    private static List<Explanation.Value> list(
            PlanValues into, RuntimeConfig runtime, Plan plan, Spec spec) {
        into.add(TYPE, plan.type().word(), typeOrigin(spec));
        switch (plan) {
            case Plan.NewSandbox made -> {
                SandboxConfig sandbox = made.sandbox();
                into.settings(sandbox.settings());
                into.assets(sandbox);
                into.settings(sandbox.hypervisorConfig());
                into.settings(sandbox.agentConfig());
                into.settings(sandbox.networkConfig());
                into.settings(sandbox.sandboxResources());
                into.runtime(runtime);
            }
            case Plan.JoinSandbox joined ->
                    into.add("SandboxID", joined.sandboxId(), new Origin.SpecPath("/annotations"));
        }
        into.container(plan.container(), spec);
        return List.copyOf(into.values);
    }

    private static Origin typeOrigin(Spec spec) {
        return ContainerType.decidingKey(spec.annotations())
                .<Origin>map(Origin.Annotation::new)
                .orElse(new Origin.BuiltIn("no annotation says another type"));
    }

    private void assets(SandboxConfig sandbox) {
        for (Map.Entry<String, String> annotation : sandbox.annotations().entrySet()) {
            String key = annotation.getKey();
            Origin origin =
                    key.equals(AnnotationTable.BUNDLE_PATH)
                            ? new Origin.Argument("--bundle")
                            : new Origin.Annotation(key);
            add("SandboxConfig.Annotations[" + key + "]", annotation.getValue(), origin);
        }
    }

    /** What the plan of the sandbox does not repeat. */
    private void runtime(RuntimeConfig runtime) {
        Settings<RuntimeFields> settings = runtime.settings();
        List<Field<RuntimeFields, ?>> own =
                List.of(
                        RuntimeFields.JAEGER_ENDPOINT,
                        RuntimeFields.JAEGER_USER,
                        RuntimeFields.JAEGER_PASSWORD,
                        RuntimeFields.DEBUG,
                        RuntimeFields.TRACE,
                        RuntimeFields.ENABLE_PPROF,
                        RuntimeFields.DISABLE_GUEST_EMPTY_DIR);
        for (Field<RuntimeFields, ?> field : own) {
            setting(settings, field);
        }
        settings(runtime.factoryConfig());
    }

    private <S> void settings(Settings<S> settings) {
        for (Field<S, ?> field : settings.schema().fields()) {
            setting(settings, field);
        }
    }

    private <S> void setting(Settings<S> settings, Field<S, ?> field) {
        if (settings.isZero(field)) {
            return;
        }
        Object value =
                masked && field == RuntimeFields.JAEGER_PASSWORD
                        ? Explanation.MASK
                        : plain(settings.get(field));
        values.add(
                new Explanation.Value(
                        field.toString(), value, settings.origin(field), Meanings.of(field)));
    }

    private static Object plain(Object value) {
        return switch (value) {
            case InterworkingModel model -> model.word();
            case VfioMode mode -> mode.word();
            case List<?> list -> list.stream().map(PlanValues::text).toList();
            default -> value;
        };
    }

    private static String text(Object element) {
        return element instanceof Feature feature ? feature.name() : element.toString();
    }

    private void container(ContainerConfig container, Spec spec) {
        add("ContainerConfig.ID", container.id(), new Origin.Argument("--id"));
        if (spec.root().isPresent()) {
            add("ContainerConfig.RootFs.Target", container.rootFs().target(), spec("/root/path"));
            add(
                    "ContainerConfig.ReadonlyRootfs",
                    container.readonlyRootfs(),
                    spec("/root/readonly"));
        }
        if (spec.process().isPresent()) {
            command(container.cmd(), spec.process().get());
        }
        for (int i = 0; i < container.mounts().size(); i++) {
            ContainerConfig.Mount mount = container.mounts().get(i);
            List<String> parts = new ArrayList<>(List.of(mount.type(), mount.source()));
            parts.add(String.join(",", mount.options()));
            parts.removeIf(String::isEmpty);
            add(
                    unique("ContainerConfig.Mounts[" + mount.destination() + "]"),
                    String.join(" ", parts),
                    spec("/mounts/" + i));
        }
        for (int i = 0; i < container.deviceInfos().size(); i++) {
            ContainerConfig.DeviceInfo device = container.deviceInfos().get(i);
            String owner =
                    device.uid() == 0 && device.gid() == 0
                            ? ""
                            : " " + device.uid() + ":" + device.gid();
            String mode =
                    device.fileMode() == 0 ? "" : " 0" + Long.toOctalString(device.fileMode());
            add(
                    unique("ContainerConfig.DeviceInfos[" + device.containerPath() + "]"),
                    device.devType() + " " + device.major() + ":" + device.minor() + mode + owner,
                    spec("/linux/devices/" + i));
        }
        resources(container.resources());
        for (Map.Entry<String, String> annotation : container.annotations().entrySet()) {
            Origin origin =
                    switch (annotation.getKey()) {
                        case AnnotationTable.BUNDLE_PATH -> new Origin.Argument("--bundle");
                        case AnnotationTable.CONTAINER_TYPE -> typeOrigin(spec);
                        default -> new Origin.Annotation(annotation.getKey());
                    };
            add(
                    "ContainerConfig.Annotations[" + annotation.getKey() + "]",
                    annotation.getValue(),
                    origin);
        }
    }

    private void command(ContainerConfig.Cmd cmd, Process process) {
        String at = "ContainerConfig.Cmd.";
        add(at + "Args", cmd.args(), spec("/process/args"));
        int next = 0;
        for (ContainerConfig.EnvVar variable : cmd.envs()) {
            // entries without "=" are left out of the plan, so positions differ from the document's
            while (next < process.env().size() && process.env().get(next).indexOf('=') < 0) {
                next++;
            }
            add(
                    unique(at + "Envs[" + variable.name() + "]"),
                    masked && isSecret(variable.name()) ? Explanation.MASK : variable.value(),
                    spec("/process/env/" + next));
            next++;
        }
        add(at + "WorkDir", cmd.workDir(), spec("/process/cwd"));
        add(at + "User", cmd.user(), spec("/process/user/uid"));
        add(at + "PrimaryGroup", cmd.primaryGroup(), spec("/process/user/gid"));
        add(
                at + "SupplementaryGroups",
                cmd.supplementaryGroups(),
                spec("/process/user/additionalGids"));
        Capabilities sets = cmd.capabilities().orElseGet(Capabilities::empty);
        add(at + "Capabilities.Bounding", sets.bounding(), spec("/process/capabilities/bounding"));
        add(
                at + "Capabilities.Effective",
                sets.effective(),
                spec("/process/capabilities/effective"));
        add(
                at + "Capabilities.Inheritable",
                sets.inheritable(),
                spec("/process/capabilities/inheritable"));
        add(
                at + "Capabilities.Permitted",
                sets.permitted(),
                spec("/process/capabilities/permitted"));
        add(at + "Capabilities.Ambient", sets.ambient(), spec("/process/capabilities/ambient"));
        add(at + "Console", cmd.console(), new Origin.Argument("--console"));
        add(at + "Interactive", cmd.interactive(), spec("/process/terminal"));
        add(at + "Detach", cmd.detach(), new Origin.Argument("--detach"));
        add(at + "NoNewPrivileges", cmd.noNewPrivileges(), spec("/process/noNewPrivileges"));
    }

    private void resources(Resources resources) {
        String at = "ContainerConfig.Resources.";
        String pointer = "/linux/resources/";
        for (ResourceLimits.Limit limit : ResourceLimits.of(resources)) {
            add(
                    at + limit.member().replace('/', '.'),
                    limit.value(),
                    spec(pointer + limit.member()));
        }
    }

    private static boolean isSecret(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return SECRET_WORDS.stream().anyMatch(upper::contains);
    }

    private static Origin spec(String pointer) {
        return new Origin.SpecPath(pointer);
    }

    private String unique(String field) {
        int count = seen.merge(field, 1, Integer::sum);
        return count == 1 ? field : field + "#" + count;
    }

    private void add(String field, Object value, Origin origin) {
        boolean zero =
                switch (value) {
                    case String text -> text.isEmpty();
                    case Boolean flag -> !flag;
                    case List<?> list -> list.isEmpty();
                    default -> false;
                };
        if (!zero) {
            values.add(new Explanation.Value(field, value, origin, ""));
        }
    }

    /** {@return a value that is not zero in one line, for people} */
    static String inWords(Object value) {
        return switch (value) {
            case List<?> list when list.getFirst() instanceof Param ->
                    String.join(" ", list.stream().map(Object::toString).toList());
            case List<?> list -> String.join(", ", list.stream().map(PlanValues::text).toList());
            default -> value.toString();
        };
    }
}

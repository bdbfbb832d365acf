package dev.kumite.config;

import dev.kumite.oci.SpecWriter;
import dev.kumite.oci.Uint64;
import java.io.StringWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Plans and configurations as JSON in the shape of Kata's data structures: members bear the names
 * of the Go fields, and those with a zero value (0, false, empty) are left out. Annotations keep
 * all their entries.
 *
 * <p>Source: Kata Containers, Go runtime, {@code virtcontainers} and {@code pkg/oci}, mid-2022.
 */
public final class KataJson {

    private static final JsonFactory JSON = new JsonFactory();

    private KataJson() {}

    /** {@return the sandbox as Kata's {@code SandboxConfig}} */
    public static String of(SandboxConfig sandbox) {
        return write(json -> sandbox(json, sandbox));
    }

    /** {@return the container as Kata's {@code ContainerConfig}} */
    public static String of(ContainerConfig container) {
        return write(json -> container(json, container));
    }

    /** {@return the configuration as Kata's {@code RuntimeConfig}} */
    public static String of(RuntimeConfig runtime) {
        return write(json -> {
            json.writeStartObject();
            members(json, runtime.settings());
            section(json, "HypervisorConfig", runtime.hypervisorConfig());
            section(json, "AgentConfig", runtime.agentConfig());
            section(json, "FactoryConfig", runtime.factoryConfig());
            json.writeEndObject();
        });
    }

    /**
     * {@return the plan: {@code ContainerType} with {@code Sandbox}, or with {@code Container} and
     * {@code SandboxID}}
     */
    public static String of(Plan plan) {
        return write(json -> {
            json.writeStartObject();
            json.writeStringProperty("ContainerType", plan.type().word());
            switch (plan) {
                case Plan.NewSandbox made -> {
                    json.writeName("Sandbox");
                    sandbox(json, made.sandbox());
                }
                case Plan.JoinSandbox joined -> {
                    json.writeName("Container");
                    container(json, joined.container());
                    json.writeStringProperty("SandboxID", joined.sandboxId());
                }
            }
            json.writeEndObject();
        });
    }

    /** {@return the sizing as {@code CPUs} and {@code MemMB}} */
    public static String of(Sizing sizing) {
        return write(json -> {
            json.writeStartObject();
            json.writeNumberProperty("CPUs", sizing.cpus());
            json.writeNumberProperty("MemMB", sizing.memoryMib());
            json.writeEndObject();
        });
    }

    private static String write(Consumer<JsonGenerator> writer) {
        StringWriter text = new StringWriter(2048);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            writer.accept(json);
        }
        return text.toString();
    }

    private static void sandbox(JsonGenerator json, SandboxConfig sandbox) {
        json.writeStartObject();
        members(json, sandbox.settings());
        section(json, "HypervisorConfig", sandbox.hypervisorConfig());
        section(json, "AgentConfig", sandbox.agentConfig());
        section(json, "NetworkConfig", sandbox.networkConfig());
        section(json, "SandboxResources", sandbox.sandboxResources());
        json.writeArrayPropertyStart("Containers");
        for (ContainerConfig container : sandbox.containers()) {
            container(json, container);
        }
        json.writeEndArray();
        map(json, "Annotations", sandbox.annotations());
        json.writeEndObject();
    }

    private static void container(JsonGenerator json, ContainerConfig container) {
        json.writeStartObject();
        text(json, "ID", container.id());
        json.writeObjectPropertyStart("RootFs");
        text(json, "Target", container.rootFs().target());
        flag(json, "Mounted", container.rootFs().mounted());
        json.writeEndObject();
        flag(json, "ReadonlyRootfs", container.readonlyRootfs());
        command(json, container.cmd());
        json.writeArrayPropertyStart("Mounts");
        for (ContainerConfig.Mount mount : container.mounts()) {
            mount(json, mount);
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("DeviceInfos");
        for (ContainerConfig.DeviceInfo device : container.deviceInfos()) {
            device(json, device);
        }
        json.writeEndArray();
        json.writeName("Resources");
        json.writeRawValue(SpecWriter.kataResources(container.resources()));
        map(json, "Annotations", container.annotations());
        json.writeEndObject();
    }

    private static void command(JsonGenerator json, ContainerConfig.Cmd cmd) {
        json.writeObjectPropertyStart("Cmd");
        texts(json, "Args", cmd.args());
        json.writeArrayPropertyStart("Envs");
        for (ContainerConfig.EnvVar variable : cmd.envs()) {
            json.writeStartObject();
            text(json, "Var", variable.name());
            text(json, "Value", variable.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        text(json, "WorkDir", cmd.workDir());
        text(json, "User", cmd.user());
        text(json, "PrimaryGroup", cmd.primaryGroup());
        texts(json, "SupplementaryGroups", cmd.supplementaryGroups());
        cmd.capabilities()
                .ifPresent(capabilities -> {
                    json.writeName("Capabilities");
                    json.writeRawValue(SpecWriter.capabilities(capabilities));
                });
        text(json, "Console", cmd.console());
        flag(json, "Interactive", cmd.interactive());
        flag(json, "Detach", cmd.detach());
        flag(json, "NoNewPrivileges", cmd.noNewPrivileges());
        json.writeEndObject();
    }

    private static void mount(JsonGenerator json, ContainerConfig.Mount mount) {
        json.writeStartObject();
        text(json, "Source", mount.source());
        text(json, "Destination", mount.destination());
        text(json, "Type", mount.type());
        texts(json, "Options", mount.options());
        flag(json, "ReadOnly", mount.readOnly());
        json.writeEndObject();
    }

    private static void device(JsonGenerator json, ContainerConfig.DeviceInfo device) {
        json.writeStartObject();
        text(json, "ContainerPath", device.containerPath());
        text(json, "DevType", device.devType());
        number(json, "Major", device.major());
        number(json, "Minor", device.minor());
        number(json, "FileMode", device.fileMode());
        number(json, "UID", device.uid());
        number(json, "GID", device.gid());
        json.writeEndObject();
    }

    private static <S> void section(JsonGenerator json, String name, Settings<S> settings) {
        json.writeObjectPropertyStart(name);
        members(json, settings);
        json.writeEndObject();
    }

    private static <S> void members(JsonGenerator json, Settings<S> settings) {
        for (Field<S, ?> field : settings.schema().fields()) {
            if (!settings.isZero(field)) {
                json.writeName(field.name());
                value(json, field.kind(), settings.get(field));
            }
        }
    }

    private static void value(JsonGenerator json, Field.Kind kind, Object value) {
        switch (kind) {
            case STRING -> json.writeString((String) value);
            case BOOL -> json.writeBoolean((Boolean) value);
            case UINT32, INT64 -> json.writeNumber((Long) value);
            case UINT64 -> number(json, (Uint64) value);
            case STRINGS -> list(json, value, text -> json.writeString((String) text));
            case UINT32S -> list(json, value, number -> json.writeNumber((Long) number));
            case PARAMS -> list(json, value, param -> param(json, (Param) param));
            case FEATURES -> list(json, value, feature -> feature(json, (Feature) feature));
            case INTERWORKING_MODEL -> json.writeNumber(((InterworkingModel) value).number());
            case VFIO_MODE -> json.writeNumber(((VfioMode) value).number());
        }
    }

    private static void list(JsonGenerator json, Object values, Consumer<Object> element) {
        json.writeStartArray();
        for (Object value : (List<?>) values) {
            element.accept(value);
        }
        json.writeEndArray();
    }

    private static void param(JsonGenerator json, Param param) {
        json.writeStartObject();
        text(json, "Key", param.key());
        text(json, "Value", param.value());
        json.writeEndObject();
    }

    private static void feature(JsonGenerator json, Feature feature) {
        json.writeStartObject();
        text(json, "Name", feature.name());
        text(json, "Description", feature.description());
        text(json, "ExpRelease", feature.expRelease());
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, Uint64 number) {
        if (number.bits() >= 0) {
            json.writeNumber(number.bits());
        } else {
            json.writeNumber(new BigInteger(number.toString()));
        }
    }

    private static void text(JsonGenerator json, String name, String value) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, value);
        }
    }

    private static void texts(JsonGenerator json, String name, List<String> values) {
        if (!values.isEmpty()) {
            json.writeName(name);
            value(json, Field.Kind.STRINGS, values);
        }
    }

    private static void flag(JsonGenerator json, String name, boolean value) {
        if (value) {
            json.writeBooleanProperty(name, true);
        }
    }

    private static void number(JsonGenerator json, String name, long value) {
        if (value != 0) {
            json.writeNumberProperty(name, value);
        }
    }

    private static void map(JsonGenerator json, String name, Map<String, String> map) {
        json.writeObjectPropertyStart(name);
        for (Map.Entry<String, String> entry : map.entrySet()) {
            json.writeStringProperty(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }
}

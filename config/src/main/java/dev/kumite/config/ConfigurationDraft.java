package dev.kumite.config;

import dev.kumite.oci.Location;
import java.util.List;

/** A configuration on its way from its files to a {@link RuntimeConfig}. Confined to one thread. */
final class ConfigurationDraft {

    private final Settings.Builder<RuntimeFields> runtime = Settings.builder(RuntimeFields.SCHEMA);
    private final Settings.Builder<HypervisorConfig> hypervisor =
            Settings.builder(HypervisorConfig.SCHEMA);
    private final Settings.Builder<AgentConfig> agent = Settings.builder(AgentConfig.SCHEMA);
    private final Settings.Builder<FactoryConfig> factory = Settings.builder(FactoryConfig.SCHEMA);
    private AnnotationPolicy policy = AnnotationPolicy.KATA;
    private List<String> assetGlobs = List.of();
    private AcceleratorChoice accelerator = AcceleratorChoice.AUTO;

    <S, T> void set(Field<S, T> field, T value, Origin origin) {
        builder(field).set(field, value, origin);
    }

    <S, T> T get(Field<S, T> field) {
        return builder(field).get(field);
    }

    <S> Origin origin(Field<S, ?> field) {
        return builder(field).origin(field);
    }

    void setPolicy(AnnotationPolicy value) {
        policy = value;
    }

    void setAssetGlobs(List<String> globs) {
        assetGlobs = globs;
    }

    void setAccelerator(AcceleratorChoice value) {
        accelerator = value;
    }

    AnnotationPolicy policy() {
        return policy;
    }

    @SuppressWarnings(
            "unchecked") // a schema is the only one of its kind, so S is the chosen builder's
    private <S> Settings.Builder<S> builder(Field<S, ?> field) {
        Schema<S> schema = field.schema();
        Settings.Builder<?> builder;
        if (schema == HypervisorConfig.SCHEMA) {
            builder = hypervisor;
        } else if (schema == RuntimeFields.SCHEMA) {
            builder = runtime;
        } else if (schema == AgentConfig.SCHEMA) {
            builder = agent;
        } else if (schema == FactoryConfig.SCHEMA) {
            builder = factory;
        } else {
            throw new IllegalArgumentException(field + " is no field of a configuration");
        }
        return (Settings.Builder<S>) builder;
    }

    /**
     * {@return the configuration; {@code governedBy} is the line that says which annotations are
     * read}
     */
    RuntimeConfig build(Location governedBy, List<String> files) {
        return new RuntimeConfig(
                runtime.build(),
                hypervisor.build(),
                agent.build(),
                factory.build(),
                EnabledAnnotations.of(
                        hypervisor.get(HypervisorConfig.ENABLE_ANNOTATIONS), policy, governedBy),
                assetGlobs,
                accelerator,
                files,
                false);
    }
}

package dev.kumite.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** A sandbox on its way from the configuration to the plan. Confined to one thread. */
final class SandboxDraft {

    private final Settings.Builder<SandboxFields> sandbox = Settings.builder(SandboxFields.SCHEMA);
    private final Settings.Builder<NetworkConfig> network = Settings.builder(NetworkConfig.SCHEMA);
    private final Settings.Builder<SandboxResources> resources =
            Settings.builder(SandboxResources.SCHEMA);
    private final Settings.Builder<HypervisorConfig> hypervisor;
    private final Settings.Builder<AgentConfig> agent;
    private final Map<String, String> annotations = new LinkedHashMap<>();

    SandboxDraft(RuntimeConfig runtime) {
        hypervisor = runtime.hypervisorConfig().toBuilder();
        agent = runtime.agentConfig().toBuilder();
        copy(runtime, RuntimeFields.HYPERVISOR_TYPE, SandboxFields.HYPERVISOR_TYPE);
        copy(runtime, RuntimeFields.SANDBOX_BIND_MOUNTS, SandboxFields.SANDBOX_BIND_MOUNTS);
        copy(runtime, RuntimeFields.EXPERIMENTAL, SandboxFields.EXPERIMENTAL);
        copy(runtime, RuntimeFields.VFIO_MODE, SandboxFields.VFIO_MODE);
        copy(
                runtime,
                RuntimeFields.STATIC_SANDBOX_RESOURCE_MGMT,
                SandboxFields.STATIC_RESOURCE_MGMT);
        copy(runtime, RuntimeFields.SANDBOX_CGROUP_ONLY, SandboxFields.SANDBOX_CGROUP_ONLY);
        copy(runtime, RuntimeFields.DISABLE_GUEST_SECCOMP, SandboxFields.DISABLE_GUEST_SECCOMP);
        copy(runtime, RuntimeFields.INTER_NETWORK_MODEL, NetworkConfig.INTERWORKING_MODEL);
        copy(runtime, RuntimeFields.DISABLE_NEW_NET_NS, NetworkConfig.DISABLE_NEW_NETWORK);
    }

    private <S, T> void copy(RuntimeConfig runtime, Field<RuntimeFields, T> from, Field<S, T> to) {
        set(to, runtime.settings().get(from), runtime.settings().origin(from));
    }

    <S, T> void set(Field<S, T> field, T value, Origin origin) {
        builder(field).set(field, value, origin);
    }

    <S, T> T get(Field<S, T> field) {
        return builder(field).get(field);
    }

    <S> Origin origin(Field<S, ?> field) {
        return builder(field).origin(field);
    }

    void annotate(String key, String value) {
        annotations.put(key, value);
    }

    @SuppressWarnings(
            "unchecked") // a schema is the only one of its kind, so S is the chosen builder's
    private <S> Settings.Builder<S> builder(Field<S, ?> field) {
        Schema<S> schema = field.schema();
        Settings.Builder<?> builder;
        if (schema == HypervisorConfig.SCHEMA) {
            builder = hypervisor;
        } else if (schema == SandboxFields.SCHEMA) {
            builder = sandbox;
        } else if (schema == NetworkConfig.SCHEMA) {
            builder = network;
        } else if (schema == AgentConfig.SCHEMA) {
            builder = agent;
        } else if (schema == SandboxResources.SCHEMA) {
            builder = resources;
        } else {
            throw new IllegalArgumentException(field + " is no field of a sandbox");
        }
        return (Settings.Builder<S>) builder;
    }

    SandboxConfig build(ContainerConfig container) {
        return new SandboxConfig(
                sandbox.build(),
                hypervisor.build(),
                agent.build(),
                network.build(),
                resources.build(),
                java.util.List.of(container),
                annotations);
    }
}

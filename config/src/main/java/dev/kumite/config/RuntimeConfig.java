package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a configuration file says, with every default filled in.
 *
 * <p>Source: Kata Containers, Go runtime, {@code oci.RuntimeConfig}.
 *
 * @param settings of the runtime itself
 * @param hypervisorConfig of the virtual machine
 * @param agentConfig of the agent in the guest
 * @param factoryConfig of the machine factory
 * @param enabledAnnotations which annotations are read
 * @param validAssetPaths globs of guest assets that an annotation may name under the strict policy;
 *     Kumite's own key {@code valid_asset_paths} in {@code [runtime]}
 * @param accelerator what runs the guest's instructions; Kumite's own key {@code accelerator} in
 *     {@code [hypervisor.qemu]}
 * @param files the files that were read, the main one first; empty for the built-in configuration
 * @param filesAssumed whether files of the host are taken for granted, because the plan is for
 *     another machine
 */
public record RuntimeConfig(
        Settings<RuntimeFields> settings,
        Settings<HypervisorConfig> hypervisorConfig,
        Settings<AgentConfig> agentConfig,
        Settings<FactoryConfig> factoryConfig,
        EnabledAnnotations enabledAnnotations,
        List<String> validAssetPaths,
        AcceleratorChoice accelerator,
        List<String> files,
        boolean filesAssumed) {

    public RuntimeConfig {
        requireNonNull(settings, "settings is null");
        requireNonNull(hypervisorConfig, "hypervisorConfig is null");
        requireNonNull(agentConfig, "agentConfig is null");
        requireNonNull(factoryConfig, "factoryConfig is null");
        requireNonNull(enabledAnnotations, "enabledAnnotations is null");
        validAssetPaths = List.copyOf(validAssetPaths);
        requireNonNull(accelerator, "accelerator is null");
        files = List.copyOf(files);
    }

    /** {@return the kind of hypervisor, as the configuration names it} */
    public String hypervisorType() {
        return settings.get(RuntimeFields.HYPERVISOR_TYPE);
    }

    /** {@return the same configuration with other settings of the runtime itself} */
    public RuntimeConfig withSettings(Settings<RuntimeFields> other) {
        return new RuntimeConfig(
                other,
                hypervisorConfig,
                agentConfig,
                factoryConfig,
                enabledAnnotations,
                validAssetPaths,
                accelerator,
                files,
                filesAssumed);
    }

    /** {@return the same configuration with other settings of the virtual machine} */
    public RuntimeConfig withHypervisorConfig(Settings<HypervisorConfig> other) {
        return new RuntimeConfig(
                settings,
                other,
                agentConfig,
                factoryConfig,
                enabledAnnotations,
                validAssetPaths,
                accelerator,
                files,
                filesAssumed);
    }

    /** {@return the same configuration with other settings of the machine factory} */
    public RuntimeConfig withFactoryConfig(Settings<FactoryConfig> other) {
        return new RuntimeConfig(
                settings,
                hypervisorConfig,
                agentConfig,
                other,
                enabledAnnotations,
                validAssetPaths,
                accelerator,
                files,
                filesAssumed);
    }

    /** {@return the same configuration, for this machine or for another one} */
    public RuntimeConfig withFilesAssumed(boolean assumed) {
        return new RuntimeConfig(
                settings,
                hypervisorConfig,
                agentConfig,
                factoryConfig,
                enabledAnnotations,
                validAssetPaths,
                accelerator,
                files,
                assumed);
    }
}

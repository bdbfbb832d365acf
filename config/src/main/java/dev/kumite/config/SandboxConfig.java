package dev.kumite.config;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The plan of a sandbox: the virtual machine, its network, and the first container in it.
 *
 * <p>Source: Kata Containers, Go runtime, {@code virtcontainers.SandboxConfig}.
 *
 * @param settings of the sandbox itself
 * @param hypervisorConfig of the virtual machine
 * @param agentConfig of the agent in the guest
 * @param networkConfig of its network
 * @param sandboxResources how its size came about
 * @param containers the containers that it starts with; one
 * @param annotations the bundle's path, and the assets that annotations ask for
 */
public record SandboxConfig(
        Settings<SandboxFields> settings,
        Settings<HypervisorConfig> hypervisorConfig,
        Settings<AgentConfig> agentConfig,
        Settings<NetworkConfig> networkConfig,
        Settings<SandboxResources> sandboxResources,
        List<ContainerConfig> containers,
        Map<String, String> annotations) {

    public SandboxConfig {
        requireNonNull(settings, "settings is null");
        requireNonNull(hypervisorConfig, "hypervisorConfig is null");
        requireNonNull(agentConfig, "agentConfig is null");
        requireNonNull(networkConfig, "networkConfig is null");
        requireNonNull(sandboxResources, "sandboxResources is null");
        containers = List.copyOf(containers);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }
}

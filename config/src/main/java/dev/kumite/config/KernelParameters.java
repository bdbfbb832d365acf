package dev.kumite.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The parameters that the runtime itself gives to the guest's kernel, before those of the
 * configuration.
 *
 * <p>Source: Kata Containers, Go runtime, {@code SetKernelParams} in {@code
 * pkg/katautils/config.go} and {@code KataAgentKernelParams} in {@code virtcontainers}.
 */
final class KernelParameters {

    /**
     * Port of the agent's debug console. Source: {@code vSockPort} of the debug console in the
     * agent's protocol.
     */
    private static final String DEBUG_CONSOLE_PORT = "1026";

    private KernelParameters() {}

    /** Puts the runtime's parameters before the configured ones. */
    static void complete(ConfigurationDraft draft) {
        List<Param> params = new ArrayList<>();
        List<Origin> causes = new ArrayList<>();
        if (!draft.get(HypervisorConfig.IMAGE_PATH).isEmpty()) {
            params.add(new Param("systemd.unit", "kata-containers.target"));
            params.add(new Param("systemd.mask", "systemd-networkd.service"));
            params.add(new Param("systemd.mask", "systemd-networkd.socket"));
            causes.add(draft.origin(HypervisorConfig.IMAGE_PATH));
        }
        if (draft.get(HypervisorConfig.BLOCK_DEVICE_DRIVER).equals("virtio-scsi")) {
            params.add(new Param("scsi_mod.scan", "none"));
            causes.add(draft.origin(HypervisorConfig.BLOCK_DEVICE_DRIVER));
        }
        if (draft.get(AgentConfig.DEBUG)) {
            params.add(new Param("agent.log", "debug"));
            causes.add(draft.origin(AgentConfig.DEBUG));
        }
        if (draft.get(AgentConfig.TRACE)) {
            params.add(new Param("agent.trace", "true"));
            causes.add(draft.origin(AgentConfig.TRACE));
        }
        if (draft.get(AgentConfig.ENABLE_DEBUG_CONSOLE)) {
            params.add(new Param("agent.debug_console", ""));
            params.add(new Param("agent.debug_console_vport", DEBUG_CONSOLE_PORT));
            causes.add(draft.origin(AgentConfig.ENABLE_DEBUG_CONSOLE));
        }
        List<Param> configured = draft.get(HypervisorConfig.KERNEL_PARAMS);
        if (!configured.isEmpty()) {
            params.addAll(configured);
            causes.add(draft.origin(HypervisorConfig.KERNEL_PARAMS));
        }
        Origin origin = new Origin.Rule("the runtime's own, then kernel_params", causes);
        draft.set(HypervisorConfig.KERNEL_PARAMS, List.copyOf(params), origin);
    }
}

package dev.kumite.config;

import java.util.List;

/**
 * The settings of the agent in the guest: {@code Settings<AgentConfig>} holds a value for each
 * constant of this class.
 *
 * <p>Source: Kata Containers, Go runtime, {@code virtcontainers.KataAgentConfig}.
 */
public final class AgentConfig {

    /** All fields of this class. */
    public static final Schema<AgentConfig> SCHEMA = new Schema<>("AgentConfig");

    /** Modules that the guest's kernel loads, each with its parameters. */
    public static final Field<AgentConfig, List<String>> KERNEL_MODULES =
            SCHEMA.strings("KernelModules");

    /** Size of the pipes to and from containers, in bytes; 0 for the kernel's own. */
    public static final Field<AgentConfig, Long> CONTAINER_PIPE_SIZE =
            SCHEMA.uint32("ContainerPipeSize");

    /** How long the agent is waited for, in seconds; 0 for the runtime's own. */
    public static final Field<AgentConfig, Long> DIAL_TIMEOUT = SCHEMA.uint32("DialTimeout");

    /** Whether the connection to the agent is kept open. */
    public static final Field<AgentConfig, Boolean> LONG_LIVE_CONN = SCHEMA.bool("LongLiveConn");

    /** Whether the agent logs more. */
    public static final Field<AgentConfig, Boolean> DEBUG = SCHEMA.bool("Debug");

    /** Whether the agent sends traces. */
    public static final Field<AgentConfig, Boolean> TRACE = SCHEMA.bool("Trace");

    /** Whether the guest offers a debug console. */
    public static final Field<AgentConfig, Boolean> ENABLE_DEBUG_CONSOLE =
            SCHEMA.bool("EnableDebugConsole");

    private AgentConfig() {}
}

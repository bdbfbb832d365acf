package dev.kumite.config;

/**
 * The settings of the sandbox's network: {@code Settings<NetworkConfig>} holds a value for each
 * constant of this class.
 *
 * <p>Source: Kata Containers, Go runtime, {@code virtcontainers.NetworkConfig}.
 */
public final class NetworkConfig {

    /** All fields of this class. */
    public static final Schema<NetworkConfig> SCHEMA = new Schema<>("NetworkConfig");

    /** Path of the network namespace that was prepared; empty if one is to be made. */
    public static final Field<NetworkConfig, String> NETWORK_ID = SCHEMA.string("NetworkID");

    /** How the namespace's interfaces are connected to the machine. */
    public static final Field<NetworkConfig, InterworkingModel> INTERWORKING_MODEL =
            SCHEMA.interworkingModel("InterworkingModel");

    /** Whether the runtime made the namespace; set later than the plan. */
    public static final Field<NetworkConfig, Boolean> NETWORK_CREATED =
            SCHEMA.bool("NetworkCreated");

    /** Whether the hypervisor stays in the host's network namespace. */
    public static final Field<NetworkConfig, Boolean> DISABLE_NEW_NETWORK =
            SCHEMA.bool("DisableNewNetwork");

    private NetworkConfig() {}
}

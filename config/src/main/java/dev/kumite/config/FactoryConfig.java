package dev.kumite.config;

import dev.kumite.oci.Uint64;

/**
 * The settings of the machine factory: {@code Settings<FactoryConfig>} holds a value for each
 * constant of this class.
 *
 * <p>Source: Kata Containers, Go runtime, {@code oci.FactoryConfig}.
 */
public final class FactoryConfig {

    /** All fields of this class. */
    public static final Schema<FactoryConfig> SCHEMA = new Schema<>("FactoryConfig");

    /** Directory of the template. */
    public static final Field<FactoryConfig, String> TEMPLATE_PATH = SCHEMA.string("TemplatePath");

    /** Socket of the cache of machines. */
    public static final Field<FactoryConfig, String> VM_CACHE_ENDPOINT =
            SCHEMA.string("VMCacheEndpoint");

    /** Number of machines kept ready; 0 for no cache. */
    public static final Field<FactoryConfig, Uint64> VM_CACHE_NUMBER =
            SCHEMA.uint64("VMCacheNumber");

    /** Whether machines are cloned from a template. */
    public static final Field<FactoryConfig, Boolean> TEMPLATE = SCHEMA.bool("Template");

    private FactoryConfig() {}
}

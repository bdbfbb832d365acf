package dev.kumite.config;

/**
 * How strictly configuration files are held against what is known of keys and of the machine.
 *
 * @param strict whether an unknown key or table refuses the configuration, and not only warns
 * @param assumeFiles whether files that the configuration names and the machine lacks are taken for
 *     granted, with a warning: the plan is for another machine
 */
public record LoadOptions(boolean strict, boolean assumeFiles) {

    /** Unknown keys warn, missing files refuse. */
    public static final LoadOptions DEFAULT = new LoadOptions(false, false);
}

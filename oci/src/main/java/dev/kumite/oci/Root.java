package dev.kumite.oci;

/**
 * The root file system of a container.
 *
 * <p>Source: runtime-spec config.md, Root.
 *
 * @param path its directory, absolute or relative to the bundle; empty if absent
 * @param readonly whether the container sees it read-only
 */
public record Root(String path, boolean readonly) {}

package dev.kumite.oci;

/**
 * A namespace to create or join.
 *
 * <p>Source: runtime-spec config-linux.md, Namespaces.
 *
 * @param type {@code pid}, {@code network}, {@code mount}, {@code ipc}, {@code uts}, {@code user},
 *     {@code cgroup} or {@code time}
 * @param path file of the namespace to join; empty to create one
 */
public record Namespace(String type, String path) {}

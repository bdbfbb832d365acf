package dev.kumite.oci;

import java.util.List;

/**
 * Something to mount into a container.
 *
 * <p>Source: runtime-spec config.md, Mounts.
 *
 * @param destination where, a path inside the container
 * @param type type of the file system, such as {@code bind} or {@code tmpfs}; empty if absent
 * @param source what: a device, a path on the host or relative to the bundle, or a dummy name;
 *     empty if absent
 * @param options mount options in the order of the document
 * @param uidMappings user ids of the source as the container shall see them
 * @param gidMappings group ids of the source as the container shall see them
 */
public record Mount(
        String destination,
        String type,
        String source,
        List<String> options,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings) {

    public Mount {
        options = List.copyOf(options);
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
    }

    /** {@return a mount without id mappings} */
    public static Mount of(String destination, String type, String source, List<String> options) {
        return new Mount(destination, type, source, options, List.of(), List.of());
    }
}

package dev.kumite.config;

import static java.util.Objects.requireNonNull;

/**
 * What the caller of a plan says beside the specification.
 *
 * @param bundle the bundle's directory, absolute and without links; it need not exist
 * @param id identity of the container
 * @param console path of the terminal it gets; empty for none
 * @param detach whether nobody waits for its output
 * @param systemdCgroup whether cgroups are made by systemd
 */
public record PlanRequest(
        String bundle, String id, String console, boolean detach, boolean systemdCgroup) {
    public PlanRequest {
        requireNonNull(bundle, "bundle is null");
        requireNonNull(id, "id is null");
        requireNonNull(console, "console is null");
    }

    /** {@return a request without a terminal, attached, with cgroups made without systemd} */
    public static PlanRequest of(String bundle, String id) {
        return new PlanRequest(bundle, id, "", false, false);
    }
}

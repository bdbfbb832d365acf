package dev.kumite.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container as {@code config.json} describes it. Members for other systems ({@code windows},
 * {@code solaris}, {@code zos}) are not kept.
 *
 * <p>Source: runtime-spec config.md.
 *
 * @param ociVersion version of the specification that the document was written for; empty if absent
 * @param process what to run
 * @param root the root file system
 * @param hostname host name inside the container; empty for none
 * @param domainname NIS domain name inside the container; empty for none
 * @param mounts what to mount, in this order
 * @param hooks programs to run at points of the container's life
 * @param annotations arbitrary metadata, in the order of the document
 * @param linux what only Linux has
 * @param vm the virtual machine that the container is to run in
 */
public record Spec(
        String ociVersion,
        Optional<Process> process,
        Optional<Root> root,
        String hostname,
        String domainname,
        List<Mount> mounts,
        Optional<Hooks> hooks,
        Map<String, String> annotations,
        Optional<Linux> linux,
        Optional<Vm> vm) {

    private static final Spec EMPTY =
            new Spec(
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    "",
                    List.of(),
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty());

    public Spec {
        mounts = List.copyOf(mounts);
        annotations = OrderedMap.copyOf(annotations);
    }

    /** {@return the container of the document {@code {}}} */
    public static Spec empty() {
        return EMPTY;
    }

    /** {@return the same container with another root file system} */
    public Spec withRoot(Root other) {
        return new Spec(
                ociVersion,
                process,
                Optional.of(other),
                hostname,
                domainname,
                mounts,
                hooks,
                annotations,
                linux,
                vm);
    }
}

package dev.kumite.oci;

import java.util.List;

/**
 * The five capability sets of a process, each of names such as {@code CAP_KILL}.
 *
 * <p>Source: runtime-spec config.md, Linux Process, capabilities.
 *
 * @param bounding what can ever be gained
 * @param effective what the kernel checks
 * @param inheritable what is kept over executing a file that has inheritable capabilities
 * @param permitted what may be made effective
 * @param ambient what is kept over executing any file
 */
public record Capabilities(
        List<String> bounding,
        List<String> effective,
        List<String> inheritable,
        List<String> permitted,
        List<String> ambient) {

    private static final Capabilities EMPTY = ofAll(List.of());

    public Capabilities {
        bounding = List.copyOf(bounding);
        effective = List.copyOf(effective);
        inheritable = List.copyOf(inheritable);
        permitted = List.copyOf(permitted);
        ambient = List.copyOf(ambient);
    }

    /** {@return five empty sets} */
    public static Capabilities empty() {
        return EMPTY;
    }

    /** {@return five equal sets} */
    public static Capabilities ofAll(List<String> names) {
        return new Capabilities(names, names, names, names, names);
    }
}

package dev.kumite.oci;

/**
 * The largest documents that the readers take. What is beyond is a problem like any other; nothing
 * larger is kept in memory.
 */
public final class Limits {

    /**
     * Longest document, in bytes of UTF-8 (or characters of a {@code String}). The largest real
     * ones have 25 KB, and containerd cannot send more than 4 MiB. Source: containerd ttrpc, {@code
     * messageLengthMax}.
     */
    public static final int MAX_DOCUMENT_LENGTH = 4 << 20;

    /** Most levels of lists and objects. Source: Go encoding/json, {@code maxNestingDepth}. */
    public static final int MAX_DEPTH = 10_000;

    /**
     * Longest string that is kept, in UTF-16 code units. Eight times what Linux takes as one
     * argument or environment entry. Source: linux include/uapi/linux/binfmts.h, {@code
     * MAX_ARG_STRLEN} (128 KiB).
     */
    public static final int MAX_STRING_LENGTH = 1 << 20;

    /**
     * Longest name of a member or key of a map, in UTF-16 code units. Sysctl and cgroup files are
     * paths, annotation keys are shorter. Source: linux include/uapi/linux/limits.h, {@code
     * PATH_MAX}.
     */
    public static final int MAX_NAME_LENGTH = 4096;

    /**
     * Most items of a list. As many arguments as fit, empty, into Linux' default space for them: 2
     * MiB, of which each takes 8 bytes for its pointer. Source: execve(2), "Limits on size of
     * arguments and environment".
     */
    public static final int MAX_LIST_ITEMS = 1 << 18;

    /**
     * Most entries of a map, and most members of an object that the specification does not know.
     * Kubernetes' limit for all annotations of a pod together, 256 KiB, cannot hold more than four
     * bytes each. Source: Kubernetes apimachinery, {@code TotalAnnotationSizeLimitB}.
     */
    public static final int MAX_MAP_ENTRIES = 1 << 16;

    /** Most problems that are listed one by one; more would not be read by anybody. */
    public static final int MAX_PROBLEMS = 100;

    private Limits() {}
}

package dev.kumite.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What only a container on Linux has.
 *
 * <p>Source: runtime-spec config-linux.md.
 *
 * @param uidMappings user ids of the container's user namespace
 * @param gidMappings group ids of the container's user namespace
 * @param sysctl kernel parameters to set, in the order of the document
 * @param resources limits and devices of the container's cgroup
 * @param cgroupsPath path of the cgroup, or {@code slice:prefix:name} for systemd; empty if absent
 * @param namespaces the namespaces to create or join
 * @param devices device files to create
 * @param seccomp the filter of system calls
 * @param rootfsPropagation mount propagation of the root file system, such as {@code slave}; empty
 *     if absent
 * @param maskedPaths paths that the container cannot read
 * @param readonlyPaths paths that the container cannot write
 * @param mountLabel SELinux label of the mounts; empty for none
 * @param intelRdt shares of processor cache and memory bandwidth
 * @param personality the kernel's execution domain
 * @param timeOffsets clocks of the time namespace by name ({@code monotonic}, {@code boottime}), in
 *     the order of the document
 */
public record Linux(
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings,
        Map<String, String> sysctl,
        Optional<Resources> resources,
        String cgroupsPath,
        List<Namespace> namespaces,
        List<Device> devices,
        Optional<Seccomp> seccomp,
        String rootfsPropagation,
        List<String> maskedPaths,
        List<String> readonlyPaths,
        String mountLabel,
        Optional<IntelRdt> intelRdt,
        Optional<Personality> personality,
        Map<String, TimeOffset> timeOffsets) {

    private static final Linux EMPTY =
            new Linux(
                    List.of(),
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    "",
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    "",
                    List.of(),
                    List.of(),
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());

    public Linux {
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
        sysctl = OrderedMap.copyOf(sysctl);
        namespaces = List.copyOf(namespaces);
        devices = List.copyOf(devices);
        maskedPaths = List.copyOf(maskedPaths);
        readonlyPaths = List.copyOf(readonlyPaths);
        timeOffsets = OrderedMap.copyOf(timeOffsets);
    }

    /** {@return the Linux section of the document {@code {}}} */
    public static Linux empty() {
        return EMPTY;
    }

    /**
     * Shares of processor cache and memory bandwidth.
     *
     * <p>Source: runtime-spec config-linux.md, IntelRdt.
     *
     * @param closID name of the class of service; empty if absent
     * @param l3CacheSchema the schema's lines for cache; empty if absent
     * @param memBwSchema the schema's lines for memory bandwidth; empty if absent
     * @param enableCMT whether the use of cache is monitored
     * @param enableMBM whether the use of memory bandwidth is monitored
     */
    public record IntelRdt(
            String closID,
            String l3CacheSchema,
            String memBwSchema,
            boolean enableCMT,
            boolean enableMBM) {}

    /**
     * The kernel's execution domain.
     *
     * <p>Source: runtime-spec config-linux.md, Personality.
     *
     * @param domain {@code LINUX} or {@code LINUX32}
     * @param flags none are defined yet
     */
    public record Personality(String domain, List<String> flags) {
        public Personality {
            flags = List.copyOf(flags);
        }
    }

    /**
     * How far a clock of the time namespace is ahead of the host's.
     *
     * <p>Source: runtime-spec config-linux.md, Time offsets.
     *
     * @param secs whole seconds
     * @param nanosecs nanoseconds on top, 0 to 4294967295
     */
    public record TimeOffset(long secs, long nanosecs) {
        public TimeOffset {
            IntegerRange.UINT32.require("nanosecs", nanosecs);
        }
    }
}

package dev.kumite.oci;

import dev.kumite.oci.Linux.IntelRdt;
import dev.kumite.oci.Linux.Personality;
import dev.kumite.oci.Linux.TimeOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code linux}. Source: runtime-spec config-linux.md. */
final class LinuxReader {

    private static final Names LINUX =
            Names.of(
                    "uidMappings",
                    "gidMappings",
                    "sysctl",
                    "resources",
                    "cgroupsPath",
                    "namespaces",
                    "devices",
                    "seccomp",
                    "rootfsPropagation",
                    "maskedPaths",
                    "readonlyPaths",
                    "mountLabel",
                    "intelRdt",
                    "personality",
                    "timeOffsets");
    private static final Names ID_MAPPING = Names.of("containerID", "hostID", "size");
    private static final Names NAMESPACE = Names.of("type", "path");
    private static final Names DEVICE =
            Names.of("path", "type", "major", "minor", "fileMode", "uid", "gid");
    private static final Names INTEL_RDT =
            Names.of("closID", "l3CacheSchema", "memBwSchema", "enableCMT", "enableMBM");
    private static final Names PERSONALITY = Names.of("domain", "flags");
    private static final Names TIME_OFFSET = Names.of("secs", "nanosecs");

    private LinuxReader() {}

    static Linux linux(JsonInput in) {
        List<IdMapping> uidMappings = List.of();
        List<IdMapping> gidMappings = List.of();
        Map<String, String> sysctl = Map.of();
        Optional<Resources> resources = Optional.empty();
        String cgroupsPath = "";
        List<Namespace> namespaces = List.of();
        List<Device> devices = List.of();
        Optional<Seccomp> seccomp = Optional.empty();
        String rootfsPropagation = "";
        List<String> maskedPaths = List.of();
        List<String> readonlyPaths = List.of();
        String mountLabel = "";
        Optional<IntelRdt> intelRdt = Optional.empty();
        Optional<Personality> personality = Optional.empty();
        Map<String, TimeOffset> timeOffsets = Map.of();
        for (String name = in.first(LINUX); name != null; name = in.next(LINUX)) {
            switch (name) {
                case "uidMappings" -> uidMappings = in.objects(LinuxReader::idMapping);
                case "gidMappings" -> gidMappings = in.objects(LinuxReader::idMapping);
                case "sysctl" -> sysctl = in.stringMap();
                case "resources" -> resources = in.object(ResourcesReader::resources);
                case "cgroupsPath" -> cgroupsPath = in.string();
                case "namespaces" -> namespaces = in.objects(LinuxReader::namespace);
                case "devices" -> devices = in.objects(LinuxReader::device);
                case "seccomp" -> seccomp = in.object(SeccompReader::seccomp);
                case "rootfsPropagation" -> rootfsPropagation = in.string();
                case "maskedPaths" -> maskedPaths = in.strings();
                case "readonlyPaths" -> readonlyPaths = in.strings();
                case "mountLabel" -> mountLabel = in.string();
                case "intelRdt" -> intelRdt = in.object(LinuxReader::intelRdt);
                case "personality" -> personality = in.object(LinuxReader::personality);
                case "timeOffsets" -> timeOffsets = in.objectMap(LinuxReader::timeOffset);
                default -> throw new AssertionError(name);
            }
        }
        return new Linux(
                uidMappings,
                gidMappings,
                sysctl,
                resources,
                cgroupsPath,
                namespaces,
                devices,
                seccomp,
                rootfsPropagation,
                maskedPaths,
                readonlyPaths,
                mountLabel,
                intelRdt,
                personality,
                timeOffsets);
    }

    static IdMapping idMapping(JsonInput in) {
        long containerID = 0;
        long hostID = 0;
        long size = 0;
        for (String name = in.first(ID_MAPPING); name != null; name = in.next(ID_MAPPING)) {
            switch (name) {
                case "containerID" -> containerID = in.integer(IntegerRange.UINT32);
                case "hostID" -> hostID = in.integer(IntegerRange.UINT32);
                case "size" -> size = in.integer(IntegerRange.UINT32);
                default -> throw new AssertionError(name);
            }
        }
        return new IdMapping(containerID, hostID, size);
    }

    private static Namespace namespace(JsonInput in) {
        String type = "";
        String path = "";
        for (String name = in.first(NAMESPACE); name != null; name = in.next(NAMESPACE)) {
            switch (name) {
                case "type" -> type = in.string();
                case "path" -> path = in.string();
                default -> throw new AssertionError(name);
            }
        }
        return new Namespace(type, path);
    }

    private static Device device(JsonInput in) {
        String path = "";
        String type = "";
        long major = 0;
        long minor = 0;
        Optional<Long> fileMode = Optional.empty();
        Optional<Long> uid = Optional.empty();
        Optional<Long> gid = Optional.empty();
        for (String name = in.first(DEVICE); name != null; name = in.next(DEVICE)) {
            switch (name) {
                case "path" -> path = in.string();
                case "type" -> type = in.string();
                case "major" -> major = in.integer(IntegerRange.INT64);
                case "minor" -> minor = in.integer(IntegerRange.INT64);
                case "fileMode" -> fileMode = in.optionalInteger(IntegerRange.UINT32);
                case "uid" -> uid = in.optionalInteger(IntegerRange.UINT32);
                case "gid" -> gid = in.optionalInteger(IntegerRange.UINT32);
                default -> throw new AssertionError(name);
            }
        }
        return new Device(path, type, major, minor, fileMode, uid, gid);
    }

    private static IntelRdt intelRdt(JsonInput in) {
        String closID = "";
        String l3CacheSchema = "";
        String memBwSchema = "";
        boolean enableCMT = false;
        boolean enableMBM = false;
        for (String name = in.first(INTEL_RDT); name != null; name = in.next(INTEL_RDT)) {
            switch (name) {
                case "closID" -> closID = in.string();
                case "l3CacheSchema" -> l3CacheSchema = in.string();
                case "memBwSchema" -> memBwSchema = in.string();
                case "enableCMT" -> enableCMT = in.bool();
                case "enableMBM" -> enableMBM = in.bool();
                default -> throw new AssertionError(name);
            }
        }
        return new IntelRdt(closID, l3CacheSchema, memBwSchema, enableCMT, enableMBM);
    }

    private static Personality personality(JsonInput in) {
        String domain = "";
        List<String> flags = List.of();
        for (String name = in.first(PERSONALITY); name != null; name = in.next(PERSONALITY)) {
            switch (name) {
                case "domain" -> domain = in.string();
                case "flags" -> flags = in.strings();
                default -> throw new AssertionError(name);
            }
        }
        return new Personality(domain, flags);
    }

    private static TimeOffset timeOffset(JsonInput in) {
        long secs = 0;
        long nanosecs = 0;
        for (String name = in.first(TIME_OFFSET); name != null; name = in.next(TIME_OFFSET)) {
            switch (name) {
                case "secs" -> secs = in.integer(IntegerRange.INT64);
                case "nanosecs" -> nanosecs = in.integer(IntegerRange.UINT32);
                default -> throw new AssertionError(name);
            }
        }
        return new TimeOffset(secs, nanosecs);
    }
}

package dev.kumite.oci;

import dev.kumite.oci.Linux.IntelRdt;
import dev.kumite.oci.Linux.Personality;
import dev.kumite.oci.Linux.TimeOffset;
import dev.kumite.oci.Seccomp.Argument;
import dev.kumite.oci.Seccomp.Syscall;

/** Writes {@code linux}. Source: runtime-spec config-linux.md. */
final class LinuxWriter {

    private LinuxWriter() {}

    static void linux(JsonOutput out, Linux linux) {
        out.objects("uidMappings", linux.uidMappings(), LinuxWriter::idMapping);
        out.objects("gidMappings", linux.gidMappings(), LinuxWriter::idMapping);
        out.stringMap("sysctl", linux.sysctl());
        out.object("resources", linux.resources(), ResourcesWriter::resources);
        out.string("cgroupsPath", linux.cgroupsPath());
        out.objects("namespaces", linux.namespaces(), LinuxWriter::namespace);
        out.objects("devices", linux.devices(), LinuxWriter::device);
        out.object("seccomp", linux.seccomp(), LinuxWriter::seccomp);
        out.string("rootfsPropagation", linux.rootfsPropagation());
        out.strings("maskedPaths", linux.maskedPaths());
        out.strings("readonlyPaths", linux.readonlyPaths());
        out.string("mountLabel", linux.mountLabel());
        out.object("intelRdt", linux.intelRdt(), LinuxWriter::intelRdt);
        out.object("personality", linux.personality(), LinuxWriter::personality);
        out.objectMap("timeOffsets", linux.timeOffsets(), LinuxWriter::timeOffset);
    }

    static void idMapping(JsonOutput out, IdMapping mapping) {
        out.integerAlways("containerID", mapping.containerID());
        out.integerAlways("hostID", mapping.hostID());
        out.integerAlways("size", mapping.size());
    }

    private static void namespace(JsonOutput out, Namespace namespace) {
        out.stringAlways("type", namespace.type());
        out.string("path", namespace.path());
    }

    private static void device(JsonOutput out, Device device) {
        out.stringAlways("path", device.path());
        out.stringAlways("type", device.type());
        out.integerAlways("major", device.major());
        out.integerAlways("minor", device.minor());
        out.integer("fileMode", device.fileMode());
        out.integer("uid", device.uid());
        out.integer("gid", device.gid());
    }

    private static void seccomp(JsonOutput out, Seccomp seccomp) {
        out.stringAlways("defaultAction", seccomp.defaultAction());
        out.uint64("defaultErrnoRet", seccomp.defaultErrnoRet());
        out.strings("architectures", seccomp.architectures());
        out.strings("flags", seccomp.flags());
        out.string("listenerPath", seccomp.listenerPath());
        out.string("listenerMetadata", seccomp.listenerMetadata());
        out.objects("syscalls", seccomp.syscalls(), LinuxWriter::syscall);
    }

    private static void syscall(JsonOutput out, Syscall syscall) {
        out.stringsAlways("names", syscall.names());
        out.stringAlways("action", syscall.action());
        out.uint64("errnoRet", syscall.errnoRet());
        out.objects("args", syscall.args(), LinuxWriter::argument);
    }

    private static void argument(JsonOutput out, Argument argument) {
        out.uint64Always("index", argument.index());
        out.uint64Always("value", argument.value());
        out.uint64("valueTwo", argument.valueTwo());
        out.stringAlways("op", argument.op());
    }

    private static void intelRdt(JsonOutput out, IntelRdt intelRdt) {
        out.string("closID", intelRdt.closID());
        out.string("l3CacheSchema", intelRdt.l3CacheSchema());
        out.string("memBwSchema", intelRdt.memBwSchema());
        out.bool("enableCMT", intelRdt.enableCMT());
        out.bool("enableMBM", intelRdt.enableMBM());
    }

    private static void personality(JsonOutput out, Personality personality) {
        out.stringAlways("domain", personality.domain());
        out.strings("flags", personality.flags());
    }

    private static void timeOffset(JsonOutput out, TimeOffset offset) {
        out.integer("secs", offset.secs());
        out.integer("nanosecs", offset.nanosecs());
    }
}

package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Box;
import dev.kumite.agentprotocol.messages.Hook;
import dev.kumite.agentprotocol.messages.Hooks;
import dev.kumite.agentprotocol.messages.Linux;
import dev.kumite.agentprotocol.messages.LinuxCapabilities;
import dev.kumite.agentprotocol.messages.LinuxDevice;
import dev.kumite.agentprotocol.messages.LinuxIDMapping;
import dev.kumite.agentprotocol.messages.LinuxNamespace;
import dev.kumite.agentprotocol.messages.LinuxSeccomp;
import dev.kumite.agentprotocol.messages.LinuxSeccompArg;
import dev.kumite.agentprotocol.messages.LinuxSyscall;
import dev.kumite.agentprotocol.messages.Mount;
import dev.kumite.agentprotocol.messages.POSIXRlimit;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.User;
import java.util.List;
import java.util.Map;

/**
 * Writes the protocol's messages as the JSON that {@code crun} reads. A message cannot tell zero
 * from absent; where that matters, the comment says what is meant.
 *
 * <p>Source: runtime-spec 1.2, config.md and config-linux.md; Kata's oci.proto.
 */
final class SpecJson {

    private SpecJson() {}

    /** {@return the {@code config.json} of a container} */
    static String config(Spec spec) {
        Json out = new Json().begin();
        out.stringAlways("ociVersion", spec.getVersion().isEmpty() ? "1.0.2" : spec.getVersion());
        if (spec.hasProcess()) {
            out.begin("process");
            process(out, spec.getProcess());
            out.end();
        }
        if (spec.hasRoot()) {
            out.begin("root")
                    .stringAlways("path", spec.getRoot().getPath())
                    .bool("readonly", spec.getRoot().getReadonly())
                    .end();
        }
        out.string("hostname", spec.getHostname());
        mounts(out, spec.getMountsList());
        if (spec.hasHooks()) {
            hooks(out, spec.getHooks());
        }
        stringMap(out, "annotations", spec.getAnnotationsMap());
        if (spec.hasLinux()) {
            out.begin("linux");
            linux(out, spec.getLinux());
            out.end();
        }
        return out.end().toString();
    }

    /** {@return the file that {@code crun exec --process} takes} */
    static String process(Process process) {
        Json out = new Json().begin();
        process(out, process);
        return out.end().toString();
    }

    private static void process(Json out, Process process) {
        out.bool("terminal", process.getTerminal());
        if (process.hasConsoleSize()) {
            Box size = process.getConsoleSize();
            out.begin("consoleSize")
                    .unsignedAlways("height", Integer.toUnsignedLong(size.getHeight()))
                    .unsignedAlways("width", Integer.toUnsignedLong(size.getWidth()))
                    .end();
        }
        User user = process.getUser();
        out.begin("user")
                .numberAlways("uid", Integer.toUnsignedLong(user.getUID()))
                .numberAlways("gid", Integer.toUnsignedLong(user.getGID()))
                .unsignedInts("additionalGids", user.getAdditionalGidsList())
                .string("username", user.getUsername())
                .end();
        out.strings("args", process.getArgsList());
        out.strings("env", process.getEnvList());
        out.stringAlways("cwd", process.getCwd().isEmpty() ? "/" : process.getCwd());
        if (process.hasCapabilities()) {
            LinuxCapabilities capabilities = process.getCapabilities();
            out.begin("capabilities")
                    .strings("bounding", capabilities.getBoundingList())
                    .strings("effective", capabilities.getEffectiveList())
                    .strings("inheritable", capabilities.getInheritableList())
                    .strings("permitted", capabilities.getPermittedList())
                    .strings("ambient", capabilities.getAmbientList())
                    .end();
        }
        rlimits(out, process.getRlimitsList());
        out.bool("noNewPrivileges", process.getNoNewPrivileges());
        // Also 0: without it the program would inherit what protects the agent.
        out.numberAlways("oomScoreAdj", process.getOOMScoreAdj());
    }

    private static void rlimits(Json out, List<POSIXRlimit> rlimits) {
        if (rlimits.isEmpty()) {
            return;
        }
        out.beginList("rlimits");
        for (POSIXRlimit rlimit : rlimits) {
            out.begin()
                    .stringAlways("type", rlimit.getType())
                    .unsignedAlways("hard", rlimit.getHard())
                    .unsignedAlways("soft", rlimit.getSoft())
                    .end();
        }
        out.endList();
    }

    private static void mounts(Json out, List<Mount> mounts) {
        out.beginList("mounts");
        for (Mount mount : mounts) {
            out.begin()
                    .stringAlways("destination", mount.getDestination())
                    .string("type", mount.getType())
                    .string("source", mount.getSource())
                    .strings("options", mount.getOptionsList())
                    .end();
        }
        out.endList();
    }

    private static void hooks(Json out, Hooks hooks) {
        out.begin("hooks");
        hooks(out, "prestart", hooks.getPrestartList());
        hooks(out, "createRuntime", hooks.getCreateRuntimeList());
        hooks(out, "createContainer", hooks.getCreateContainerList());
        hooks(out, "startContainer", hooks.getStartContainerList());
        hooks(out, "poststart", hooks.getPoststartList());
        hooks(out, "poststop", hooks.getPoststopList());
        out.end();
    }

    private static void hooks(Json out, String name, List<Hook> hooks) {
        if (hooks.isEmpty()) {
            return;
        }
        out.beginList(name);
        for (Hook hook : hooks) {
            out.begin()
                    .stringAlways("path", hook.getPath())
                    .strings("args", hook.getArgsList())
                    .strings("env", hook.getEnvList())
                    .number("timeout", hook.getTimeout())
                    .end();
        }
        out.endList();
    }

    private static void linux(Json out, Linux linux) {
        idMappings(out, "uidMappings", linux.getUIDMappingsList());
        idMappings(out, "gidMappings", linux.getGIDMappingsList());
        stringMap(out, "sysctl", linux.getSysctlMap());
        if (linux.hasResources()) {
            out.begin("resources");
            ResourcesJson.resources(out, linux.getResources());
            out.end();
        }
        out.string("cgroupsPath", linux.getCgroupsPath());
        out.beginList("namespaces");
        for (LinuxNamespace namespace : linux.getNamespacesList()) {
            out.begin()
                    .stringAlways("type", namespace.getType())
                    .string("path", namespace.getPath())
                    .end();
        }
        out.endList();
        devices(out, linux.getDevicesList());
        if (linux.hasSeccomp()) {
            seccomp(out, linux.getSeccomp());
        }
        out.string("rootfsPropagation", linux.getRootfsPropagation());
        out.strings("maskedPaths", linux.getMaskedPathsList());
        out.strings("readonlyPaths", linux.getReadonlyPathsList());
    }

    private static void idMappings(Json out, String name, List<LinuxIDMapping> mappings) {
        if (mappings.isEmpty()) {
            return;
        }
        out.beginList(name);
        for (LinuxIDMapping mapping : mappings) {
            out.begin()
                    .numberAlways("containerID", Integer.toUnsignedLong(mapping.getContainerID()))
                    .numberAlways("hostID", Integer.toUnsignedLong(mapping.getHostID()))
                    .numberAlways("size", Integer.toUnsignedLong(mapping.getSize()))
                    .end();
        }
        out.endList();
    }

    private static void devices(Json out, List<LinuxDevice> devices) {
        if (devices.isEmpty()) {
            return;
        }
        out.beginList("devices");
        for (LinuxDevice device : devices) {
            out.begin()
                    .stringAlways("path", device.getPath())
                    .stringAlways("type", device.getType())
                    .numberAlways("major", device.getMajor())
                    .numberAlways("minor", device.getMinor())
                    // 0 is absent: a device that nobody may open is of no use.
                    .number("fileMode", Integer.toUnsignedLong(device.getFileMode()))
                    .numberAlways("uid", Integer.toUnsignedLong(device.getUID()))
                    .numberAlways("gid", Integer.toUnsignedLong(device.getGID()))
                    .end();
        }
        out.endList();
    }

    private static void seccomp(Json out, LinuxSeccomp seccomp) {
        out.begin("seccomp")
                .stringAlways("defaultAction", seccomp.getDefaultAction())
                .strings("architectures", seccomp.getArchitecturesList())
                .strings("flags", seccomp.getFlagsList())
                .beginList("syscalls");
        for (LinuxSyscall syscall : seccomp.getSyscallsList()) {
            out.begin()
                    .stringsAlways("names", syscall.getNamesList())
                    .stringAlways("action", syscall.getAction());
            if (syscall.getErrnoRetCase() == LinuxSyscall.ErrnoRetCase.ERRNORET) {
                out.numberAlways("errnoRet", Integer.toUnsignedLong(syscall.getErrnoret()));
            }
            arguments(out, syscall.getArgsList());
            out.end();
        }
        out.endList().end();
    }

    private static void arguments(Json out, List<LinuxSeccompArg> arguments) {
        if (arguments.isEmpty()) {
            return;
        }
        out.beginList("args");
        for (LinuxSeccompArg argument : arguments) {
            out.begin()
                    .unsignedAlways("index", argument.getIndex())
                    .unsignedAlways("value", argument.getValue())
                    .unsigned("valueTwo", argument.getValueTwo())
                    .stringAlways("op", argument.getOp())
                    .end();
        }
        out.endList();
    }

    static void stringMap(Json out, String name, Map<String, String> entries) {
        if (entries.isEmpty()) {
            return;
        }
        out.begin(name);
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            out.stringAlways(entry.getKey(), entry.getValue());
        }
        out.end();
    }
}

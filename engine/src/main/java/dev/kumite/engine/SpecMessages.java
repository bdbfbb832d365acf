package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.Box;
import dev.kumite.agentprotocol.messages.LinuxCapabilities;
import dev.kumite.agentprotocol.messages.LinuxDevice;
import dev.kumite.agentprotocol.messages.LinuxIDMapping;
import dev.kumite.agentprotocol.messages.LinuxNamespace;
import dev.kumite.agentprotocol.messages.LinuxSeccomp;
import dev.kumite.agentprotocol.messages.LinuxSeccompArg;
import dev.kumite.agentprotocol.messages.LinuxSyscall;
import dev.kumite.agentprotocol.messages.POSIXRlimit;
import dev.kumite.agentprotocol.messages.Storage;
import dev.kumite.oci.Device;
import dev.kumite.oci.Hooks;
import dev.kumite.oci.IdMapping;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Mount;
import dev.kumite.oci.Process;
import dev.kumite.oci.Seccomp;
import dev.kumite.oci.Spec;
import dev.kumite.oci.Uint64;
import dev.kumite.oci.User;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Specifications as messages to the agent. What these have no place for, {@link GuestSpec} has
 * warned of.
 *
 * <p>Source: Kata Containers, agent protocol, {@code oci.proto}.
 */
final class SpecMessages {

    private SpecMessages() {}

    /**
     * {@return the whole specification}
     *
     * @param timeout of a hook. One is always named: what none means is up to each agent
     */
    static dev.kumite.agentprotocol.messages.Spec spec(
            Spec spec, Function<Hooks.Hook, Duration> timeout) {
        dev.kumite.agentprotocol.messages.Spec.Builder message =
                dev.kumite.agentprotocol.messages.Spec.newBuilder()
                        .setVersion(spec.ociVersion())
                        .setHostname(spec.hostname())
                        .putAllAnnotations(spec.annotations());
        spec.process().ifPresent(process -> message.setProcess(process(process)));
        spec.root()
                .ifPresent(root ->
                        message.setRoot(
                                dev.kumite.agentprotocol.messages.Root.newBuilder()
                                        .setPath(root.path())
                                        .setReadonly(root.readonly())));
        for (Mount mount : spec.mounts()) {
            message.addMounts(
                    dev.kumite.agentprotocol.messages.Mount.newBuilder()
                            .setDestination(mount.destination())
                            .setSource(mount.source())
                            .setType(mount.type())
                            .addAllOptions(mount.options()));
        }
        spec.hooks().ifPresent(hooks -> message.setHooks(hooks(hooks, timeout)));
        spec.linux().ifPresent(linux -> message.setLinux(linux(linux)));
        return message.build();
    }

    /** Those of the other points never leave the host. */
    private static dev.kumite.agentprotocol.messages.Hooks hooks(
            Hooks hooks, Function<Hooks.Hook, Duration> timeout) {
        dev.kumite.agentprotocol.messages.Hooks.Builder message =
                dev.kumite.agentprotocol.messages.Hooks.newBuilder();
        for (Hooks.Hook hook : hooks.startContainer()) {
            message.addStartContainer(
                    dev.kumite.agentprotocol.messages.Hook.newBuilder()
                            .setPath(hook.path())
                            .addAllArgs(hook.args())
                            .addAllEnv(hook.env())
                            .setTimeout(Math.max(1, timeout.apply(hook).toSeconds())));
        }
        return message.build();
    }

    static dev.kumite.agentprotocol.messages.Process process(Process process) {
        dev.kumite.agentprotocol.messages.Process.Builder message =
                dev.kumite.agentprotocol.messages.Process.newBuilder()
                        .setTerminal(process.terminal())
                        .setUser(user(process.user()))
                        .addAllArgs(process.args())
                        .addAllEnv(process.env())
                        .setCwd(process.cwd().isEmpty() ? "/" : process.cwd())
                        .setNoNewPrivileges(process.noNewPrivileges())
                        .setApparmorProfile(process.apparmorProfile())
                        .setOOMScoreAdj(process.oomScoreAdj().orElse(0L))
                        .setSelinuxLabel(process.selinuxLabel());
        process.consoleSize()
                .ifPresent(size ->
                        message.setConsoleSize(
                                Box.newBuilder()
                                        .setHeight((int) size.height().bits())
                                        .setWidth((int) size.width().bits())));
        process.capabilities()
                .ifPresent(sets ->
                        message.setCapabilities(
                                LinuxCapabilities.newBuilder()
                                        .addAllBounding(sets.bounding())
                                        .addAllEffective(sets.effective())
                                        .addAllInheritable(sets.inheritable())
                                        .addAllPermitted(sets.permitted())
                                        .addAllAmbient(sets.ambient())));
        for (Process.Rlimit limit : process.rlimits()) {
            message.addRlimits(
                    POSIXRlimit.newBuilder()
                            .setType(limit.type())
                            .setHard(limit.hard().bits())
                            .setSoft(limit.soft().bits()));
        }
        return message.build();
    }

    private static dev.kumite.agentprotocol.messages.User user(User user) {
        dev.kumite.agentprotocol.messages.User.Builder message =
                dev.kumite.agentprotocol.messages.User.newBuilder()
                        .setUID((int) user.uid())
                        .setGID((int) user.gid());
        for (long gid : user.additionalGids()) {
            message.addAdditionalGids((int) gid);
        }
        return message.build();
    }

    private static dev.kumite.agentprotocol.messages.Linux linux(Linux linux) {
        dev.kumite.agentprotocol.messages.Linux.Builder message =
                dev.kumite.agentprotocol.messages.Linux.newBuilder()
                        .putAllSysctl(linux.sysctl())
                        .setCgroupsPath(linux.cgroupsPath())
                        .setRootfsPropagation(linux.rootfsPropagation())
                        .addAllMaskedPaths(linux.maskedPaths())
                        .addAllReadonlyPaths(linux.readonlyPaths());
        linux.uidMappings().forEach(mapping -> message.addUIDMappings(mapping(mapping)));
        linux.gidMappings().forEach(mapping -> message.addGIDMappings(mapping(mapping)));
        linux.resources()
                .ifPresent(limits -> message.setResources(ResourceMessages.resources(limits)));
        linux.namespaces()
                .forEach(namespace ->
                        message.addNamespaces(
                                LinuxNamespace.newBuilder()
                                        .setType(namespace.type())
                                        .setPath(namespace.path())));
        linux.devices().forEach(device -> message.addDevices(device(device)));
        linux.seccomp().ifPresent(filter -> message.setSeccomp(seccomp(filter)));
        return message.build();
    }

    private static LinuxIDMapping mapping(IdMapping mapping) {
        return LinuxIDMapping.newBuilder()
                .setContainerID((int) mapping.containerID())
                .setHostID((int) mapping.hostID())
                .setSize((int) mapping.size())
                .build();
    }

    private static LinuxDevice device(Device device) {
        return LinuxDevice.newBuilder()
                .setPath(device.path())
                .setType(device.type())
                .setMajor(device.major())
                .setMinor(device.minor())
                .setFileMode(device.fileMode().orElse(0L).intValue())
                .setUID(device.uid().orElse(0L).intValue())
                .setGID(device.gid().orElse(0L).intValue())
                .build();
    }

    private static LinuxSeccomp seccomp(Seccomp filter) {
        LinuxSeccomp.Builder message =
                LinuxSeccomp.newBuilder()
                        .setDefaultAction(filter.defaultAction())
                        .addAllArchitectures(filter.architectures())
                        .addAllFlags(filter.flags());
        for (Seccomp.Syscall call : filter.syscalls()) {
            LinuxSyscall.Builder rule =
                    LinuxSyscall.newBuilder().addAllNames(call.names()).setAction(call.action());
            call.errnoRet().map(Uint64::bits).ifPresent(bits -> rule.setErrnoret(bits.intValue()));
            for (Seccomp.Argument argument : call.args()) {
                rule.addArgs(
                        LinuxSeccompArg.newBuilder()
                                .setIndex(argument.index().bits())
                                .setValue(argument.value().bits())
                                .setValueTwo(argument.valueTwo().bits())
                                .setOp(argument.op()));
            }
            message.addSyscalls(rule);
        }
        return message.build();
    }

    static List<Storage> storages(List<GuestStorage> storages) {
        return storages.stream()
                .map(storage ->
                        Storage.newBuilder()
                                .setDriver(storage.driver())
                                .setSource(storage.source())
                                .setFstype(storage.fstype())
                                .addAllOptions(storage.options())
                                .setMountPoint(storage.mountPoint())
                                .build())
                .toList();
    }
}

package dev.kumite.config;

import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Hooks;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Seccomp;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sections that tell of the container. Confined to one thread. */
final class ContainerSections {

    /**
     * From this number of bounding capabilities on, hardly any is missing. Source: Linux 6 has 41.
     */
    private static final int NEARLY_ALL_CAPABILITIES = 37;

    /**
     * How many devices are named before the rest is only counted; the list of all values has every
     * one.
     */
    private static final int SHOWN_DEVICES = 10;

    private final ContainerConfig container;
    private final Spec spec;
    private final boolean seccompInGuest;
    private final Origin seccompOrigin;

    /**
     * @param container as planned
     * @param spec as given
     * @param seccompInGuest whether the guest applies filters of system calls
     * @param seccompOrigin who decided that
     */
    ContainerSections(
            ContainerConfig container, Spec spec, boolean seccompInGuest, Origin seccompOrigin) {
        this.container = container;
        this.spec = spec;
        this.seccompInGuest = seccompInGuest;
        this.seccompOrigin = seccompOrigin;
    }

    /** What runs. */
    Explanation.Section program() {
        SectionBuilder section = new SectionBuilder("Program");
        if (spec.process().isEmpty()) {
            return section.say("The specification does not say which program to run.").build();
        }
        ContainerConfig.Cmd cmd = container.cmd();
        section.add("Args", command(cmd.args()), at("/process/args"));
        String groups =
                cmd.supplementaryGroups().isEmpty()
                        ? ""
                        : ", groups " + String.join(",", cmd.supplementaryGroups());
        section.add("User", cmd.user() + ":" + cmd.primaryGroup() + groups, at("/process/user"));
        if (!cmd.workDir().isEmpty()) {
            section.add("WorkDir", cmd.workDir(), at("/process/cwd"));
        }
        section.add("Envs", Wording.count(cmd.envs().size(), "variable"), at("/process/env"));
        if (cmd.interactive()) {
            section.add("Interactive", "on", at("/process/terminal"), "it gets a terminal");
        }
        limits(section);
        return section.build();
    }

    private static String command(List<String> args) {
        List<String> quoted = new ArrayList<>();
        for (String arg : args) {
            boolean plain =
                    !arg.isEmpty()
                            && arg.chars()
                                    .allMatch(c ->
                                            c > ' ' && "'\"\\$`*?&|;<>(){}[]#~!".indexOf(c) < 0);
            quoted.add(plain ? arg : "'" + arg.replace("'", "'\\''") + "'");
        }
        return String.join(" ", quoted);
    }

    private void limits(SectionBuilder section) {
        Resources resources = container.resources();
        resources
                .cpu()
                .ifPresent(cpu -> {
                    if (cpu.quota().isPresent()
                            && cpu.period().isPresent()
                            && cpu.quota().get() > 0) {
                        section.add(
                                "cpu.quota",
                                cpu.quota().get()
                                        + " \u00b5s in "
                                        + cpu.period().get()
                                        + " \u00b5s",
                                at("/linux/resources/cpu/quota"));
                    }
                    cpu.shares()
                            .ifPresent(shares ->
                                    section.add(
                                            "cpu.shares",
                                            shares.toString(),
                                            at("/linux/resources/cpu/shares")));
                    if (!cpu.cpus().isEmpty()) {
                        section.add(
                                "cpu.cpus",
                                cpu.cpus(),
                                at("/linux/resources/cpu/cpus"),
                                "CPUs of the host, not of the guest");
                    }
                });
        resources
                .memory()
                .flatMap(Resources.Memory::limit)
                .ifPresent(limit ->
                        section.add(
                                "memory.limit",
                                Wording.bytes(limit),
                                at("/linux/resources/memory/limit")));
        resources
                .pids()
                .filter(pids -> pids.limit() > 0)
                .ifPresent(pids ->
                        section.add(
                                "pids.limit",
                                Long.toString(pids.limit()),
                                at("/linux/resources/pids/limit")));
    }

    /**
     * How each file system reaches the guest.
     *
     * @param sharedFs in words, such as {@code virtio-fs}; empty if files cannot be shared
     * @param blockDriver how block devices are attached
     */
    Explanation.Section files(String sharedFs, String blockDriver) {
        SectionBuilder section = new SectionBuilder("Files");
        section.say(
                FileSharing.isNone(sharedFs)
                        ? "This machine shares no files with the host: the root file system must be a"
                                + " block device, and small files and directories are copied when the"
                                + " container is made."
                        : "The guest does not see the host's file systems. What the container is to see of them is "
                                + "shared with it by "
                                + sharedFs
                                + "; all else is made in the guest.");
        root(section, sharedFs);
        List<String> made = new ArrayList<>();
        int firstMade = -1;
        for (int i = 0; i < container.mounts().size(); i++) {
            ContainerConfig.Mount mount = container.mounts().get(i);
            if (MountRoute.of(mount) != MountRoute.GUEST) {
                mount(section, mount, "/mounts/" + i, sharedFs, blockDriver);
                continue;
            }
            firstMade = firstMade < 0 ? i : firstMade;
            made.add(
                    mount.destination()
                            + (mount.type().equals(last(mount.destination()))
                                    ? ""
                                    : " (" + mount.type() + ")"));
        }
        if (!made.isEmpty()) {
            section.add("made in the guest", String.join(", ", made), at("/mounts"));
        }
        return section.build();
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void root(SectionBuilder section, String sharedFs) {
        if (spec.root().isEmpty()) {
            section.say("The specification does not say where the root file system is.");
            return;
        }
        String access = container.readonlyRootfs() ? ", read-only" : "";
        String way =
                FileSharing.isNone(sharedFs) ? "a disk, mounted on the host at " : "shared from ";
        section.add("/", way + container.rootFs().target() + access, at("/root/path"));
    }

    private static void mount(
            SectionBuilder section,
            ContainerConfig.Mount mount,
            String pointer,
            String sharedFs,
            String blockDriver) {
        String access = mount.readOnly() ? ", read-only" : "";
        String way = FileSharing.isNone(sharedFs) ? "copied from " : "shared from ";
        String value =
                switch (MountRoute.of(mount)) {
                    case SHARED -> way + mount.source() + access;
                    case BLOCK ->
                            "from "
                                    + mount.source()
                                    + access
                                    + ": a disk, attached by "
                                    + blockDriver
                                    + ", if that is a block device; the guest's own device if it is another one";
                    case GUEST -> mount.type();
                    case GUEST_SHM -> "made in the guest, in its memory";
                    case GUEST_SYSTEM -> "the guest's own, not the host's " + mount.source();
                    case EPHEMERAL ->
                            "an emptyDir in memory, made in the guest and shared by the pod";
                    case LOCAL -> "an emptyDir, made in the guest and shared by the pod";
                };
        section.add(mount.destination(), value, at(pointer));
    }

    /** Which devices there are. */
    Explanation.Section devices(String blockDriver) {
        SectionBuilder section = new SectionBuilder("Devices");
        List<String> disks = new ArrayList<>();
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < container.deviceInfos().size(); i++) {
            ContainerConfig.DeviceInfo device = container.deviceInfos().get(i);
            String path = device.containerPath();
            if (path.startsWith("/dev/vfio/")) {
                section.add(
                        path,
                        "a device of the host, passed through (VFIO)",
                        at("/linux/devices/" + i));
            } else {
                (device.devType().equals("b") ? disks : nodes).add(path);
            }
        }
        if (container.deviceInfos().isEmpty()) {
            return section.say(
                            "The specification asks for no device beyond the usual ones in /dev.")
                    .build();
        }
        if (!disks.isEmpty()) {
            section.add(
                    "block devices",
                    some(disks),
                    at("/linux/devices"),
                    "disks of the host, attached by "
                            + blockDriver
                            + "; no virtual machine protects what is on them");
        }
        if (!nodes.isEmpty()) {
            section.add(
                    "other devices",
                    some(nodes),
                    at("/linux/devices"),
                    "device files with the same numbers; they lead to the guest's drivers, not to the host's devices");
        }
        return section.build();
    }

    private static String some(List<String> paths) {
        return paths.size() <= SHOWN_DEVICES + 1
                ? String.join(", ", paths)
                : String.join(", ", paths.subList(0, SHOWN_DEVICES))
                        + " and "
                        + (paths.size() - SHOWN_DEVICES)
                        + " more";
    }

    /** What the container may do, and what holds it. */
    Explanation.Section security() {
        SectionBuilder section = new SectionBuilder("Security");
        section.say(
                "The virtual machine is the wall. What follows holds inside it, as a second one.");
        boolean rootUser = spec.process().isPresent() && container.cmd().user().equals("0");
        if (looksPrivileged()) {
            section.say(
                    "This looks like a privileged container: it is root over its guest, not over the host. Others in"
                            + " the same machine have no protection from it.");
            if (container.deviceInfos().stream().anyMatch(device -> device.devType().equals("b"))) {
                section.say(
                        "But it is given disks of the host, and through these the host itself: have the container"
                                + " manager leave them out (containerd: privileged_without_host_devices = true).");
            }
        }
        seccomp(section);
        capabilities(section);
        boolean locked = container.cmd().noNewPrivileges();
        section.add(
                "NoNewPrivileges",
                locked ? "on" : "off",
                at("/process/noNewPrivileges"),
                locked || rootUser
                        ? ""
                        : "programs with the set-user-id bit can make the process root in the guest");
        section.add(
                "ReadonlyRootfs", container.readonlyRootfs() ? "on" : "off", at("/root/readonly"));
        spec.process()
                .map(Process::apparmorProfile)
                .filter(profile -> !profile.isEmpty())
                .ifPresent(profile ->
                        section.add(
                                "apparmorProfile",
                                profile,
                                at("/process/apparmorProfile"),
                                "has an effect only where the guest's kernel has AppArmor"));
        hooks(section);
        return section.build();
    }

    private void seccomp(SectionBuilder section) {
        Optional<Seccomp> seccomp = spec.linux().flatMap(Linux::seccomp);
        if (seccomp.isEmpty()) {
            section.add("seccomp", "no filter of system calls is asked for", at("/linux"));
            return;
        }
        long calls = seccomp.get().syscalls().stream().mapToLong(rule -> rule.names().size()).sum();
        String filter =
                Wording.count(seccomp.get().syscalls().size(), "rule")
                        + " for "
                        + calls
                        + " system calls, "
                        + seccomp.get().defaultAction()
                        + " for all others";
        if (seccompInGuest) {
            section.add("seccomp", filter, at("/linux/seccomp"), "applied in the guest");
        } else {
            section.add(
                    "seccomp",
                    "left out (" + filter + ")",
                    seccompOrigin,
                    "DisableGuestSeccomp is on: the guest applies no filter");
        }
    }

    private void capabilities(SectionBuilder section) {
        Capabilities sets = container.cmd().capabilities().orElseGet(Capabilities::empty);
        int bounding = sets.bounding().size();
        String names =
                bounding > 0 && bounding < NEARLY_ALL_CAPABILITIES
                        ? ": "
                                + String.join(
                                        ", ",
                                        sets.bounding().stream()
                                                .map(ContainerSections::shortName)
                                                .toList())
                        : "";
        section.add(
                "Capabilities",
                (bounding == 0 ? "none" : bounding + " (bounding)") + names,
                at("/process/capabilities"),
                sets.bounding().contains("CAP_SYS_ADMIN")
                        ? "CAP_SYS_ADMIN is root's power over the guest"
                        : "");
    }

    private static String shortName(String capability) {
        return capability.startsWith("CAP_") ? capability.substring("CAP_".length()) : capability;
    }

    private void hooks(SectionBuilder section) {
        if (spec.hooks().isEmpty()) {
            return;
        }
        Hooks hooks = spec.hooks().get();
        int count =
                hooks.prestart().size()
                        + hooks.createRuntime().size()
                        + hooks.createContainer().size()
                        + hooks.poststart().size()
                        + hooks.poststop().size();
        if (count > 0) {
            section.add(
                    "hooks",
                    Wording.count(count, "program"),
                    at("/hooks"),
                    "they run on the host, outside the machine");
        }
        if (!hooks.startContainer().isEmpty()) {
            section.add(
                    "hooks of the container",
                    Wording.count(hooks.startContainer().size(), "program"),
                    at("/hooks/startContainer"),
                    "they run in the container, before its own program");
        }
    }

    /** Nearly all capabilities, and neither a filter of system calls nor a masked path. */
    private boolean looksPrivileged() {
        Capabilities sets = container.cmd().capabilities().orElseGet(Capabilities::empty);
        boolean open =
                spec.linux().isPresent()
                        && spec.linux().get().seccomp().isEmpty()
                        && spec.linux().get().maskedPaths().isEmpty();
        return open && sets.bounding().size() >= NEARLY_ALL_CAPABILITIES;
    }

    private static Origin at(String pointer) {
        return new Origin.SpecPath(pointer);
    }
}

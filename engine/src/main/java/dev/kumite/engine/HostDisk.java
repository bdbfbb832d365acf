package dev.kumite.engine;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Settings;
import dev.kumite.oci.Device;
import dev.kumite.oci.Linux;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Resources;
import dev.kumite.oci.Spec;
import dev.kumite.vmm.Disk;
import dev.kumite.vmm.GuestAddress;
import dev.kumite.vmm.MachineState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A block device of the host that a container was given: it is plugged into the machine as a disk.
 * Whether it can be written is decided by QEMU, not by the guest.
 *
 * <p>Only devices that a rule of {@code linux.resources.devices} allows by their numbers are
 * plugged. A rule that allows everything is what a privileged container has, whose list of devices
 * is the host's: none of these is given away.
 *
 * @param id the disk's in the machine
 * @param path on the host
 * @param containerPath in the container
 * @param readOnly whether the rule lets it be read only
 */
record HostDisk(String id, Path path, String containerPath, boolean readOnly) {

    private static final String DISK = "disk-";

    /** {@return the disks of a container; refused if one of them is not there} */
    static Outcome<List<HostDisk>> of(Spec spec, String container, Path sysDevBlock) {
        List<HostDisk> disks = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Linux linux = spec.linux().orElseGet(Linux::empty);
        List<Resources.DeviceRule> rules =
                linux.resources().map(Resources::devices).orElseGet(List::of);
        for (int i = 0; i < linux.devices().size(); i++) {
            Device device = linux.devices().get(i);
            Optional<String> access = access(device, rules);
            if (access.isEmpty()) {
                continue;
            }
            Optional<Path> path = path(device.major(), device.minor(), sysDevBlock);
            if (path.isEmpty()) {
                problems.add(
                        Problem.error(
                                new Location.Text("config.json", 0, 0, "/linux/devices/" + i),
                                "there is no block device %d:%d"
                                        .formatted(device.major(), device.minor()),
                                "\"" + device.path() + "\" is to be it in the container",
                                "correct major and minor, or attach the device"));
                continue;
            }
            disks.add(
                    new HostDisk(
                            id(container, Integer.toString(i)),
                            path.get(),
                            device.path(),
                            access.get().indexOf('w') < 0));
        }
        return problems.isEmpty() ? Outcome.of(disks, problems) : Outcome.refused(problems);
    }

    /** {@return whether a device becomes a disk} */
    static boolean isOne(Device device, List<Resources.DeviceRule> rules) {
        return access(device, rules).isPresent();
    }

    /**
     * {@return what may be done with a block device; empty if nothing, or if it is not asked for}
     */
    private static Optional<String> access(Device device, List<Resources.DeviceRule> rules) {
        if (!device.type().equals("b")) {
            return Optional.empty();
        }
        Optional<String> access = Optional.empty();
        for (Resources.DeviceRule rule : rules) {
            boolean all = rule.major().isEmpty() && rule.minor().isEmpty();
            boolean block = !rule.type().equals("c");
            if (rule.allow() && all && block) {
                return Optional.empty();
            }
            if (block
                    && rule.major().orElse(device.major()) == device.major()
                    && rule.minor().orElse(device.minor()) == device.minor()) {
                access = rule.allow() ? Optional.of(rule.access()) : Optional.empty();
            }
        }
        return access;
    }

    /** {@return the device's file, by the name that the kernel gives it} */
    static Optional<Path> path(long major, long minor, Path sysDevBlock) {
        Path event = sysDevBlock.resolve(major + ":" + minor).resolve("uevent");
        try {
            for (String line : Files.readString(event).split("\n", -1)) {
                if (line.startsWith("DEVNAME=")) {
                    return Optional.of(Path.of("/dev").resolve(line.substring(8)));
                }
            }
        } catch (IOException notThere) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** {@return what one of a container's disks is called in the machine} */
    static String id(String container, String which) {
        return prefix(container) + which;
    }

    /** Longer than a disk's may be are most containers' ids. */
    private static String prefix(String container) {
        // FNV-1a, 64 bits: the same for the same container, whoever asks.
        long hash = 0xcbf29ce484222325L;
        for (byte b : container.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        }
        return DISK + "%016x-".formatted(hash);
    }

    /** {@return those of a machine's devices that are disks of a container} */
    static List<String> of(String container, MachineState machine) {
        String prefix = prefix(container);
        return machine.plugged().keySet().stream().filter(id -> id.startsWith(prefix)).toList();
    }

    /** {@return whether a machine has disks of containers} */
    static boolean areIn(MachineState machine) {
        return machine.plugged().keySet().stream().anyMatch(id -> id.startsWith(DISK));
    }

    /** {@return what is plugged into a machine} */
    Disk disk(Settings<HypervisorConfig> hypervisor) {
        return new Disk(
                id,
                path,
                !Files.isRegularFile(path),
                readOnly,
                Disk.Driver.of(
                        hypervisor.get(HypervisorConfig.BLOCK_DEVICE_DRIVER),
                        hypervisor.get(HypervisorConfig.HYPERVISOR_MACHINE_TYPE)),
                0);
    }

    /** {@return what the agent is told of it} */
    dev.kumite.agentprotocol.messages.Device message(GuestAddress address) {
        dev.kumite.agentprotocol.messages.Device.Builder message =
                dev.kumite.agentprotocol.messages.Device.newBuilder()
                        .setContainerPath(containerPath);
        switch (address) {
            case GuestAddress.Pci(String place) -> message.setType("blk").setId(place);
            case GuestAddress.Scsi(String place) -> message.setType("scsi").setId(place);
            case GuestAddress.Node(String file) -> message.setType("nvdimm").setVmPath(file);
        }
        return message.build();
    }
}

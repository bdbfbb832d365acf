package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Device;
import dev.kumite.agentprotocol.messages.Linux;
import dev.kumite.agentprotocol.messages.LinuxDevice;
import dev.kumite.agentprotocol.messages.LinuxDeviceCgroup;
import dev.kumite.agentprotocol.messages.LinuxResources;
import dev.kumite.agentprotocol.messages.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Gives devices in a spec the numbers that they have in this guest. A device has the path in the
 * container in common with the spec's.
 *
 * <p>Source: Kata Containers 4.1, agent, device handling.
 */
final class GuestDevices {

    private final BlockDevices blockDevices;

    GuestDevices(BlockDevices blockDevices) {
        this.blockDevices = blockDevices;
    }

    /** {@return the spec with the guest's device numbers, also in the list of allowed devices} */
    Spec rewrite(Spec spec, List<Device> devices) {
        Linux.Builder linux = spec.getLinux().toBuilder();
        for (Device device : devices) {
            rewrite(linux, device);
        }
        return spec.toBuilder().setLinux(linux).build();
    }

    private void rewrite(Linux.Builder linux, Device device) {
        Path file = Path.of(file(device));
        long number = number(file);
        for (int i = 0; i < linux.getDevicesCount(); i++) {
            LinuxDevice old = linux.getDevices(i);
            if (old.getPath().equals(device.getContainerPath())) {
                linux.setDevices(
                        i, old.toBuilder().setMajor(major(number)).setMinor(minor(number)));
                allow(linux, old, number);
                return;
            }
        }
        throw Refusal.invalid(
                "the spec has no device " + device.getContainerPath() + " to be " + file);
    }

    private static void allow(Linux.Builder linux, LinuxDevice old, long number) {
        LinuxResources.Builder resources = linux.getResources().toBuilder();
        String type = old.getType().equals("b") ? "b" : "c";
        for (int i = 0; i < resources.getDevicesCount(); i++) {
            LinuxDeviceCgroup rule = resources.getDevices(i);
            if (rule.getType().equals(type)
                    && rule.getMajor() == old.getMajor()
                    && rule.getMinor() == old.getMinor()) {
                resources.setDevices(
                        i, rule.toBuilder().setMajor(major(number)).setMinor(minor(number)));
            }
        }
        linux.setResources(resources);
    }

    private String file(Device device) {
        return switch (device.getType()) {
            case "blk", "mmioblk", "nvdimm" -> blockDevices.find(device.getType(), place(device));
            case "scsi" -> blockDevices.find("scsi", device.getId());
            default -> {
                if (device.getVmPath().isEmpty()) {
                    throw Refusal.invalid(
                            "there is no device driver \""
                                    + device.getType()
                                    + "\" for "
                                    + device.getContainerPath());
                }
                yield device.getVmPath();
            }
        };
    }

    private static String place(Device device) {
        return device.getVmPath().startsWith("/dev/") ? device.getVmPath() : device.getId();
    }

    private static long number(Path file) {
        try {
            return ((Number) Files.getAttribute(file, "unix:rdev")).longValue();
        } catch (IOException e) {
            throw Refusal.notFound("cannot look at the device " + file + ": " + e.getMessage());
        }
    }

    /** Source: makedev(3). */
    static long major(long device) {
        return ((device >>> 8) & 0xFFF) | ((device >>> 32) & ~0xFFFL);
    }

    /** Source: makedev(3). */
    static long minor(long device) {
        return (device & 0xFF) | ((device >>> 12) & ~0xFFL & 0xFFFFFFFFL);
    }
}

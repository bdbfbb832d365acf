package dev.kumite.guestagent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds block devices by where they are plugged in; waits for those that are being plugged in.
 *
 * <p>Source: Kata Containers 4.1, agent, device handling; the kernel's sysfs-bus-pci and
 * sysfs-class-scsi_host.
 */
final class BlockDevices {

    /** Source: Kata's {@code agent.hotplug_timeout} is 3 s; emulated machines are slower. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private static final long LOOK_NANOS = 10_000_000;

    private final Path sys;
    private final Path dev;
    private final long patienceNanos;

    BlockDevices() {
        this(Path.of("/sys"), Path.of("/dev"), PATIENCE_NANOS);
    }

    BlockDevices(Path sys, Path dev, long patienceNanos) {
        this.sys = sys;
        this.dev = dev;
        this.patienceNanos = patienceNanos;
    }

    /**
     * {@return the device file}
     *
     * @param driver as Kata names them: {@code blk}, {@code scsi}, {@code mmioblk}, {@code nvdimm}
     * @param place a PCI path such as {@code 02/03}, slots from the root bus on; a SCSI id and unit
     *     such as {@code 0:1}; or a device file
     */
    String find(String driver, String place) {
        if (driver.equals("scsi")) {
            String[] parts = split(place, ':');
            return await(place, () -> scsi(parts[0], parts[1]));
        }
        if (place.startsWith("/")) {
            Path file = Path.of(place);
            return await(place, () -> Files.exists(file) ? Optional.of(file) : Optional.empty());
        }
        return await(place, () -> pci(place));
    }

    private static String[] split(String text, char separator) {
        int at = text.indexOf(separator);
        if (at <= 0 || !isNumber(text.substring(0, at)) || !isNumber(text.substring(at + 1))) {
            throw Refusal.invalid("\"" + text + "\" is no SCSI address such as 0:1");
        }
        return new String[] {text.substring(0, at), text.substring(at + 1)};
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Where a device may be by now. */
    @FunctionalInterface
    private interface Look {
        Optional<Path> now();
    }

    private String await(String place, Look look) {
        long start = System.nanoTime();
        while (true) {
            Optional<Path> found = look.now();
            if (found.isPresent() && Files.exists(found.get())) {
                return found.get().toString();
            }
            if (System.nanoTime() - start > patienceNanos) {
                throw Refusal.late("no block device appeared at \"" + place + "\"");
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw Refusal.interrupted();
            }
        }
    }

    private Optional<Path> pci(String place) {
        Path at = sys.resolve("devices/pci0000:00");
        String bus = "0000:00";
        int from = 0;
        while (true) {
            int slash = place.indexOf('/', from);
            String slot = place.substring(from, slash < 0 ? place.length() : slash);
            at = at.resolve(bus + ":" + function(slot, place));
            if (slash < 0) {
                return block(at);
            }
            String[] buses = at.resolve("pci_bus").toFile().list();
            if (buses == null || buses.length == 0) {
                return Optional.empty();
            }
            bus = buses[0];
            from = slash + 1;
        }
    }

    /** {@return slot and function: a slot alone means its first function} */
    private static String function(String slot, String place) {
        int dot = slot.indexOf('.');
        String number = dot < 0 ? slot : slot.substring(0, dot);
        for (int i = 0; i < number.length(); i++) {
            if (Character.digit(number.charAt(i), 16) < 0) {
                throw Refusal.invalid("\"" + place + "\" is no PCI path such as 02/03");
            }
        }
        if (number.isEmpty() || number.length() > 2) {
            throw Refusal.invalid("\"" + place + "\" is no PCI path such as 02/03");
        }
        String padded = number.length() == 1 ? "0" + number : number;
        return dot < 0 ? padded + ".0" : padded + slot.substring(dot);
    }

    /** {@return the device file of the disk that a PCI function is: {@code virtioN/block/vdX}} */
    private Optional<Path> block(Path function) {
        Optional<Path> direct = onlyIn(function.resolve("block"));
        if (direct.isPresent()) {
            return direct;
        }
        String[] children = function.toFile().list();
        if (children != null) {
            for (String child : children) {
                if (child.startsWith("virtio")) {
                    return onlyIn(function.resolve(child).resolve("block"));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Path> scsi(String id, String unit) {
        String[] devices = sys.resolve("class/scsi_device").toFile().list();
        if (devices != null) {
            for (String device : devices) {
                if (device.endsWith(":0:" + id + ":" + unit)) {
                    return onlyIn(sys.resolve("class/scsi_device/" + device + "/device/block"));
                }
            }
        }
        scan(id, unit);
        return Optional.empty();
    }

    /** Has the kernel look for a disk that it has not noticed. */
    private void scan(String id, String unit) {
        File[] hosts = sys.resolve("class/scsi_host").toFile().listFiles();
        if (hosts == null) {
            return;
        }
        for (File host : hosts) {
            try {
                Files.writeString(host.toPath().resolve("scan"), "0 " + id + " " + unit);
            } catch (IOException _) {
                // Another host has it, or none: the wait will tell.
            }
        }
    }

    private Optional<Path> onlyIn(Path directory) {
        String[] names = directory.toFile().list();
        return names == null || names.length == 0
                ? Optional.empty()
                : Optional.of(dev.resolve(names[0]));
    }
}

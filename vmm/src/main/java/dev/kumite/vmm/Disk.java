package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A raw file or block device of the host that the guest gets as a disk.
 *
 * @param id letters, digits and {@code -._}, from a letter, at most 29; unique in the machine
 * @param path the file or device
 * @param blockDevice whether {@code path} is a device
 * @param readOnly whether the guest can write
 * @param driver how it is attached
 * @param sizeBytes its size; only used, and needed, with {@link Driver#NVDIMM}
 */
public record Disk(
        String id,
        Path path,
        boolean blockDevice,
        boolean readOnly,
        Driver driver,
        long sizeBytes) {

    /** Ways to attach a disk. */
    public enum Driver {
        /** A disk of its own, {@code /dev/vdX}. */
        VIRTIO_BLK,
        /** A disk on the machine's SCSI controller, {@code /dev/sdX}. */
        VIRTIO_SCSI,
        /** Memory, {@code /dev/pmemX}. */
        NVDIMM;

        /**
         * {@return what a value of {@code block_device_driver} means on a kind of machine: only
         * QEMU's PCI machines have SCSI and NVDIMM here, everything else is virtio-blk}
         *
         * @param word such as {@code virtio-scsi}
         * @param machineType such as {@code q35}
         */
        public static Driver of(String word, String machineType) {
            if (machineType.equals("microvm")) {
                return word.equals("virtio-scsi") ? VIRTIO_SCSI : VIRTIO_BLK;
            }
            return switch (word) {
                case "virtio-scsi" -> VIRTIO_SCSI;
                case "nvdimm" -> NVDIMM;
                default -> VIRTIO_BLK;
            };
        }
    }

    public Disk {
        Ids.check(id);
        requireNonNull(path, "path is null");
        requireNonNull(driver, "driver is null");
    }

    /** {@return the same disk under another driver} */
    public Disk with(Driver other) {
        return new Disk(id, path, blockDevice, readOnly, other, sizeBytes);
    }
}

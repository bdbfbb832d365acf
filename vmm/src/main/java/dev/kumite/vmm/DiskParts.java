package dev.kumite.vmm;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Settings;

/** What a disk is made of, at boot or later. Confined to whoever owns the slots. */
final class DiskParts {

    /** Units of one SCSI target. Source: Kata Containers, {@code GetSCSIIdLun}. */
    private static final int UNITS = 256;

    private final MachinePlan plan;
    private final PciSlots slots;
    private int scsiUnits;
    private int pmems;

    DiskParts(MachinePlan plan, PciSlots slots) {
        this.plan = plan;
        this.slots = slots;
        this.pmems = Machines.imageIsNvdimm(plan) ? 1 : 0;
    }

    /**
     * The two halves of a disk.
     *
     * @param backend what is on it
     * @param device what the guest sees
     * @param address where the guest finds it
     */
    record Parts(Backend backend, Device device, GuestAddress address) {}

    int scsiUnits() {
        return scsiUnits;
    }

    void setScsiUnits(int units) {
        scsiUnits = units;
    }

    /**
     * {@return the disk, behind a bridge if there is one}
     *
     * @throws VmmException if no slot is free
     */
    Parts of(Disk disk) {
        if (disk.driver() != Disk.Driver.VIRTIO_BLK || !Machines.hasHotPlug(plan)) {
            return of(disk, Device.Place.ANY);
        }
        PciSlots.Slot slot =
                slots.take()
                        .orElseThrow(() ->
                                new VmmException(
                                        VmmException.Category.REFUSED,
                                        "no slot is free for disk "
                                                + disk.id()
                                                + "; raise default_bridges, or use virtio-scsi"));
        Parts parts = of(disk, slot.place());
        return new Parts(parts.backend(), parts.device(), slot.address());
    }

    Parts of(Disk disk, Device.Place place) {
        return switch (disk.driver()) {
            case VIRTIO_BLK ->
                    new Parts(
                            blockdev(disk),
                            new Device.VirtioBlk(
                                    Machines.transport(plan),
                                    disk.id(),
                                    node(disk),
                                    // the guest can tell disks apart by it
                                    disk.id(),
                                    Machines.hasIoThread(plan) ? QemuAssembly.IO_THREAD : "",
                                    place),
                            new GuestAddress.Node("/dev/vda"));
            case VIRTIO_SCSI -> {
                int unit = scsiUnits++;
                yield new Parts(
                        blockdev(disk),
                        new Device.ScsiHd(
                                disk.id(),
                                QemuAssembly.SCSI + ".0",
                                unit / UNITS,
                                unit % UNITS,
                                node(disk)),
                        new GuestAddress.Scsi(unit / UNITS + ":" + unit % UNITS));
            }
            case NVDIMM ->
                    new Parts(
                            new Backend.MemoryFile(
                                    node(disk),
                                    disk.path(),
                                    disk.sizeBytes(),
                                    true,
                                    disk.readOnly(),
                                    false),
                            new Device.Nvdimm(disk.id(), node(disk), disk.readOnly()),
                            new GuestAddress.Node("/dev/pmem" + pmems++));
        };
    }

    /** {@return the name of what is on the disk} */
    static String node(Disk disk) {
        return "b-" + disk.id();
    }

    private Backend.Blockdev blockdev(Disk disk) {
        Settings<HypervisorConfig> vm = plan.hypervisor();
        boolean set = vm.get(HypervisorConfig.BLOCK_DEVICE_CACHE_SET);
        return new Backend.Blockdev(
                node(disk),
                disk.blockDevice() ? "host_device" : "file",
                disk.path(),
                disk.readOnly(),
                set && vm.get(HypervisorConfig.BLOCK_DEVICE_CACHE_DIRECT),
                set && vm.get(HypervisorConfig.BLOCK_DEVICE_CACHE_NOFLUSH));
    }
}

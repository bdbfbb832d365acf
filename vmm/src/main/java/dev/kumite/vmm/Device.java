package dev.kumite.vmm;

import java.util.List;

/**
 * What the guest sees: {@code -device}. Each names its {@link Backend} by id.
 *
 * <p>Source: QEMU 7.2, {@code qemu-system-x86_64 -device NAME,help}.
 */
public sealed interface Device extends QemuSwitch {

    /** {@return its options; also the arguments of {@code device_add}} */
    Options options();

    @Override
    default List<String> arguments() {
        return List.of("-device", options().keyval());
    }

    /** How a virtio device is found by the guest. */
    enum Transport {
        /** On a PCI bus. */
        PCI("-pci"),
        /** By its address in memory. */
        MMIO("-device");

        private final String suffix;

        Transport(String suffix) {
            this.suffix = suffix;
        }

        private Options.Builder driver(String name) {
            return Options.of("driver", name + suffix);
        }
    }

    /**
     * Where on a bus.
     *
     * @param bus its id; empty for whatever has room
     * @param addr the slot; 0 for whatever is free
     */
    record Place(String bus, int addr) {
        /** Wherever QEMU likes. */
        public static final Place ANY = new Place("", 0);

        private Options.Builder on(Options.Builder options) {
            options.textIfAny("bus", bus);
            return addr == 0 ? options : options.text("addr", "0x" + Integer.toHexString(addr));
        }
    }

    /**
     * A bridge whose slots can be plugged into while the machine runs.
     *
     * @param id also the name of the bus behind it
     * @param bus that it sits on
     * @param chassisNr its number, from 1
     * @param addr its slot
     */
    record PciBridge(String id, String bus, int chassisNr, int addr) implements Device {
        @Override
        public Options options() {
            return new Place(bus, addr)
                    .on(Options.of("driver", "pci-bridge").text("id", id))
                    .number("chassis_nr", chassisNr)
                    // plugging is done by ACPI
                    .text("shpc", "off")
                    .text("io-reserve", "4k")
                    .text("mem-reserve", "1m")
                    .text("pref64-reserve", "1m")
                    .build();
        }
    }

    /**
     * A port for one PCI Express device.
     *
     * @param id also the name of the bus behind it
     * @param bus that it sits on
     * @param chassis its number; port and chassis are unique together
     * @param slot its number
     */
    record PcieRootPort(String id, String bus, int chassis, int slot) implements Device {
        @Override
        public Options options() {
            return Options.of("driver", "pcie-root-port")
                    .text("id", id)
                    .text("bus", bus)
                    .number("chassis", chassis)
                    .number("slot", slot)
                    .build();
        }
    }

    /**
     * A bus for serial ports and consoles.
     *
     * @param transport how it is found
     * @param id its id
     * @param maxPorts the most ports, with the console's
     */
    record VirtioSerial(Transport transport, String id, int maxPorts) implements Device {
        @Override
        public Options options() {
            return transport
                    .driver("virtio-serial")
                    .text("id", id)
                    .number("max_ports", maxPorts)
                    .build();
        }
    }

    /**
     * A console, {@code hvc0}.
     *
     * @param id its id
     * @param bus that it sits on
     * @param chardev its other end
     */
    record VirtConsole(String id, String bus, String chardev) implements Device {
        @Override
        public Options options() {
            return Options.of("driver", "virtconsole")
                    .text("id", id)
                    .text("bus", bus)
                    .text("chardev", chardev)
                    .build();
        }
    }

    /**
     * A serial port.
     *
     * @param id its id
     * @param bus that it sits on
     * @param nr its number on the bus
     * @param name that the guest finds it by
     * @param chardev its other end
     */
    record VirtSerialPort(String id, String bus, int nr, String name, String chardev)
            implements Device {
        @Override
        public Options options() {
            return Options.of("driver", "virtserialport")
                    .text("id", id)
                    .text("bus", bus)
                    .number("nr", nr)
                    .text("name", name)
                    .text("chardev", chardev)
                    .build();
        }
    }

    /**
     * Sockets between guest and host, through the host's kernel.
     *
     * @param transport how it is found
     * @param id its id
     * @param guestCid the guest's address
     */
    record VhostVsock(Transport transport, String id, long guestCid) implements Device {
        @Override
        public Options options() {
            return transport
                    .driver("vhost-vsock")
                    .text("id", id)
                    .number("guest-cid", guestCid)
                    .build();
        }
    }

    /**
     * Sockets between guest and host, through another process.
     *
     * @param transport how it is found
     * @param id its id
     * @param chardev the way to that process
     */
    record VhostUserVsock(Transport transport, String id, String chardev) implements Device {
        @Override
        public Options options() {
            return transport
                    .driver("vhost-user-vsock")
                    .text("id", id)
                    .text("chardev", chardev)
                    .build();
        }
    }

    /**
     * A source of entropy.
     *
     * @param transport how it is found
     * @param id its id
     * @param rng its source
     */
    record VirtioRng(Transport transport, String id, String rng) implements Device {
        @Override
        public Options options() {
            return transport.driver("virtio-rng").text("id", id).text("rng", rng).build();
        }
    }

    /**
     * A directory by 9p.
     *
     * @param transport how it is found
     * @param id its id
     * @param fsdev what it shares
     * @param mountTag that the guest mounts it by
     */
    record Virtio9p(Transport transport, String id, String fsdev, String mountTag)
            implements Device {
        @Override
        public Options options() {
            return transport
                    .driver("virtio-9p")
                    .text("id", id)
                    .text("fsdev", fsdev)
                    .text("mount_tag", mountTag)
                    .build();
        }
    }

    /**
     * A directory by virtio-fs.
     *
     * @param transport how it is found
     * @param id its id
     * @param chardev the daemon
     * @param tag that the guest mounts it by
     * @param queueSize its length
     * @param place where
     */
    record VhostUserFs(
            Transport transport, String id, String chardev, String tag, int queueSize, Place place)
            implements Device {
        @Override
        public Options options() {
            return place.on(transport.driver("vhost-user-fs").text("id", id))
                    .text("chardev", chardev)
                    .text("tag", tag)
                    .number("queue-size", queueSize)
                    .build();
        }
    }

    /**
     * A disk.
     *
     * @param transport how it is found
     * @param id its id
     * @param drive what is on it
     * @param serial that the guest can ask for; may be empty
     * @param iothread that serves it; may be empty
     * @param place where
     */
    record VirtioBlk(
            Transport transport,
            String id,
            String drive,
            String serial,
            String iothread,
            Place place)
            implements Device {
        @Override
        public Options options() {
            return place.on(transport.driver("virtio-blk").text("id", id))
                    .text("drive", drive)
                    .textIfAny("serial", serial)
                    .textIfAny("iothread", iothread)
                    .build();
        }
    }

    /**
     * A controller for SCSI disks.
     *
     * @param transport how it is found
     * @param id its id
     * @param iothread that serves it; may be empty
     */
    record VirtioScsi(Transport transport, String id, String iothread) implements Device {
        @Override
        public Options options() {
            return transport
                    .driver("virtio-scsi")
                    .text("id", id)
                    .textIfAny("iothread", iothread)
                    .build();
        }
    }

    /**
     * A disk on a SCSI controller.
     *
     * @param id its id
     * @param bus the controller's
     * @param scsiId its target
     * @param lun its unit
     * @param drive what is on it
     */
    record ScsiHd(String id, String bus, int scsiId, int lun, String drive) implements Device {
        @Override
        public Options options() {
            return Options.of("driver", "scsi-hd")
                    .text("id", id)
                    .text("bus", bus)
                    .number("scsi-id", scsiId)
                    .number("lun", lun)
                    .text("drive", drive)
                    .build();
        }
    }

    /**
     * A file as non-volatile memory.
     *
     * @param id its id
     * @param memdev what is in it
     * @param unarmed whether it is read-only for the guest
     */
    record Nvdimm(String id, String memdev, boolean unarmed) implements Device {
        @Override
        public Options options() {
            return Options.of("driver", "nvdimm")
                    .text("id", id)
                    .text("memdev", memdev)
                    .flag("unarmed", unarmed)
                    .build();
        }
    }

    /**
     * Memory that is plugged in.
     *
     * @param id its id
     * @param memdev what backs it
     */
    record PcDimm(String id, String memdev) implements Device {
        @Override
        public Options options() {
            return Options.of("driver", "pc-dimm").text("id", id).text("memdev", memdev).build();
        }
    }

    /**
     * A network interface.
     *
     * @param transport how it is found
     * @param id its id
     * @param netdev its other end
     * @param mac its address
     * @param queues 1, or more for several queues
     * @param place where
     */
    record VirtioNet(
            Transport transport, String id, String netdev, String mac, int queues, Place place)
            implements Device {
        @Override
        public Options options() {
            Options.Builder options =
                    place.on(transport.driver("virtio-net").text("id", id))
                            .text("netdev", netdev)
                            .text("mac", mac);
            if (transport == Transport.PCI) {
                // the boot ROM of a network card is of no use, and costs time
                options.text("romfile", "");
            }
            if (queues > 1) {
                options.flag("mq", true);
                if (transport == Transport.PCI) {
                    options.number("vectors", 2L * queues + 2);
                }
            }
            return options.build();
        }
    }

    /** Intel's IOMMU, for q35. */
    record IntelIommu() implements Device {
        @Override
        public Options options() {
            return Options.of("driver", "intel-iommu")
                    .flag("intremap", true)
                    .flag("device-iotlb", true)
                    .flag("caching-mode", true)
                    .build();
        }
    }
}

package dev.kumite.vmm;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Joins front ends and back ends to a {@link QemuCommandLine}. Confined to one thread. */
final class QemuAssembly {

    static final String MEMORY = "mem";
    static final String SERIAL_BUS = "serial0";
    static final String SCSI = "scsi0";
    static final String IO_THREAD = "iothread0";
    static final String IMAGE = "image";

    private final MachinePlan plan;
    private final Settings<HypervisorConfig> vm;
    private final Device.Transport transport;
    private final List<QemuSwitch> switches = new ArrayList<>();
    private final Map<String, GuestAddress> addresses = new LinkedHashMap<>();
    private final PciSlots slots;
    private final DiskParts diskParts;

    QemuAssembly(MachinePlan plan) {
        this.plan = plan;
        this.vm = plan.hypervisor();
        this.transport = Machines.transport(plan);
        this.slots = new PciSlots(bridges(plan));
        this.diskParts = new DiskParts(plan, slots);
    }

    /** {@return how many bridges the machine has} */
    static int bridges(MachinePlan plan) {
        return Machines.hasHotPlug(plan)
                ? Math.toIntExact(
                        Math.clamp(plan.hypervisor().get(HypervisorConfig.DEFAULT_BRIDGES), 1, 5))
                : 0;
    }

    QemuCommandLine assemble() {
        machine();
        bus();
        control();
        console();
        agent();
        entropy();
        image();
        scsi();
        disks();
        share();
        networks();
        kernel();
        if (plan.boot() instanceof Boot.FromTemplate) {
            switches.add(new QemuSwitch.Incoming("defer"));
        }
        return new QemuCommandLine(switches, addresses, slots.taken(), diskParts.scsiUnits());
    }

    private void machine() {
        for (String flag : List.of("-no-user-config", "-nodefaults", "-no-reboot", "-S")) {
            switches.add(new QemuSwitch.Flag(flag));
        }
        // -nographic would do the same, and send the firmware's screen to the serial port
        switches.add(new QemuSwitch.Display("none"));
        boolean otherUser = vm.get(HypervisorConfig.ROOTLESS) && vm.get(HypervisorConfig.UID) != 0;
        // the filter is in force before QEMU changes its user
        switches.add(new QemuSwitch.Sandbox(otherUser ? "allow" : "deny"));
        if (otherUser) {
            switches.add(
                    new QemuSwitch.RunAs(
                            vm.get(HypervisorConfig.UID), vm.get(HypervisorConfig.GID)));
        }
        switches.add(
                new QemuSwitch.Name("sandbox-" + plan.sandboxId(), vm.get(HypervisorConfig.DEBUG)));
        switches.add(new QemuSwitch.Uuid(plan.uuid()));
        boolean iommu = Machines.hasIommu(plan);
        switches.add(
                new QemuSwitch.Machine(
                        plan.machineType(),
                        MEMORY,
                        Machines.hasNvdimm(plan),
                        transport == Device.Transport.PCI,
                        transport == Device.Transport.PCI || plan.accelerator() == Accelerator.KVM,
                        withoutAccel(vm.get(HypervisorConfig.MACHINE_ACCELERATORS))));
        switches.add(new QemuSwitch.Accel(plan.accelerator(), iommu ? "split" : ""));
        switches.add(
                new QemuSwitch.Cpu(Machines.cpuModel(plan), vm.get(HypervisorConfig.CPU_FEATURES)));
        switches.add(new QemuSwitch.Smp(Machines.vcpus(plan), Machines.maxVcpus(plan)));
        QemuSwitch.Memory memory = Machines.memory(plan);
        switches.add(memory);
        switches.add(
                plan.boot()
                        .memory()
                        .<Backend.ObjectAdd>map(file ->
                                new Backend.MemoryFile(
                                        MEMORY, file, memory.sizeMib() << 20, true, false, false))
                        .orElseGet(() -> memoryBackend(MEMORY, memory.sizeMib(), plan)));
        if (iommu) {
            switches.add(new Device.IntelIommu());
        }
        if (transport == Device.Transport.MMIO) {
            switches.add(new QemuSwitch.Global("virtio-mmio", "force-legacy", "off"));
        }
        if (vm.get(HypervisorConfig.IOMMU_PLATFORM)) {
            // only what is no legacy device can know that there is an IOMMU
            switches.add(new QemuSwitch.Global("virtio-pci", "disable-legacy", "on"));
            switches.add(new QemuSwitch.Global("virtio-device", "iommu_platform", "on"));
        }
    }

    /** QEMU takes only one word about its accelerator, and that is Kumite's own key's. */
    private static String withoutAccel(String extra) {
        List<String> kept = new ArrayList<>();
        for (String option : extra.split(",", -1)) {
            if (!option.startsWith("accel=") && !option.isEmpty()) {
                kept.add(option);
            }
        }
        return String.join(",", kept);
    }

    /** {@return memory as the plan wants all of the machine's memory} */
    static Backend.ObjectAdd memoryBackend(String id, long sizeMib, MachinePlan plan) {
        Settings<HypervisorConfig> vm = plan.hypervisor();
        boolean prealloc = vm.get(HypervisorConfig.MEM_PREALLOC);
        boolean huge = vm.get(HypervisorConfig.HUGE_PAGES);
        String directory = vm.get(HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR);
        if (huge) {
            // huge pages that run out later would kill QEMU: take them at once
            return new Backend.MemoryMemfd(id, sizeMib, true, true, true);
        }
        if (!directory.isEmpty()) {
            return new Backend.MemoryFile(
                    id, Path.of(directory), sizeMib << 20, true, false, prealloc);
        }
        return plan.sharesMemory()
                ? new Backend.MemoryMemfd(id, sizeMib, prealloc, false, true)
                : new Backend.MemoryRam(id, sizeMib, prealloc);
    }

    private void bus() {
        String root = Machines.isExpress(plan) ? "pcie.0" : "pci.0";
        for (int i = 0; i < bridges(plan); i++) {
            switches.add(
                    new Device.PciBridge(
                            PciSlots.bridgeId(i), root, i + 1, PciSlots.FIRST_BRIDGE_ADDR + i));
        }
        if (Machines.isExpress(plan)) {
            long ports = Math.min(vm.get(HypervisorConfig.PCIE_ROOT_PORT), 16);
            for (int i = 0; i < ports; i++) {
                switches.add(new Device.PcieRootPort("rp" + i, root, i, i));
            }
        }
    }

    private void control() {
        switches.add(new Backend.SocketServer("qmp", plan.directory().qmpSocket()));
        switches.add(new QemuSwitch.Mon("qmp"));
    }

    private void console() {
        switches.add(new Backend.SocketServer("console", plan.directory().consoleSocket()));
        if (Machines.hasLegacySerial(plan)) {
            switches.add(new QemuSwitch.Serial("console"));
        }
    }

    private void agent() {
        boolean ports = plan.agentTransport() instanceof AgentTransport.VirtioSerial;
        boolean hvc = !Machines.hasLegacySerial(plan);
        if (ports || hvc) {
            switches.add(
                    new Device.VirtioSerial(
                            transport, SERIAL_BUS, 1 + SandboxDirectory.AGENT_PORTS));
        }
        if (hvc) {
            switches.add(new Device.VirtConsole("console0", SERIAL_BUS + ".0", "console"));
        }
        switch (plan.agentTransport()) {
            case AgentTransport.Vsock(long cid) ->
                    switches.add(new Device.VhostVsock(transport, "vsock0", cid));
            case AgentTransport.HybridVsock _ -> {
                switches.add(
                        new Backend.SocketClient(
                                "vsockdev0", plan.directory().vsockDeviceSocket()));
                switches.add(new Device.VhostUserVsock(transport, "vsock0", "vsockdev0"));
            }
            case AgentTransport.VirtioSerial() -> {
                for (int port = 0; port < SandboxDirectory.AGENT_PORTS; port++) {
                    String id = "agent" + port;
                    switches.add(new Backend.SocketServer(id, plan.directory().agentSocket(port)));
                    // number 0 of a bus is kept for consoles
                    switches.add(
                            new Device.VirtSerialPort(
                                    "port" + port,
                                    SERIAL_BUS + ".0",
                                    port + 1,
                                    AgentTransport.PORT_NAME_PREFIX + port,
                                    id));
                }
            }
        }
    }

    private void entropy() {
        String source = vm.get(HypervisorConfig.ENTROPY_SOURCE);
        switches.add(
                new Backend.RngRandom("rng0", Path.of(source.isEmpty() ? "/dev/urandom" : source)));
        switches.add(new Device.VirtioRng(transport, "rngdev0", "rng0"));
    }

    private void image() {
        String image = vm.get(HypervisorConfig.IMAGE_PATH);
        if (image.isEmpty()) {
            return;
        }
        Disk disk =
                new Disk(
                        IMAGE,
                        Path.of(image),
                        false,
                        true,
                        Machines.imageIsNvdimm(plan) ? Disk.Driver.NVDIMM : Disk.Driver.VIRTIO_BLK,
                        plan.imageSizeBytes());
        // on the root bus, which the guest looks at first: so it is the first disk
        add(diskParts.of(disk, Device.Place.ANY));
    }

    private void scsi() {
        boolean configured =
                Disk.Driver.of(vm.get(HypervisorConfig.BLOCK_DEVICE_DRIVER), plan.machineType())
                        == Disk.Driver.VIRTIO_SCSI;
        boolean used =
                plan.disks().stream().anyMatch(disk -> disk.driver() == Disk.Driver.VIRTIO_SCSI);
        // a machine without hot plug needs no controller for disks that can never come
        boolean scsi = used || (configured && Machines.hasHotPlug(plan));
        boolean ioThread = Machines.hasIoThread(plan);
        if (ioThread) {
            switches.add(new Backend.IoThread(IO_THREAD));
        }
        if (scsi) {
            switches.add(new Device.VirtioScsi(transport, SCSI, ioThread ? IO_THREAD : ""));
        }
    }

    private void disks() {
        for (Disk disk : plan.disks()) {
            DiskParts.Parts parts = diskParts.of(disk);
            add(parts);
            addresses.put(disk.id(), parts.address());
        }
    }

    private void add(DiskParts.Parts parts) {
        switches.add(parts.backend());
        switches.add(parts.device());
    }

    private void share() {
        if (plan.sharesBy9p()) {
            switches.add(new Backend.Fsdev("share0", plan.directory().shared(), false));
            switches.add(
                    new Device.Virtio9p(transport, "sharedev0", "share0", MachinePlan.SHARE_TAG));
        } else if (plan.sharesByVirtioFs() && plan.boot() instanceof Boot.Cold) {
            switches.add(ShareParts.backend(plan));
            switches.add(ShareParts.device(plan, Device.Place.ANY));
        }
    }

    /** {@return whether the interface is not on the command line, but added before the start} */
    static boolean isAddedLater(Network network, MachinePlan plan) {
        return network.descriptor().isPresent() || !(plan.boot() instanceof Boot.Cold);
    }

    private void networks() {
        for (Network network : plan.networks()) {
            if (isAddedLater(network, plan)) {
                continue;
            }
            switches.add(
                    new Backend.Tap(
                            NetworkParts.netdev(network),
                            network.ifname(),
                            NetworkParts.vhost(plan),
                            network.queues()));
            switches.add(NetworkParts.device(network, transport, Device.Place.ANY));
        }
    }

    private void kernel() {
        List<String> flashes = new ArrayList<>(vm.get(HypervisorConfig.PFLASH));
        String firmware = vm.get(HypervisorConfig.FIRMWARE_PATH);
        String volume = vm.get(HypervisorConfig.FIRMWARE_VOLUME_PATH);
        if (!volume.isEmpty() && !firmware.isEmpty()) {
            switches.add(new QemuSwitch.Pflash(0, Path.of(firmware), true));
            switches.add(new QemuSwitch.Pflash(1, Path.of(volume), false));
        } else if (!firmware.isEmpty()) {
            switches.add(new QemuSwitch.Bios(Path.of(firmware)));
        }
        if (volume.isEmpty()) {
            for (int i = 0; i < flashes.size(); i++) {
                switches.add(new QemuSwitch.Pflash(i, Path.of(flashes.get(i)), true));
            }
        }
        String kernel = vm.get(HypervisorConfig.KERNEL_PATH);
        if (!kernel.isEmpty()) {
            switches.add(new QemuSwitch.Kernel(Path.of(kernel), KernelCommandLine.text(plan)));
            String initrd = vm.get(HypervisorConfig.INITRD_PATH);
            if (!initrd.isEmpty()) {
                switches.add(new QemuSwitch.Initrd(Path.of(initrd)));
            }
        }
    }
}

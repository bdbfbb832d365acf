package dev.kumite.vmm;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Settings;

/** What a plan means for the kind of machine that it asks for. */
final class Machines {

    /**
     * Most memory that a translated machine is laid out for, in MiB: its CPU has 40 bits of
     * physical addresses, half of which are for devices. Source: QEMU, {@code TCG_PHYS_ADDR_BITS}.
     */
    private static final long MAX_TCG_MEMORY_MIB = 512L << 10;

    /** Most slots for memory. Source: QEMU, {@code ACPI_MAX_RAM_SLOTS} is 256. */
    private static final long MAX_SLOTS = 255;

    /** Source: QEMU, {@code x86} aligns plugged memory to 1 GiB at most. */
    private static final long ALIGNMENT_MIB = 1024;

    private Machines() {}

    static boolean isMicrovm(MachinePlan plan) {
        return plan.machineType().equals("microvm");
    }

    /** {@return whether the machine type has PCI Express} */
    static boolean isExpress(MachinePlan plan) {
        String type = plan.machineType();
        return type.equals("q35") || type.startsWith("pc-q35") || type.startsWith("virt");
    }

    static boolean isQ35(MachinePlan plan) {
        return plan.machineType().equals("q35") || plan.machineType().startsWith("pc-q35");
    }

    static boolean hasIommu(MachinePlan plan) {
        return plan.hypervisor().get(HypervisorConfig.IOMMU) && isQ35(plan);
    }

    /** {@return whether devices can be plugged into the machine's buses while it runs} */
    static boolean hasHotPlug(MachinePlan plan) {
        return !isMicrovm(plan);
    }

    /** {@return whether CPUs and memory can be plugged in while it runs} */
    static boolean canGrow(MachinePlan plan) {
        return hasHotPlug(plan)
                && !plan.staticSizing()
                && plan.host().architecture() == HostFacts.Architecture.X86_64;
    }

    static boolean imageIsNvdimm(MachinePlan plan) {
        return !plan.hypervisor().get(HypervisorConfig.IMAGE_PATH).isEmpty()
                && !plan.hypervisor().get(HypervisorConfig.DISABLE_IMAGE_NVDIMM)
                && !isMicrovm(plan);
    }

    static boolean hasNvdimm(MachinePlan plan) {
        return imageIsNvdimm(plan)
                || plan.disks().stream().anyMatch(disk -> disk.driver() == Disk.Driver.NVDIMM)
                || (!isMicrovm(plan)
                        && plan.hypervisor()
                                .get(HypervisorConfig.BLOCK_DEVICE_DRIVER)
                                .equals("nvdimm"));
    }

    /** {@return whether the console is the machine's own serial port} */
    static boolean hasLegacySerial(MachinePlan plan) {
        return plan.guest() == GuestKind.KUMITE
                || plan.hypervisor().get(HypervisorConfig.LEGACY_SERIAL);
    }

    /**
     * Translated, a microvm with ACPI never gets its timer going, and without ACPI nobody finds its
     * PCI bus. Source: seen with QEMU 7.2 and Linux 6.1.
     */
    static Device.Transport transport(MachinePlan plan) {
        boolean mmio =
                plan.accelerator() == Accelerator.TCG
                        || plan.hypervisor()
                                .get(HypervisorConfig.BLOCK_DEVICE_DRIVER)
                                .equals("virtio-mmio");
        return isMicrovm(plan) && mmio ? Device.Transport.MMIO : Device.Transport.PCI;
    }

    /** Without KVM, a device that is not on a PCI bus cannot be served by another thread. */
    static boolean hasIoThread(MachinePlan plan) {
        return plan.hypervisor().get(HypervisorConfig.ENABLE_IO_THREADS)
                && (transport(plan) == Device.Transport.PCI
                        || plan.accelerator() == Accelerator.KVM);
    }

    static long vcpus(MachinePlan plan) {
        return Math.max(1, plan.hypervisor().get(HypervisorConfig.NUM_VCPUS));
    }

    /**
     * {@return the processor's model}
     *
     * <p>One that says that it copies well byte by byte (ERMS) is believed by kernels and C
     * libraries. An emulated one does not: it takes as long for one byte as for eight.
     */
    static String cpuModel(MachinePlan plan) {
        if (plan.accelerator() == Accelerator.KVM) {
            return "host";
        }
        return plan.host().architecture() == HostFacts.Architecture.X86_64 ? "max,erms=off" : "max";
    }

    /** Differs from kata: under static sizing the topology is what is used, not the host's. */
    static long maxVcpus(MachinePlan plan) {
        return canGrow(plan)
                ? Math.max(vcpus(plan), plan.hypervisor().get(HypervisorConfig.DEFAULT_MAX_VCPUS))
                : vcpus(plan);
    }

    static QemuSwitch.Memory memory(MachinePlan plan) {
        Settings<HypervisorConfig> vm = plan.hypervisor();
        long size = Math.max(1, vm.get(HypervisorConfig.MEMORY_SIZE));
        long slots = canGrow(plan) ? vm.get(HypervisorConfig.MEM_SLOTS) : 0;
        long nvdimmMib = 0;
        if (imageIsNvdimm(plan)) {
            nvdimmMib += roundUp((plan.imageSizeBytes() >> 20) + 1) + ALIGNMENT_MIB;
            slots++;
        }
        for (Disk disk : plan.disks()) {
            if (disk.driver() == Disk.Driver.NVDIMM) {
                nvdimmMib += roundUp((disk.sizeBytes() >> 20) + 1) + ALIGNMENT_MIB;
                slots++;
            }
        }
        slots = Math.min(MAX_SLOTS, slots);
        if (slots == 0) {
            return new QemuSwitch.Memory(size, 0, 0);
        }
        long hostMib = canGrow(plan) ? plan.host().memoryMib() : 0;
        long most = Math.max(size + ALIGNMENT_MIB, roundUp(hostMib)) + nvdimmMib;
        most += Math.clamp(vm.get(HypervisorConfig.MEM_OFFSET).bits(), 0, MAX_TCG_MEMORY_MIB);
        if (plan.accelerator() == Accelerator.TCG) {
            most = Math.max(size + ALIGNMENT_MIB + nvdimmMib, Math.min(most, MAX_TCG_MEMORY_MIB));
        }
        return new QemuSwitch.Memory(size, slots, most);
    }

    private static long roundUp(long mib) {
        return (mib + ALIGNMENT_MIB - 1) / ALIGNMENT_MIB * ALIGNMENT_MIB;
    }
}

package dev.kumite.vmm;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.linux.Fd;
import dev.kumite.linux.LinuxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A machine that was booted once and written down when its agent was ready, so that others go on
 * from there instead of booting. Each gets a copy of its memory.
 *
 * <p>They are all alike in what was random while it booted: addresses in the agent's process, the
 * kernel's canaries of processes that ran then. Clock and random number generator have to be set
 * before anything else happens.
 *
 * @param directory where it is; nobody else may be able to write there
 */
public record MachineTemplate(Path directory) {

    private static final String STATE = "state";

    /** What QEMU says, and ends, if a state does not fit. Source: QEMU, migration.c. */
    private static final String LOAD_FAILED = "load of migration failed";

    private static final int KEY_BYTES = 16;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /**
     * {@return a name for all machines that can go on from the same template} It stands for QEMU,
     * the guest's files and everything on the command line that the guest can see.
     *
     * @throws IOException if a file is not there
     */
    public static String key(MachinePlan plan) throws IOException {
        MachinePlan common =
                new MachinePlan(
                        "template",
                        new UUID(0, 0),
                        plan.hypervisor(),
                        plan.staticSizing(),
                        plan.guest(),
                        new SandboxDirectory(Path.of("/template")),
                        plan.host(),
                        plan.accelerator(),
                        plan.agentTransport(),
                        Optional.empty(),
                        List.of(),
                        plan.disks(),
                        plan.imageSizeBytes(),
                        plan.virtiofsd(),
                        plan.kernelParams(),
                        new Boot.ForTemplate(Path.of("/memory")));
        StringBuilder text = new StringBuilder();
        for (String argument : QemuCommandLine.of(common).arguments()) {
            text.append(argument).append('\0');
        }
        text.append(identity(plan.hypervisor().get(HypervisorConfig.HYPERVISOR_PATH)));
        text.append(identity(plan.hypervisor().get(HypervisorConfig.KERNEL_PATH)));
        text.append(identity(plan.hypervisor().get(HypervisorConfig.INITRD_PATH)));
        for (Disk disk : plan.disks()) {
            text.append(identity(disk.path().toString()));
        }
        if (plan.accelerator() == Accelerator.KVM) {
            // the guest sees the host's processor, and the kernel decides how much of it
            text.append(Files.readString(BOOT_ID));
        }
        return digest(text.toString());
    }

    private static String identity(String file) throws IOException {
        if (file.isEmpty()) {
            return "\0";
        }
        BasicFileAttributes attributes =
                Files.readAttributes(Path.of(file), BasicFileAttributes.class);
        return attributes.size()
                + " "
                + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)
                + " "
                + attributes.fileKey()
                + "\0";
    }

    private static String digest(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** {@return whether machines of this plan can be written down and go on elsewhere} */
    public static boolean isPossible(MachinePlan plan) {
        return plan.guest() == GuestKind.KUMITE
                && plan.agentTransport() instanceof AgentTransport.VirtioSerial
                && Machines.hasHotPlug(plan)
                && !plan.sharesBy9p()
                && !plan.hypervisor().get(HypervisorConfig.HUGE_PAGES)
                && !plan.hypervisor().get(HypervisorConfig.MEM_PREALLOC)
                && !plan.hypervisor().get(HypervisorConfig.ROOTLESS);
    }

    /**
     * {@return an empty file for the memory of a machine of this plan} QEMU opens it by {@link
     * #path}; it is this process's until then.
     */
    public static Fd emptyMemory(MachinePlan plan) {
        Fd memory = Fd.memory("kumite-memory");
        try {
            memory.truncate(Machines.memory(plan).sizeMib() << 20);
        } catch (LinuxException e) {
            memory.close();
            throw e;
        }
        return memory;
    }

    /** {@return where another process finds the file as long as this one has it open} */
    public static Path path(Fd memory) {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + memory.number());
    }

    /**
     * Writes a machine down, which stands still from then on.
     *
     * @param machine that was booted for it
     * @param memory of the machine
     * @param directory that is empty
     */
    public static void write(VirtualMachine machine, Fd memory, Path directory) throws IOException {
        machine.pause();
        try (Fd state =
                Fd.open(directory.resolve(STATE), Fd.O_WRONLY | Fd.O_CREAT | Fd.O_EXCL, 0600)) {
            Migration.save(machine.processes(), state);
        }
        MemoryImage.write(memory.path(), directory);
    }

    /**
     * {@return a copy of the memory, for one machine}
     *
     * @throws VmmException with {@link VmmException.Category#TEMPLATE_UNUSABLE}
     */
    public Fd copyMemory(MachinePlan plan) {
        Fd memory = emptyMemory(plan);
        try {
            MemoryImage.read(directory, memory.path());
            return memory;
        } catch (IOException e) {
            memory.close();
            throw unusable(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /**
     * Sets a machine that does not run yet into the template's state.
     *
     * @throws VmmException with {@link VmmException.Category#TEMPLATE_UNUSABLE}
     */
    void load(MachineProcesses machine) {
        try (Fd state = Fd.open(directory.resolve(STATE), Fd.O_RDONLY)) {
            Migration.load(machine, state);
        } catch (LinuxException e) {
            throw unusable(String.valueOf(e.getMessage()), e);
        } catch (VmmException e) {
            String why = String.valueOf(e.getMessage());
            throw why.contains(LOAD_FAILED) ? unusable(why, e) : e;
        }
    }

    private VmmException unusable(String why, Exception cause) {
        return new VmmException(
                VmmException.Category.TEMPLATE_UNUSABLE,
                "the template in " + directory + " cannot be used: " + why,
                cause);
    }
}

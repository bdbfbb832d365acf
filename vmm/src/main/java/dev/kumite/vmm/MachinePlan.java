package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Param;
import dev.kumite.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a machine is to be: everything that its command line depends on. Made by {@link #builder}.
 *
 * @param sandboxId name of the sandbox
 * @param uuid of the machine
 * @param hypervisor the plan's settings
 * @param staticSizing whether the machine keeps the size that it boots with
 * @param guest whose guest is booted
 * @param directory of the sandbox
 * @param host what the host is like
 * @param accelerator what runs the guest's instructions
 * @param agentTransport how its agent is reached
 * @param networkNamespace that QEMU runs in; this process's own if there is none
 * @param networks interfaces that it boots with
 * @param disks that it boots with, in order
 * @param imageSizeBytes size of the guest's image; 0 without one
 * @param virtiofsd which virtiofsd is there; only used with virtio-fs
 * @param kernelParams further kernel parameters, before the configured ones
 * @param boot how it comes to life
 */
public record MachinePlan(
        String sandboxId,
        UUID uuid,
        Settings<HypervisorConfig> hypervisor,
        boolean staticSizing,
        GuestKind guest,
        SandboxDirectory directory,
        HostFacts host,
        Accelerator accelerator,
        AgentTransport agentTransport,
        Optional<Path> networkNamespace,
        List<Network> networks,
        List<Disk> disks,
        long imageSizeBytes,
        VirtiofsdCommandLine.Flavour virtiofsd,
        List<Param> kernelParams,
        Boot boot) {

    /** The tag that the agent mounts the share by. Source: Kata, {@code mountGuestTag}. */
    public static final String SHARE_TAG = "kataShared";

    public MachinePlan {
        requireNonNull(sandboxId, "sandboxId is null");
        requireNonNull(uuid, "uuid is null");
        requireNonNull(hypervisor, "hypervisor is null");
        requireNonNull(guest, "guest is null");
        requireNonNull(directory, "directory is null");
        requireNonNull(host, "host is null");
        requireNonNull(accelerator, "accelerator is null");
        requireNonNull(agentTransport, "agentTransport is null");
        requireNonNull(networkNamespace, "networkNamespace is null");
        requireNonNull(virtiofsd, "virtiofsd is null");
        requireNonNull(boot, "boot is null");
        networks = List.copyOf(networks);
        disks = List.copyOf(disks);
        kernelParams = List.copyOf(kernelParams);
    }

    /** {@return whether devices can be added to the machine once its process runs} */
    public boolean takesDevicesLater() {
        return Machines.hasHotPlug(this);
    }

    /** {@return whether files are shared by virtio-fs} */
    public boolean sharesByVirtioFs() {
        return hypervisor.get(HypervisorConfig.SHARED_FS).startsWith("virtio-fs");
    }

    /** {@return whether another process than QEMU needs the guest's memory} */
    boolean sharesMemory() {
        return sharesByVirtioFs() || agentTransport instanceof AgentTransport.HybridVsock;
    }

    /** {@return whether files are shared by 9p} */
    public boolean sharesBy9p() {
        return hypervisor.get(HypervisorConfig.SHARED_FS).equals("virtio-9p");
    }

    /** {@return the machine type without its version, such as {@code q35}} */
    public String machineType() {
        String type = hypervisor.get(HypervisorConfig.HYPERVISOR_MACHINE_TYPE);
        return type.isEmpty() ? "q35" : type;
    }

    /**
     * {@return a builder}
     *
     * @param sandboxId name of the sandbox
     * @param hypervisor the plan's settings
     * @param directory of the sandbox
     * @param host what the host is like
     */
    public static Builder builder(
            String sandboxId,
            Settings<HypervisorConfig> hypervisor,
            SandboxDirectory directory,
            HostFacts host) {
        return new Builder(sandboxId, hypervisor, directory, host);
    }

    /** A plan on its way. Confined to one thread. */
    public static final class Builder {

        private final String sandboxId;
        private final Settings<HypervisorConfig> hypervisor;
        private final SandboxDirectory directory;
        private final HostFacts host;
        private UUID uuid = UUID.randomUUID();
        private boolean staticSizing;
        private GuestKind guest = GuestKind.KUMITE;
        private Accelerator accelerator = Accelerator.TCG;
        private AgentTransport agentTransport = new AgentTransport.VirtioSerial();
        private Optional<Path> networkNamespace = Optional.empty();
        private List<Network> networks = List.of();
        private List<Disk> disks = List.of();
        private long imageSizeBytes;
        private VirtiofsdCommandLine.Flavour virtiofsd = VirtiofsdCommandLine.Flavour.C;
        private List<Param> kernelParams = List.of();
        private Boot boot = new Boot.Cold();

        private Builder(
                String sandboxId,
                Settings<HypervisorConfig> hypervisor,
                SandboxDirectory directory,
                HostFacts host) {
            this.sandboxId = sandboxId;
            this.hypervisor = hypervisor;
            this.directory = directory;
            this.host = host;
        }

        /** Sets the machine's identity; a random one by default. */
        public Builder uuid(UUID value) {
            uuid = value;
            return this;
        }

        /** Sets whether the machine keeps the size that it boots with; it can grow by default. */
        public Builder staticSizing(boolean value) {
            staticSizing = value;
            return this;
        }

        /** Sets whose guest is booted; Kumite's by default. */
        public Builder guest(GuestKind value) {
            guest = value;
            return this;
        }

        /** Sets what runs the guest's instructions; TCG by default. */
        public Builder accelerator(Accelerator value) {
            accelerator = value;
            return this;
        }

        /** Sets how the agent is reached; by serial ports by default. */
        public Builder agentTransport(AgentTransport value) {
            agentTransport = value;
            return this;
        }

        /** Sets the network namespace that QEMU runs in; this process's by default. */
        public Builder networkNamespace(Path value) {
            networkNamespace = Optional.of(value);
            return this;
        }

        /** Sets the interfaces; none by default. */
        public Builder networks(List<Network> value) {
            networks = value;
            return this;
        }

        /** Sets the disks; none by default. */
        public Builder disks(List<Disk> value) {
            disks = value;
            return this;
        }

        /** Sets the size of the guest's image, which NVDIMM needs. */
        public Builder imageSizeBytes(long value) {
            imageSizeBytes = value;
            return this;
        }

        /** Sets which virtiofsd is there; the one in C by default. */
        public Builder virtiofsd(VirtiofsdCommandLine.Flavour value) {
            virtiofsd = value;
            return this;
        }

        /** Sets further kernel parameters; none by default. */
        public Builder kernelParams(List<Param> value) {
            kernelParams = value;
            return this;
        }

        /** Sets how it comes to life; from its kernel by default. */
        public Builder boot(Boot value) {
            boot = value;
            return this;
        }

        /** {@return the plan} */
        public MachinePlan build() {
            return new MachinePlan(
                    sandboxId,
                    uuid,
                    hypervisor,
                    staticSizing,
                    guest,
                    directory,
                    host,
                    accelerator,
                    agentTransport,
                    networkNamespace,
                    networks,
                    disks,
                    imageSizeBytes,
                    virtiofsd,
                    kernelParams,
                    boot);
        }
    }
}

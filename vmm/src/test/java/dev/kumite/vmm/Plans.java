package dev.kumite.vmm;

import dev.kumite.config.Field;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.Settings;
import java.nio.file.Path;

/** Plans for tests: a small q35 machine with 9p and nothing else, unless said otherwise. */
final class Plans {

    static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");
    static final Path VIRTIOFSD = Path.of("/usr/lib/qemu/virtiofsd");

    /** A host as most of those that run the tests: no KVM, no vhost. */
    static final HostFacts HOST =
            new HostFacts(
                    HostFacts.Architecture.X86_64,
                    2,
                    8192,
                    false,
                    "there is no /dev/kvm",
                    false,
                    false,
                    false,
                    true,
                    0,
                    2048,
                    true);

    static final HostFacts ARM =
            new HostFacts(
                    HostFacts.Architecture.AARCH64,
                    2,
                    8192,
                    true,
                    "",
                    false,
                    true,
                    true,
                    true,
                    0,
                    2048,
                    true);

    private Plans() {}

    static Vm vm() {
        return new Vm();
    }

    /** Settings of a machine on their way. */
    static final class Vm {
        private final Settings.Builder<HypervisorConfig> settings =
                Settings.builder(HypervisorConfig.SCHEMA);

        private Vm() {
            set(HypervisorConfig.HYPERVISOR_PATH, QEMU.toString());
            set(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, "q35");
            set(HypervisorConfig.NUM_VCPUS, 1L);
            set(HypervisorConfig.DEFAULT_MAX_VCPUS, 2L);
            set(HypervisorConfig.MEMORY_SIZE, 256L);
            set(HypervisorConfig.MEM_SLOTS, 10L);
            set(HypervisorConfig.DEFAULT_BRIDGES, 1L);
            set(HypervisorConfig.BLOCK_DEVICE_DRIVER, "virtio-scsi");
            set(HypervisorConfig.SHARED_FS, "virtio-9p");
            set(HypervisorConfig.MSIZE_9P, 8192L);
            set(HypervisorConfig.ENTROPY_SOURCE, "/dev/urandom");
            set(HypervisorConfig.VIRTIO_FS_DAEMON, VIRTIOFSD.toString());
            set(HypervisorConfig.VIRTIO_FS_CACHE, "auto");
        }

        <T> Vm set(Field<HypervisorConfig, T> field, T value) {
            return set(field, value, Origin.DEFAULT);
        }

        <T> Vm set(Field<HypervisorConfig, T> field, T value, Origin origin) {
            settings.set(field, value, origin);
            return this;
        }

        Settings<HypervisorConfig> settings() {
            return settings.build();
        }

        MachinePlan.Builder in(Path directory) {
            return MachinePlan.builder(
                    "test", settings.build(), new SandboxDirectory(directory), HOST);
        }

        MachinePlan plan() {
            return in(Path.of("/run/kumite/test")).build();
        }
    }
}

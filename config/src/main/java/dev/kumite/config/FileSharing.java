package dev.kumite.config;

import java.util.ArrayList;
import java.util.List;

/** How the machine shares files, beside what each container wants shared. */
final class FileSharing {

    private FileSharing() {}

    /**
     * {@return whether nothing is shared}
     *
     * @param sharedFs value of {@link HypervisorConfig#SHARED_FS}
     */
    static boolean isNone(String sharedFs) {
        return sharedFs.isEmpty() || sharedFs.equals(HypervisorConfig.NO_SHARED_FS);
    }

    /** {@return the container's section on files, with the machine's part after it} */
    static Explanation.Section complete(Explanation.Section files, SandboxConfig sandbox) {
        Settings<HypervisorConfig> vm = sandbox.hypervisorConfig();
        SectionBuilder machine = new SectionBuilder(files.title());
        if (!vm.isZero(HypervisorConfig.SHARED_FS)) {
            machine.field(vm, HypervisorConfig.SHARED_FS, vm.get(HypervisorConfig.SHARED_FS), "");
        }
        if (vm.get(HypervisorConfig.SHARED_FS).equals("virtio-9p")) {
            long msize = vm.get(HypervisorConfig.MSIZE_9P);
            machine.field(vm, HypervisorConfig.MSIZE_9P, Wording.bytes(msize), "");
        } else if (!vm.get(HypervisorConfig.SHARED_FS).equals(HypervisorConfig.NO_SHARED_FS)) {
            machine.unlessZero(vm, HypervisorConfig.VIRTIO_FS_DAEMON, "");
            machine.unlessZero(
                    vm,
                    HypervisorConfig.VIRTIO_FS_CACHE,
                    cache(vm.get(HypervisorConfig.VIRTIO_FS_CACHE)));
            machine.unlessZero(
                    vm,
                    HypervisorConfig.VIRTIO_FS_CACHE_SIZE,
                    "MiB of the host's page cache in the guest");
            machine.unlessZero(vm, HypervisorConfig.VIRTIO_FS_EXTRA_ARGS, "");
        }
        Settings<SandboxFields> settings = sandbox.settings();
        if (!settings.isZero(SandboxFields.SHM_SIZE)) {
            String size = Wording.bytes(settings.get(SandboxFields.SHM_SIZE).bits());
            machine.field(settings, SandboxFields.SHM_SIZE, size, "");
        }
        machine.unlessZero(settings, SandboxFields.SANDBOX_BIND_MOUNTS, "");
        List<Explanation.Entry> entries = new ArrayList<>(files.entries());
        entries.addAll(machine.build().entries());
        return new Explanation.Section(files.title(), files.lead(), entries);
    }

    /** Source: virtiofsd(1), option cache. */
    private static String cache(String mode) {
        return switch (mode) {
            case "none", "never" ->
                    "the guest caches nothing; programs cannot map files as shared (mmap)";
            case "auto" -> "the guest sees changes by others after a second";
            case "always" -> "the guest may not see changes by others";
            default -> "";
        };
    }
}

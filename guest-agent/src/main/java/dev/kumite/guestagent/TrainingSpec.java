package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Linux;
import dev.kumite.agentprotocol.messages.LinuxCPU;
import dev.kumite.agentprotocol.messages.LinuxCapabilities;
import dev.kumite.agentprotocol.messages.LinuxDeviceCgroup;
import dev.kumite.agentprotocol.messages.LinuxMemory;
import dev.kumite.agentprotocol.messages.LinuxNamespace;
import dev.kumite.agentprotocol.messages.LinuxPids;
import dev.kumite.agentprotocol.messages.LinuxResources;
import dev.kumite.agentprotocol.messages.LinuxSeccomp;
import dev.kumite.agentprotocol.messages.LinuxSyscall;
import dev.kumite.agentprotocol.messages.Mount;
import dev.kumite.agentprotocol.messages.POSIXRlimit;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.Root;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.Storage;
import dev.kumite.agentprotocol.messages.User;
import java.nio.file.Path;
import java.util.List;

/** A container with a little of everything that containers usually have. */
final class TrainingSpec {

    private TrainingSpec() {}

    static List<Storage> storages(Path directory) {
        return List.of(
                Storage.newBuilder()
                        .setDriver("9p")
                        .setSource("kataShared")
                        .setFstype("9p")
                        .addOptions("trans=virtio")
                        .addOptions("msize=512000")
                        .setMountPoint(directory.resolve("shared").toString())
                        .build(),
                Storage.newBuilder()
                        .setDriver("ephemeral")
                        .setSource("shm")
                        .setFstype("tmpfs")
                        .addOptions("size=67108864")
                        .setMountPoint(directory.resolve("shm").toString())
                        .build());
    }

    static Process process() {
        return Process.newBuilder()
                .setUser(User.newBuilder().setUID(1).setGID(1).addAdditionalGids(2))
                .addArgs("true")
                .addEnv("PATH=/bin")
                .setCwd("/")
                .setCapabilities(
                        LinuxCapabilities.newBuilder()
                                .addBounding("CAP_KILL")
                                .addEffective("CAP_KILL")
                                .addPermitted("CAP_KILL"))
                .addRlimits(POSIXRlimit.newBuilder().setType("RLIMIT_NOFILE").setHard(9).setSoft(9))
                .setNoNewPrivileges(true)
                .build();
    }

    static Spec spec(Path directory) {
        Linux.Builder linux =
                Linux.newBuilder()
                        .setResources(resources())
                        .setCgroupsPath("/training")
                        .setSeccomp(
                                LinuxSeccomp.newBuilder()
                                        .setDefaultAction("SCMP_ACT_ERRNO")
                                        .addArchitectures("SCMP_ARCH_X86_64")
                                        .addSyscalls(
                                                LinuxSyscall.newBuilder()
                                                        .addNames("read")
                                                        .setAction("SCMP_ACT_ALLOW")))
                        .addMaskedPaths("/proc/kcore")
                        .addReadonlyPaths("/proc/sys");
        for (String type : List.of("pid", "mount", "ipc", "uts", "network", "cgroup")) {
            linux.addNamespaces(LinuxNamespace.newBuilder().setType(type));
        }
        return Spec.newBuilder()
                .setVersion("1.0.2")
                .setProcess(process())
                .setRoot(Root.newBuilder().setPath(directory.toString()).setReadonly(true))
                .setHostname("training")
                .addMounts(
                        Mount.newBuilder()
                                .setDestination("/proc")
                                .setType("proc")
                                .setSource("proc")
                                .addOptions("nosuid"))
                .putAnnotations("dev.kumite.training", "yes")
                .setLinux(linux)
                .build();
    }

    private static LinuxResources resources() {
        return LinuxResources.newBuilder()
                .addDevices(LinuxDeviceCgroup.newBuilder().setAccess("rwm"))
                .setMemory(LinuxMemory.newBuilder().setLimit(1 << 20))
                .setCPU(LinuxCPU.newBuilder().setShares(2).setQuota(1000).setPeriod(1000))
                .setPids(LinuxPids.newBuilder().setLimit(9))
                .build();
    }
}

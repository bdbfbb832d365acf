package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.agentprotocol.messages.Box;
import dev.kumite.agentprotocol.messages.Hook;
import dev.kumite.agentprotocol.messages.Hooks;
import dev.kumite.agentprotocol.messages.Linux;
import dev.kumite.agentprotocol.messages.LinuxBlockIO;
import dev.kumite.agentprotocol.messages.LinuxDevice;
import dev.kumite.agentprotocol.messages.LinuxDeviceCgroup;
import dev.kumite.agentprotocol.messages.LinuxHugepageLimit;
import dev.kumite.agentprotocol.messages.LinuxIDMapping;
import dev.kumite.agentprotocol.messages.LinuxResources;
import dev.kumite.agentprotocol.messages.LinuxSeccomp;
import dev.kumite.agentprotocol.messages.LinuxSeccompArg;
import dev.kumite.agentprotocol.messages.LinuxSyscall;
import dev.kumite.agentprotocol.messages.LinuxThrottleDevice;
import dev.kumite.agentprotocol.messages.LinuxWeightDevice;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.Root;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.User;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Seccomp;
import dev.kumite.oci.SpecReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reads what is written with the module that knows the specification. */
final class SpecJsonTest {

    private static dev.kumite.oci.Spec read(Spec spec) {
        Outcome<dev.kumite.oci.Spec> outcome =
                SpecReader.readPlain(SpecJson.config(spec), "config.json");
        assertThat(outcome.problems()).isEmpty();
        return outcome.value().orElseThrow();
    }

    private static dev.kumite.oci.Resources resources(LinuxResources resources) {
        return read(Spec.newBuilder().setLinux(Linux.newBuilder().setResources(resources)).build())
                .linux()
                .orElseThrow()
                .resources()
                .orElseThrow();
    }

    @Test
    void keepsTheWholeOfAnOrdinaryContainer() {
        dev.kumite.oci.Spec spec = read(TrainingSpec.spec(Path.of("/root")));

        dev.kumite.oci.Process process = spec.process().orElseThrow();
        assertThat(process.args()).containsExactly("true");
        assertThat(process.env()).containsExactly("PATH=/bin");
        assertThat(process.user().uid()).isEqualTo(1);
        assertThat(process.user().additionalGids()).containsExactly(2L);
        assertThat(process.noNewPrivileges()).isTrue();
        assertThat(process.capabilities().orElseThrow().bounding()).containsExactly("CAP_KILL");
        assertThat(process.rlimits().getFirst().type()).isEqualTo("RLIMIT_NOFILE");
        assertThat(spec.root().orElseThrow()).isEqualTo(new dev.kumite.oci.Root("/root", true));
        assertThat(spec.hostname()).isEqualTo("training");
        assertThat(spec.mounts().getFirst())
                .isEqualTo(dev.kumite.oci.Mount.of("/proc", "proc", "proc", List.of("nosuid")));
        assertThat(spec.annotations()).containsEntry("dev.kumite.training", "yes");
        dev.kumite.oci.Linux linux = spec.linux().orElseThrow();
        assertThat(linux.maskedPaths()).containsExactly("/proc/kcore");
        assertThat(linux.readonlyPaths()).containsExactly("/proc/sys");
        assertThat(linux.namespaces()).hasSize(6);
        assertThat(linux.resources().orElseThrow().pids().orElseThrow().limit()).isEqualTo(9);
    }

    @Test
    void writesTheScoreOfTheKillerAlsoWhenItIsZero() {
        Spec spec = Spec.newBuilder().setProcess(Process.newBuilder().addArgs("x")).build();

        assertThat(read(spec).process().orElseThrow().oomScoreAdj()).contains(0L);
    }

    @Test
    void escapesWhatJsonDoesNotAllow() {
        String odd = "A=\"b\\c\n\t\u0001é漢😀";
        Spec spec = Spec.newBuilder().setProcess(Process.newBuilder().addEnv(odd)).build();

        assertThat(read(spec).process().orElseThrow().env()).containsExactly(odd);
    }

    @Test
    void keepsTheLargestNumbers() {
        Process process =
                Process.newBuilder()
                        .setTerminal(true)
                        .setConsoleSize(Box.newBuilder().setHeight(25).setWidth(80))
                        .setUser(User.newBuilder().setUID(-1).setGID(-2).setUsername("u"))
                        .addRlimits(
                                dev.kumite.agentprotocol.messages.POSIXRlimit.newBuilder()
                                        .setType("RLIMIT_CORE")
                                        .setHard(-1)
                                        .setSoft(-1))
                        .build();

        dev.kumite.oci.Process read =
                read(Spec.newBuilder().setProcess(process).build()).process().orElseThrow();

        assertThat(read.user().uid()).isEqualTo(4294967295L);
        assertThat(read.rlimits().getFirst().hard()).hasToString("18446744073709551615");
        assertThat(read.consoleSize().orElseThrow().width()).hasToString("80");
    }

    @Test
    void writesSeccompWithArguments() {
        LinuxSeccomp seccomp =
                LinuxSeccomp.newBuilder()
                        .setDefaultAction("SCMP_ACT_ERRNO")
                        .addFlags("SECCOMP_FILTER_FLAG_LOG")
                        .addSyscalls(
                                LinuxSyscall.newBuilder()
                                        .addNames("clone")
                                        .setAction("SCMP_ACT_ERRNO")
                                        .setErrnoret(38)
                                        .addArgs(
                                                LinuxSeccompArg.newBuilder()
                                                        .setIndex(1)
                                                        .setValue(2)
                                                        .setValueTwo(3)
                                                        .setOp("SCMP_CMP_MASKED_EQ")))
                        .build();

        Seccomp read =
                read(Spec.newBuilder().setLinux(Linux.newBuilder().setSeccomp(seccomp)).build())
                        .linux()
                        .orElseThrow()
                        .seccomp()
                        .orElseThrow();

        assertThat(read.syscalls().getFirst().errnoRet().orElseThrow()).hasToString("38");
        assertThat(read.syscalls().getFirst().args().getFirst().op())
                .isEqualTo("SCMP_CMP_MASKED_EQ");
    }

    @Test
    void leavesNumbersOutOfRulesForAllDevices() {
        dev.kumite.oci.Resources read =
                resources(
                        LinuxResources.newBuilder()
                                .addDevices(LinuxDeviceCgroup.newBuilder().setAccess("rwm"))
                                .addDevices(
                                        LinuxDeviceCgroup.newBuilder()
                                                .setAllow(true)
                                                .setType("c")
                                                .setMajor(5)
                                                .setMinor(-1)
                                                .setAccess("m"))
                                .addDevices(
                                        LinuxDeviceCgroup.newBuilder()
                                                .setAllow(true)
                                                .setType("b")
                                                .setMajor(8))
                                .build());

        assertThat(read.devices().get(0).major()).isEmpty();
        assertThat(read.devices().get(1).major()).contains(5L);
        assertThat(read.devices().get(1).minor()).isEmpty();
        assertThat(read.devices().get(2).minor()).contains(0L);
    }

    @Test
    void writesLimitsOfDisksAndHugePages() {
        LinuxThrottleDevice throttle =
                LinuxThrottleDevice.newBuilder().setMajor(8).setMinor(1).setRate(1000).build();

        dev.kumite.oci.Resources read =
                resources(
                        LinuxResources.newBuilder()
                                .setBlockIO(
                                        LinuxBlockIO.newBuilder()
                                                .setWeight(100)
                                                .addWeightDevice(
                                                        LinuxWeightDevice.newBuilder()
                                                                .setMajor(8)
                                                                .setWeight(10))
                                                .addThrottleReadBpsDevice(throttle)
                                                .addThrottleWriteBpsDevice(throttle)
                                                .addThrottleReadIOPSDevice(throttle)
                                                .addThrottleWriteIOPSDevice(throttle))
                                .addHugepageLimits(
                                        LinuxHugepageLimit.newBuilder()
                                                .setPagesize("2MB")
                                                .setLimit(4096))
                                .build());

        assertThat(read.blockIO().orElseThrow().weight()).contains(100L);
        assertThat(read.blockIO().orElseThrow().throttleWriteIOPSDevice()).hasSize(1);
        assertThat(read.hugepageLimits().getFirst().pageSize()).isEqualTo("2MB");
    }

    @Test
    void writesDevicesHooksAndMappings() {
        Hook hook = Hook.newBuilder().setPath("/h").addArgs("h").setTimeout(3).build();
        Spec spec =
                Spec.newBuilder()
                        .setHooks(Hooks.newBuilder().addPrestart(hook).addPoststop(hook))
                        .setRoot(Root.newBuilder().setPath("/r"))
                        .setLinux(
                                Linux.newBuilder()
                                        .putSysctl("kernel.msgmax", "65536")
                                        .setRootfsPropagation("slave")
                                        .addUIDMappings(
                                                LinuxIDMapping.newBuilder()
                                                        .setHostID(1000)
                                                        .setSize(10))
                                        .addDevices(
                                                LinuxDevice.newBuilder()
                                                        .setPath("/dev/x")
                                                        .setType("b")
                                                        .setMajor(254)
                                                        .setMinor(1)))
                        .build();

        dev.kumite.oci.Spec read = read(spec);

        assertThat(read.hooks().orElseThrow().prestart().getFirst().timeout()).contains(3L);
        assertThat(read.hooks().orElseThrow().poststop()).hasSize(1);
        dev.kumite.oci.Linux linux = read.linux().orElseThrow();
        assertThat(linux.uidMappings().getFirst().hostID()).isEqualTo(1000);
        assertThat(linux.devices().getFirst().major()).isEqualTo(254);
        assertThat(linux.devices().getFirst().fileMode()).isEqualTo(Optional.empty());
        assertThat(linux.sysctl()).containsEntry("kernel.msgmax", "65536");
        assertThat(linux.rootfsPropagation()).isEqualTo("slave");
    }
}

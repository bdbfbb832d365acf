package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.linux.NetworkNamespace;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import dev.kumite.linux.Tap;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command lines and operations, held against the QEMU of this host. No guest runs. */
class RealQemuTest {

    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(1));

    private static final String MAC = "02:00:00:00:00:01";

    @TempDir Path directory;

    @BeforeEach
    void needsQemu() throws IOException {
        assumeTrue(Files.isExecutable(Plans.QEMU), "qemu-system-x86_64 is not installed");
        Files.createDirectory(directory.resolve("shared"));
    }

    private VirtualMachine start(MachinePlan plan) {
        return VirtualMachine.start(plan, MachineListener.NONE, LIMITS);
    }

    private Path file(String name, long bytes) throws IOException {
        Path path = directory.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return path;
    }

    private void assertNothingLeft() {
        assertThat(new SandboxDirectory(directory).sockets()).noneMatch(Files::exists);
        assertThat(Leftovers.find(new SandboxDirectory(directory))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "q35,virtio-scsi,virtio-fs",
        "q35,virtio-blk,virtio-9p",
        "q35,nvdimm,none",
        "pc,virtio-scsi,virtio-9p",
        "pc,virtio-blk,virtio-fs",
        "pc,nvdimm,none",
        "microvm,virtio-blk,virtio-fs",
        "microvm,virtio-mmio,virtio-fs",
        "microvm,virtio-mmio,virtio-9p",
        "microvm,virtio-scsi,virtio-9p"
    })
    void qemuTakesEveryKindOfMachine(String type, String driver, String share) throws IOException {
        assumeTrue(
                !share.equals("virtio-fs") || Files.isExecutable(Plans.VIRTIOFSD),
                "no virtiofsd here");
        MachinePlan plan =
                Plans.vm()
                        .set(HypervisorConfig.HYPERVISOR_MACHINE_TYPE, type)
                        .set(HypervisorConfig.BLOCK_DEVICE_DRIVER, driver)
                        .set(HypervisorConfig.SHARED_FS, share)
                        .set(HypervisorConfig.ENABLE_IO_THREADS, true)
                        .set(HypervisorConfig.PCIE_ROOT_PORT, 2L)
                        .set(HypervisorConfig.CPU_FEATURES, "pmu=off")
                        .set(HypervisorConfig.MACHINE_ACCELERATORS, "mem-merge=on")
                        .in(directory)
                        .disks(
                                List.of(
                                        new Disk(
                                                "d0",
                                                file("disk,with=odd name", 4 << 20),
                                                false,
                                                true,
                                                Disk.Driver.of(driver, type),
                                                4 << 20)))
                        .build();

        try (VirtualMachine machine = start(plan)) {
            assertThat(machine.status()).isEqualTo("prelaunch");
            assertThat(machine.qemuVersion()).matches("\\d+\\.\\d+\\.\\d+");
            MachineExit exit = machine.quit(Duration.ofSeconds(20));
            assertThat(exit.cause()).isEqualTo(MachineExit.Cause.REQUESTED);
            assertThat(exit.status()).isZero();
        }

        assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void qemuTakesAnImageInBothWays(boolean nvdimm) throws IOException {
        MachinePlan plan =
                Plans.vm()
                        .set(HypervisorConfig.IMAGE_PATH, file("image", 128 << 20).toString())
                        .set(HypervisorConfig.DISABLE_IMAGE_NVDIMM, !nvdimm)
                        .set(HypervisorConfig.IOMMU, true)
                        .set(HypervisorConfig.IOMMU_PLATFORM, true)
                        .set(HypervisorConfig.LEGACY_SERIAL, false)
                        .in(directory)
                        .guest(GuestKind.KATA)
                        .staticSizing(nvdimm)
                        .imageSizeBytes(128 << 20)
                        .build();

        try (VirtualMachine machine = start(plan)) {
            assertThat(machine.status()).isEqualTo("prelaunch");
        }

        assertNothingLeft();
    }

    @Test
    void qemuTakesOtherBackingsOfMemory() throws IOException {
        MachinePlan plan =
                Plans.vm()
                        .set(HypervisorConfig.FILE_BACKED_MEM_ROOT_DIR, directory.toString())
                        .set(HypervisorConfig.MEM_PREALLOC, true)
                        .set(HypervisorConfig.MEMORY_SIZE, 64L)
                        .in(directory)
                        .build();

        try (VirtualMachine machine = start(plan)) {
            assertThat(machine.memoryMib()).isEqualTo(64);
        }
    }

    @Test
    void whatCannotStartIsNoticedAtOnceWithQemusWords() {
        MachinePlan plan =
                Plans.vm()
                        .set(HypervisorConfig.MACHINE_ACCELERATORS, "nonsense=on")
                        .in(directory)
                        .build();
        long from = System.nanoTime();

        assertThatThrownBy(() -> start(plan))
                .isInstanceOf(VmmException.class)
                .hasMessageContaining("QEMU ended while it started")
                .hasMessageContaining("nonsense");

        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(LIMITS.start());
        assertNothingLeft();
    }

    @Test
    void aMissingBinaryIsNamed() {
        MachinePlan plan =
                Plans.vm()
                        .set(HypervisorConfig.HYPERVISOR_PATH, "/nowhere/qemu")
                        .in(directory)
                        .build();

        assertThatThrownBy(() -> start(plan))
                .isInstanceOf(VmmException.class)
                .hasMessageContaining("/nowhere/qemu");
        assertNothingLeft();
    }

    @Test
    void devicesCpusAndMemoryArePluggedIn() throws IOException {
        MachinePlan plan =
                Plans.vm().set(HypervisorConfig.DEFAULT_MAX_VCPUS, 4L).in(directory).build();
        Path disk = file("disk", 1 << 20);

        try (VirtualMachine machine = start(plan)) {
            GuestAddress scsi =
                    machine.plugDisk(new Disk("s0", disk, false, true, Disk.Driver.VIRTIO_SCSI, 0));
            GuestAddress blk =
                    machine.plugDisk(new Disk("b0", disk, false, true, Disk.Driver.VIRTIO_BLK, 0));
            GuestAddress next =
                    machine.plugDisk(new Disk("b1", disk, false, true, Disk.Driver.VIRTIO_BLK, 0));

            assertThat(scsi).isEqualTo(new GuestAddress.Scsi("0:0"));
            assertThat(blk).isEqualTo(new GuestAddress.Pci("02/01"));
            assertThat(next).isEqualTo(new GuestAddress.Pci("02/02"));
            assertThat(machine.growVcpus(3)).isEqualTo(3);
            assertThat(machine.growVcpus(9)).isEqualTo(4);
            assertThat(machine.growMemory(300)).isEqualTo(384);
            assertThat(machine.growMemory(100)).isEqualTo(384);
            assertThat(machine.memoryMib()).isEqualTo(384);
            assertThat(machine.state().plugged()).containsOnlyKeys("s0", "b0", "b1");
        }
    }

    @Test
    void interfacesAreJoinedByNameAndByDescriptor() throws IOException {
        assumeTrue(HostFacts.probe().root() && HostFacts.probe().tun(), "no tap devices here");
        Path namespace = directory.resolve("netns");
        NetworkNamespace.create(namespace);
        try (Tap tap = Tap.open("kmttest0", 1)) {
            MachinePlan plan =
                    Plans.vm()
                            .in(directory)
                            .networkNamespace(namespace)
                            .networks(
                                    List.of(
                                            Network.byName("n0", "kmttest1", MAC),
                                            Network.byDescriptor(
                                                    "n1", tap.queues().getFirst(), MAC)))
                            .build();
            try (VirtualMachine machine = start(plan)) {
                assertThat(machine.state().plugged()).containsOnlyKeys("n1");
                assertThat(machine.plugNetwork(Network.byName("n2", "kmttest2", MAC)))
                        .isEqualTo(new GuestAddress.Pci("02/02"));
                assertThatThrownBy(() -> machine.plugNetwork(Network.byName("n2", "kmttest3", MAC)))
                        .hasMessageContaining("plugged in already");
            }
        } finally {
            NetworkNamespace.delete(namespace);
        }
        assertNothingLeft();
    }

    @Test
    void aFailedPlugLeavesNothingBehind() throws IOException {
        Path disk = file("disk", 1 << 20);
        List<MachineState> told = new ArrayList<>();
        MachineListener listener =
                new MachineListener() {
                    @Override
                    public void plugging(MachineState state) {
                        told.add(state);
                    }
                };

        try (VirtualMachine machine =
                VirtualMachine.start(Plans.vm().in(directory).build(), listener, LIMITS)) {
            Disk missing =
                    new Disk(
                            "d0",
                            directory.resolve("missing"),
                            false,
                            true,
                            Disk.Driver.VIRTIO_BLK,
                            0);
            assertThatThrownBy(() -> machine.plugDisk(missing))
                    .isInstanceOf(VmmException.class)
                    .hasMessageContaining("GenericError")
                    .hasMessageContaining("missing");
            assertThat(told).singleElement().matches(state -> state.plugged().containsKey("d0"));
            assertThat(machine.state().plugged()).isEmpty();

            GuestAddress address =
                    machine.plugDisk(new Disk("d0", disk, false, true, Disk.Driver.VIRTIO_BLK, 0));
            assertThat(address).isEqualTo(new GuestAddress.Pci("02/01"));
            assertThatThrownBy(() ->
                            machine.plugNetwork(
                                    Network.byName("n0", "no-such-tap/x", "02:00:00:00:00:01")))
                    .isInstanceOf(VmmException.class);
        }
    }

    @Test
    void aGuestThatDoesNotLetGoCostsALimitedWait() throws IOException {
        Path disk = file("disk", 1 << 20);

        try (VirtualMachine machine = start(Plans.vm().in(directory).build())) {
            machine.plugDisk(new Disk("d0", disk, false, true, Disk.Driver.VIRTIO_BLK, 0));
            assertThatThrownBy(() -> machine.unplugDisk("d0"))
                    .isInstanceOfSatisfying(
                            VmmException.class,
                            e -> assertThat(e.category()).isEqualTo(VmmException.Category.TIMEOUT));
            assertThatThrownBy(() -> machine.unplugDisk("other"))
                    .hasMessageContaining("was not plugged in");
        }
    }

    @Test
    void aKilledQemuIsNoticedAndNamed() throws Exception {
        try (VirtualMachine machine = start(Plans.vm().in(directory).build())) {
            ProcessIdentity qemu = machine.state().qemu().orElseThrow();

            assertThat(qemu.signal(Signals.KILL)).isTrue();

            MachineExit exit = machine.onExit().get(20, TimeUnit.SECONDS);
            assertThat(exit.cause()).isEqualTo(MachineExit.Cause.KILLED);
            assertThat(exit.status()).isEqualTo(137);
            assertThat(exit.describe()).contains("signal 9");
            assertThatThrownBy(machine::status).isInstanceOf(VmmException.class);
        }
        assertNothingLeft();
    }

    @Test
    void aLostShareEndsTheMachine() throws Exception {
        assumeTrue(Files.isExecutable(Plans.VIRTIOFSD), "no virtiofsd here");
        MachinePlan plan =
                Plans.vm().set(HypervisorConfig.SHARED_FS, "virtio-fs").in(directory).build();

        try (VirtualMachine machine = start(plan)) {
            ProcessIdentity daemon = machine.state().virtiofsd().orElseThrow();
            assertThat(daemon.signal(Signals.KILL)).isTrue();

            MachineExit exit = machine.onExit().get(20, TimeUnit.SECONDS);
            assertThat(exit.cause()).isEqualTo(MachineExit.Cause.SHARE_LOST);
        }
        assertNothingLeft();
    }

    @Test
    void aLostVsockDeviceEndsTheMachine() throws Exception {
        try (VirtualMachine machine = start(withVsockDevice())) {
            ProcessIdentity device = machine.state().vsockDevice().orElseThrow();
            assertThat(Files.exists(directory.resolve("vsock.sock"))).isTrue();
            assertThat(device.signal(Signals.KILL)).isTrue();

            MachineExit exit = machine.onExit().get(20, TimeUnit.SECONDS);
            assertThat(exit.cause()).isEqualTo(MachineExit.Cause.VSOCK_LOST);
            assertThat(exit.describe()).startsWith("the vsock device ended");
        }
        assertNothingLeft();
    }

    @Test
    void theVsockDeviceEndsWithQemuWhoeverOwnsThem() throws Exception {
        MachinePlan plan = withVsockDevice();
        VirtualMachine first = start(plan);
        ProcessIdentity device = first.state().vsockDevice().orElseThrow();
        first.detach();

        VirtualMachine second =
                VirtualMachine.attach(plan, first.state(), MachineListener.NONE, LIMITS);
        assertThat(second.state().vsockDevice()).contains(device);
        assertThat(second.quit(Duration.ofSeconds(20)).cause())
                .isEqualTo(MachineExit.Cause.REQUESTED);

        assertThat(device.awaitExit(Duration.ofSeconds(20))).isTrue();
        assertNothingLeft();
    }

    @Test
    void aVsockDeviceThatNobodyKnowsOfIsFound() {
        VirtualMachine machine = start(withVsockDevice());
        ProcessIdentity device = machine.state().vsockDevice().orElseThrow();
        machine.detach();
        boolean _ = machine.state().qemu().orElseThrow().signal(Signals.STOP);

        assertThat(
                        VirtualMachine.endLeftovers(
                                new SandboxDirectory(directory), Duration.ofSeconds(20)))
                .isEqualTo(2);
        assertThat(device.isAlive()).isFalse();
        assertNothingLeft();
    }

    private MachinePlan withVsockDevice() {
        return Plans.vm()
                .in(directory)
                .guest(GuestKind.KATA)
                .agentTransport(AgentTransport.of(GuestKind.KATA, false))
                .build();
    }

    @Test
    void aMachineIsFoundAgainByItsState() throws Exception {
        MachinePlan plan =
                Plans.vm().set(HypervisorConfig.SHARED_FS, "virtio-fs").in(directory).build();
        VirtualMachine first = start(plan);
        GuestAddress _ =
                first.plugDisk(
                        new Disk(
                                "d0",
                                file("disk", 1 << 20),
                                false,
                                true,
                                Disk.Driver.VIRTIO_BLK,
                                0));
        first.detach();

        try (VirtualMachine second =
                VirtualMachine.attach(plan, first.state(), MachineListener.NONE, LIMITS)) {
            assertThat(second.status()).isEqualTo("prelaunch");
            GuestAddress next =
                    second.plugDisk(
                            new Disk(
                                    "d1",
                                    directory.resolve("disk"),
                                    false,
                                    true,
                                    Disk.Driver.VIRTIO_BLK,
                                    0));
            assertThat(next).isEqualTo(new GuestAddress.Pci("02/02"));
            assertThat(second.kill().status()).isEqualTo(HelperProcess.UNKNOWN);
        }
        assertNothingLeft();
    }

    @Test
    void whatAnOwnerLeftIsEnded() {
        List<MachineState> states = new ArrayList<>();
        MachineListener listener =
                new MachineListener() {
                    @Override
                    public void started(MachineState state) {
                        states.add(state);
                    }
                };
        MachinePlan plan =
                Plans.vm().set(HypervisorConfig.SHARED_FS, "virtio-fs").in(directory).build();
        VirtualMachine machine = VirtualMachine.start(plan, listener, LIMITS);
        machine.detach();

        int ended = VirtualMachine.endLeftovers(plan.directory(), Duration.ofSeconds(20));

        assertThat(ended).isGreaterThanOrEqualTo(2);
        assertThat(states).hasSize(2);
        assertThat(states.getLast().qemu().orElseThrow().isAlive()).isFalse();
        assertNothingLeft();
    }
}

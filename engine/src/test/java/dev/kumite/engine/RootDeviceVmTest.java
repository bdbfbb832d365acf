package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.config.FactoryConfig;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SystemHost;
import dev.kumite.linux.MountTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers whose root file systems are disks of their machine, which the host never mounts. */
@Tag("vm")
class RootDeviceVmTest {

    private static final int KILL = 9;

    @TempDir Path files;
    private Path root;
    private Path rootfs;

    @BeforeEach
    void open() {
        root = VmFixture.temporaryRoot();
        rootfs = TestRootfs.make(files.resolve("rootfs"));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(SandboxFinder.directories(root)).isEmpty();
        assertThat(VmFixture.processesThatName(root)).isEmpty();
        Files.delete(root);
    }

    private Engine engine(RuntimeConfig configuration) {
        return Engine.builder()
                .root(root)
                .guest(VmFixture.guest())
                .configuration(configuration)
                .deadlines(VmFixture.DEADLINES)
                .build();
    }

    private static RuntimeConfig driver(RuntimeConfig configured, String driver) {
        return configured.withHypervisorConfig(
                configured.hypervisorConfig().toBuilder()
                        .set(
                                HypervisorConfig.BLOCK_DEVICE_DRIVER,
                                driver,
                                new Origin.Argument("test"))
                        .build());
    }

    private RuntimeConfig withTemplates(RuntimeConfig configured) {
        return configured.withFactoryConfig(
                configured.factoryConfig().toBuilder()
                        .set(
                                FactoryConfig.TEMPLATE_PATH,
                                files.resolve("templates").toString(),
                                new Origin.Argument("test"))
                        .build());
    }

    private ContainerRequest request(String id, String script, RootDevice device) {
        return Workload.builder()
                .id(id)
                .rootfs(rootfs)
                .command("sh", "-c", script)
                .build()
                .withRootDevice(device);
    }

    private static boolean isMounted(LoopDisk disk) throws IOException {
        String number =
                Files.readString(
                                Path.of(
                                        "/sys/block",
                                        disk.device().getFileName().toString(),
                                        "dev"))
                        .strip();
        return MountTable.read().entries().stream()
                .anyMatch(mount -> number.equals(mount.major() + ":" + mount.minor()));
    }

    private boolean machineHas(LoopDisk disk) throws IOException {
        for (Path process : SandboxFinder.directories(root)) {
            long qemu =
                    SandboxHome.read(process).orElseThrow().machine().qemu().orElseThrow().pid();
            try (var descriptors = Files.list(Path.of("/proc/" + qemu + "/fd"))) {
                for (Path descriptor : descriptors.toList()) {
                    try {
                        if (Files.readSymbolicLink(descriptor).equals(disk.device())) {
                            return true;
                        }
                    } catch (IOException _) {
                        // It was closed meanwhile.
                    }
                }
            }
        }
        return false;
    }

    private static VmFixture.Result finish(Container container) {
        return VmFixture.finish(container.process(), SharedMachine.NOTHING);
    }

    @Test
    void areWrittenByTheGuestAndSeenByTheHostAfterwards() throws Exception {
        RuntimeConfig builtIn = BootFiles.builtIn(SystemHost.open());
        Engine engine = engine(driver(VmFixture.withoutTemplates(builtIn), "virtio-scsi"));
        Path volume = Files.createDirectory(files.resolve("volume"));
        try (LoopDisk first = LoopDisk.of(files.resolve("first.img"), rootfs);
                LoopDisk second = LoopDisk.of(files.resolve("second.img"), rootfs)) {
            ContainerRequest wanted =
                    Workload.builder()
                            .id("box")
                            .rootfs(rootfs)
                            .mount(volume, "/mnt")
                            .command(
                                    "sh",
                                    "-c",
                                    "grep ' / ' /proc/mounts; echo kept >/kept; echo shared >/mnt/new; exec sleep 100000")
                            .build()
                            .withRootDevice(first.root("rw"));
            assertThat(engine.obstacleToRootDevice(wanted)).isEmpty();
            try (Sandbox sandbox = engine.start(wanted)) {
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        sandbox.container().process().stdout(),
                                        StandardCharsets.UTF_8));
                assertThat(lines.readLine()).matches("/dev/sd[a-z] / ext4 rw,.*");
                assertThat(isMounted(first)).isFalse();

                refusesWhatIsInUse(sandbox);
                aSecondOneIsReadOnly(sandbox, second);
                assertThat(machineHas(second)).isFalse();
                assertThat(machineHas(first)).isTrue();
            }
            assertThat(volume.resolve("new")).hasContent("shared");
            assertThat(LoopDisk.text(first.image(), "/kept")).isEqualTo("kept\n");
            assertThat(LoopDisk.check(first.image())).doesNotContain("recover");
        }
    }

    private void refusesWhatIsInUse(Sandbox sandbox) throws Exception {
        try (LoopDisk third = LoopDisk.of(files.resolve("third.img"), rootfs)) {
            Path place = Files.createDirectory(files.resolve("place"));
            String _ = LoopDisk.run("mount", third.device().toString(), place.toString());
            try {
                assertThat(sandbox.obstacleTo(third.root())).get().asString().contains("in use");
                assertThatExceptionOfType(EngineException.class)
                        .isThrownBy(() -> sandbox.create(request("third", "true", third.root())))
                        .withMessageContaining("the host has it in use");
            } finally {
                String _ = LoopDisk.run("umount", place.toString());
            }
        }
    }

    private void aSecondOneIsReadOnly(Sandbox sandbox, LoopDisk disk) throws Exception {
        String script = "grep ' / ' /proc/mounts; touch /new && echo written";
        try (Container container = sandbox.create(request("second", script, disk.root("ro")))) {
            ContainerProcess _ = container.start();
            VmFixture.Result result = finish(container);

            assertThat(machineHas(disk)).isTrue();
            assertThat(result.stdout()).matches("/dev/sd[a-z] / ext4 ro,.*\n");
            assertThat(result.stderr()).contains("Read-only file system");
        }
    }

    @Test
    void arePluggedIntoMachinesOfATemplate() throws Exception {
        RuntimeConfig builtIn = BootFiles.builtIn(SystemHost.open());
        Engine engine = engine(driver(withTemplates(builtIn), "virtio-blk"));
        Path image = files.resolve("disk.img");
        LoopDisk.image(image, rootfs);
        String script = "grep ' / ' /proc/mounts; echo kept >/kept";
        // An image in a file needs no device of the host.
        RootDevice device =
                new RootDevice(image, "ext4", java.util.List.of("loop", "noatime", "rw"));
        try (Sandbox sandbox = engine.start(request("box", script, device))) {
            assertThat(sandbox.timings().of(Step.TEMPLATE)).isPresent();
            VmFixture.Result result = finish(sandbox.container());

            assertThat(result.stderr()).isEmpty();
            assertThat(result.stdout()).matches("/dev/vd[a-z] / ext4 rw,noatime.*\n");
        }
        assertThat(LoopDisk.text(image, "/kept")).isEqualTo("kept\n");
    }

    @Test
    void areKnownToWhoTakesAMachineOver() throws Exception {
        try (LoopDisk disk = LoopDisk.of(files.resolve("disk.img"), rootfs)) {
            try (OwnerProcess owner =
                    OwnerProcess.start(RootDeviceOwner.class, root, rootfs, disk.device())) {
                owner.awaitLine("runs");
                owner.kill();
            }

            try (Sandbox adopted = VmFixture.engine(root).adopt("box")) {
                assertThat(machineHas(disk)).isTrue();
                adopted.container("second").orElseThrow().close();

                assertThat(machineHas(disk)).isFalse();
                assertThat(LoopDisk.text(disk.image(), "/kept")).isEqualTo("kept\n");
                // The place that it had is free again.
                try (Container again =
                        adopted.create(request("second", "cat /kept", disk.root()))) {
                    ContainerProcess _ = again.start();
                    assertThat(finish(again).stdout()).isEqualTo("kept\n");
                }
                adopted.container().signal(KILL);
            }
        }
    }
}

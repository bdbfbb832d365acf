package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.Settings;
import dev.kumite.config.SystemHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootDeviceTest {

    @TempDir Path directory;
    private Path image;
    private Path sysBlock;

    @BeforeEach
    void make() throws IOException {
        image = Files.createFile(directory.toRealPath().resolve("image"));
        sysBlock = Files.createDirectory(directory.resolve("block"));
    }

    private static RootDevice device(Path source, String type, String... options) {
        return new RootDevice(source, type, List.of(options));
    }

    private static Settings<HypervisorConfig> settings() {
        return BootFiles.builtIn(SystemHost.open()).hypervisorConfig();
    }

    private static Settings<HypervisorConfig> driver(String name) {
        return settings().toBuilder()
                .set(HypervisorConfig.BLOCK_DEVICE_DRIVER, name, new Origin.Argument("test"))
                .build();
    }

    private void isRefused(RootDevice device, String why) {
        assertThat(device.obstacle(sysBlock)).get().asString().contains(why);
    }

    @Test
    void canBeAnImageInAFileThatNobodyHasInUse() throws IOException {
        Path loop = Files.createDirectories(sysBlock.resolve("loop3/loop"));
        Files.createDirectories(sysBlock.resolve("loop4"));
        Files.writeString(loop.resolve("backing_file"), "/other\n");
        assertThat(device(image, "ext4", "loop").obstacle(sysBlock)).isEmpty();

        Files.writeString(loop.resolve("backing_file"), image + "\n");
        isRefused(device(image, "ext4"), "the host has it in use as loop3");
    }

    @Test
    void isNeitherADirectoryNorACharacterDeviceNorMissing() {
        isRefused(device(directory, "ext4"), "it is no block device");
        isRefused(device(Path.of("/dev/null"), "ext4"), "it is no block device");
        isRefused(device(directory.resolve("none"), "ext4"), "no such file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> device(Path.of("image"), "ext4"))
                .withMessageContaining("relative");
    }

    @Test
    void hasAFileSystemThatGuestsKnowAndThatIsMounted() {
        isRefused(device(image, "btrfs"), "type \"btrfs\"");
        isRefused(device(image, "ext4", "rbind"), "bound, not mounted");
        assertThat(device(image, "xfs").obstacle(sysBlock)).isEmpty();
    }

    @Test
    void isReadOnlyIfThatIsTheLastWord() {
        assertThat(device(image, "ext4").readOnly()).isFalse();
        assertThat(device(image, "ext4", "ro").readOnly()).isTrue();
        assertThat(device(image, "ext4", "ro", "rw").readOnly()).isFalse();
    }

    @Test
    void isPassedWhereTheConfigurationAndTheMachineAllowIt() {
        assertThat(RootDevice.obstacle(settings())).isEmpty();
        assertThat(RootDevice.obstacle(driver("virtio-blk"))).isEmpty();
        assertThat(RootDevice.obstacle(driver("nvdimm"))).get().asString().contains("no memory");
        assertThat(
                        RootDevice.obstacle(
                                settings().toBuilder()
                                        .set(
                                                HypervisorConfig.HYPERVISOR_MACHINE_TYPE,
                                                "microvm",
                                                new Origin.Argument("test"))
                                        .build()))
                .get()
                .asString()
                .contains("microvm");
    }

    @Test
    void isRefusedOrMountedWhereBlockDevicesAreNotToBeUsed() {
        Engine engine =
                Engine.builder()
                        .root(directory.resolve("root"))
                        .configuration(
                                BootFiles.builtIn(SystemHost.open())
                                        .withHypervisorConfig(
                                                settings().toBuilder()
                                                        .set(
                                                                HypervisorConfig
                                                                        .DISABLE_BLOCK_DEVICE_USE,
                                                                true,
                                                                new Origin.Argument("test"))
                                                        .build()))
                        .build();
        ContainerRequest plain = Workload.builder().id("c").rootfs(directory).command("x").build();
        ContainerRequest request = plain.withRootDevice(device(image, "ext4"));

        assertThat(engine.obstacleToRootDevice(request))
                .contains("disable_block_device_use is true");
        assertThat(engine.obstacleToRootDevice(plain)).isEmpty();
        assertThat(RootDevice.problem(request, engine.runtime().hypervisorConfig()))
                .get()
                .satisfies(problem ->
                        assertThat(problem.describe())
                                .contains("disable_block_device_use")
                                .contains("mount it and give the directory"));
        assertThat(RootDevice.problem(plain, engine.runtime().hypervisorConfig()))
                .isEqualTo(Optional.empty());
    }

    @Test
    void ofAContainerOfAPodIsAskedOfItsSandbox() {
        ContainerRequest request =
                Workload.builder()
                        .id("c")
                        .rootfs(directory)
                        .command("x")
                        .annotation("io.kubernetes.cri.container-type", "container")
                        .annotation("io.kubernetes.cri.sandbox-id", "pod")
                        .build()
                        .withRootDevice(device(image, "ext4"))
                        .withPid(7);

        Engine engine = Engine.builder().root(directory.resolve("root")).build();

        assertThat(request.rootDevice()).isPresent();
        assertThat(engine.obstacleToRootDevice(request)).get().asString().contains("sandbox");
    }
}

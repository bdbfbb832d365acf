package dev.kumite.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumite.engine.RootDevice;
import dev.kumite.linux.MountTable;
import dev.kumite.shim.messages.Mount;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RootfsTest {

    @TempDir Path directory;

    @Test
    void isMountedInTheBundleAndUnmounted() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "mounting needs root");
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.createFile(source.resolve("file"));
        Path bundle = Files.createDirectory(directory.resolve("bundle"));
        Mount bind =
                Mount.newBuilder()
                        .setType("bind")
                        .setSource(source.toString())
                        .addOptions("rbind")
                        .addOptions("rw")
                        .build();

        Rootfs.mount(bundle, List.of(bind, bind));

        assertThat(bundle.resolve("rootfs/file")).exists();
        Rootfs.unmount(bundle);
        assertThat(MountTable.read().at(bundle.resolve("rootfs"))).isEmpty();
        assertThat(bundle.resolve("rootfs/file")).doesNotExist();
    }

    @Test
    void thatCannotBeMountedIsSaidSo() {
        Mount missing =
                Mount.newBuilder()
                        .setType("bind")
                        .setSource(directory.resolve("missing").toString())
                        .addOptions("bind")
                        .build();

        assertThatThrownBy(() -> Rootfs.mount(directory, List.of(missing)))
                .isInstanceOf(ShimException.class)
                .hasMessageContaining("root file system");
    }

    @Test
    void ofTooManyLayersIsRefusedWithTheReason() {
        Mount overlay =
                Mount.newBuilder()
                        .setType("overlay")
                        .setSource("overlay")
                        .addOptions("lowerdir=" + "/l:".repeat(2000))
                        .build();

        assertThatThrownBy(() -> Rootfs.mount(directory, List.of(overlay)))
                .hasMessageContaining("more layers");
    }

    @Test
    void inAnImageFileIsMountedByALoopDeviceThatGoesWithIt() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "mounting needs root");
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "no loop devices here");
        assumeTrue(Files.isExecutable(Path.of("/sbin/mke2fs")), "no e2fsprogs here");
        Path image = directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(8 << 20);
        }
        Process made = new ProcessBuilder("/sbin/mke2fs", "-q", image.toString()).start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Path bundle = Files.createDirectory(directory.resolve("bundle"));

        Rootfs.mount(bundle, List.of(mount("ext4", image, "loop", "rw")));

        assertThat(bundle.resolve("rootfs/lost+found")).isDirectory();
        Rootfs.unmount(bundle);
        assertThat(bundle.resolve("rootfs")).isEmptyDirectory();
    }

    private static Mount mount(String type, Object source, String... options) {
        return Mount.newBuilder()
                .setType(type)
                .setSource(source.toString())
                .addAllOptions(List.of(options))
                .build();
    }

    @Test
    void isADeviceIfASingleFileSystemThatGuestsKnowIsOnOne() throws Exception {
        Path image = Files.createFile(directory.resolve("image"));

        assertThat(Rootfs.device(List.of(mount("ext4", image, "loop", "ro"))))
                .contains(new RootDevice(image, "ext4", List.of("loop", "ro")));
        // A device is what containerd has looked at; whether it is in use, the machine's maker
        // asks.
        assertThat(Rootfs.device(List.of(mount("xfs", "/dev/null")))).isPresent();
    }

    @Test
    void isNoDeviceOtherwise() throws Exception {
        Path image = Files.createFile(directory.resolve("image"));
        Mount device = mount("ext4", "/dev/null");

        assertThat(Rootfs.device(List.of())).isEmpty();
        assertThat(Rootfs.device(List.of(device, device))).isEmpty();
        assertThat(Rootfs.device(List.of(mount("overlay", "overlay")))).isEmpty();
        assertThat(Rootfs.device(List.of(mount("ext4", image, "ro")))).isEmpty();
        assertThat(Rootfs.device(List.of(mount("ext4", directory, "loop")))).isEmpty();
        assertThat(Rootfs.device(List.of(mount("ext4", directory.resolve("none"))))).isEmpty();
        assertThat(Rootfs.device(List.of(mount("btrfs", "/dev/null")))).isEmpty();
    }
}

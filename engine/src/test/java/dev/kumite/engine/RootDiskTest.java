package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.linux.MountTable;
import dev.kumite.vmm.GuestAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootDiskTest {

    @TempDir Path directory;
    private Path rootfs;
    private Path devices;

    @BeforeEach
    void makeADevice() throws IOException {
        rootfs = Files.createDirectory(directory.resolve("rootfs")).toRealPath();
        devices = directory.resolve("block");
        Path device = Files.createDirectories(devices.resolve("7:3"));
        Files.writeString(device.resolve("uevent"), "MAJOR=7\nMINOR=3\nDEVNAME=loop3\n");
    }

    private RootDisk disk(String device, String root, String options) throws IOException {
        String line =
                "64 27 "
                        + device
                        + " "
                        + root
                        + " "
                        + rootfs
                        + " ro,relatime - erofs /dev/x "
                        + options
                        + "\n";
        return RootDisk.of(rootfs, "c", MountTable.parse(line), devices);
    }

    private void isRefused(String device, String root, String options, String why) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> disk(device, root, options))
                .withMessageContaining(why);
    }

    @Test
    void isTheBlockDeviceThatIsMountedThereAndNeverWritten() throws IOException {
        RootDisk disk = disk("7:3", "/", "ro,user_xattr");

        assertThat(disk.disk().path()).isEqualTo(Path.of("/dev/loop3"));
        assertThat(disk.disk().readOnly()).isTrue();
        assertThat(disk.disk().id()).isEqualTo(RootDisk.id("c"));
        assertThat(disk.fstype()).isEqualTo("erofs");
    }

    @Test
    void refusesWhatTheHostCanWrite() {
        isRefused("7:3", "/", "rw", "which two kernels must not do");
    }

    @Test
    void refusesPartOfAFileSystemAndOneWithoutADevice() {
        isRefused("7:3", "/sub", "ro", "not all of a block device");
        isRefused("0:44", "/", "ro", "not all of a block device");
    }

    @Test
    void refusesADirectoryThatNothingIsMountedOn() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> RootDisk.of(rootfs, "c", MountTable.parse(""), devices))
                .withMessageContaining("a directory, not a disk");
    }

    @Test
    void getsALayerOfTheGuestsMemoryAboveIt() throws IOException {
        RootDisk disk = disk("7:3", "/", "ro");

        assertThat(disk.storages("c", new GuestAddress.Pci("02/01")))
                .extracting(GuestStorage::driver)
                .containsExactly("blk", "ephemeral", "local", "local", "overlayfs");
        assertThat(disk.storages("c", new GuestAddress.Scsi("0:1")).getFirst())
                .satisfies(lower -> assertThat(lower.driver()).isEqualTo("scsi"))
                .satisfies(lower -> assertThat(lower.source()).isEqualTo("0:1"))
                .satisfies(lower -> assertThat(lower.options()).containsExactly("ro"));
        assertThat(disk.storages("c", new GuestAddress.Node("/dev/pmem1")).getLast())
                .satisfies(root ->
                        assertThat(root.mountPoint())
                                .isEqualTo("/run/kata-containers/shared/containers/c/rootfs"));
    }

    @Test
    void ofADeviceIsMountedAtTheRootByTheGuestAlone() throws IOException {
        Path image = Files.createFile(directory.resolve("image"));
        RootDevice device =
                new RootDevice(image, "ext4", List.of("loop", "rw", "discard", "noatime"));

        RootDisk disk = RootDisk.of(device, "c", "c-1-root", false);

        assertThat(disk.disk().readOnly()).isFalse();
        assertThat(disk.disk().path()).isEqualTo(image.toRealPath());
        assertThat(disk.storages("c", new GuestAddress.Pci("02/01")))
                .containsExactly(
                        new GuestStorage(
                                "blk",
                                "02/01",
                                "ext4",
                                List.of("rw", "discard", "noatime"),
                                "/run/kata-containers/shared/containers/c-1-root"));
    }

    @Test
    void isNeverWrittenWhereTheSpecificationOrTheMountSaysSo() throws IOException {
        Path image = Files.createFile(directory.resolve("image"));
        RootDevice writable = new RootDevice(image, "xfs", List.of());
        RootDevice fixed = new RootDevice(image, "xfs", List.of("ro", "nouuid"));

        assertThat(RootDisk.of(writable, "c", "p", true).options()).containsExactly("ro", "nouuid");
        assertThat(RootDisk.of(fixed, "c", "p", false).options()).containsExactly("ro", "nouuid");
        assertThat(RootDisk.of(fixed, "c", "p", false).disk().readOnly()).isTrue();
    }
}

package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.agentprotocol.messages.Device;
import dev.kumite.agentprotocol.messages.Linux;
import dev.kumite.agentprotocol.messages.LinuxDevice;
import dev.kumite.agentprotocol.messages.LinuxDeviceCgroup;
import dev.kumite.agentprotocol.messages.LinuxResources;
import dev.kumite.agentprotocol.messages.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds devices in a tree that looks like sysfs. */
final class BlockDevicesTest {

    @TempDir private Path directory;
    private BlockDevices devices;

    @BeforeEach
    void makeTrees() throws IOException {
        Path dev = Files.createDirectories(directory.resolve("dev"));
        for (String name : List.of("vda", "vdb", "sdc")) {
            Files.createFile(dev.resolve(name));
        }
        devices = new BlockDevices(directory.resolve("sys"), dev, 20_000_000);
    }

    private void sys(String path) throws IOException {
        Files.createDirectories(directory.resolve("sys").resolve(path));
    }

    @Test
    void findsByPciSlots() throws IOException {
        sys("devices/pci0000:00/0000:00:05.0/virtio3/block/vda");
        sys("devices/pci0000:00/0000:00:02.0/pci_bus/0000:01");
        sys("devices/pci0000:00/0000:00:02.0/0000:01:1f.0/virtio4/block/vdb");

        assertThat(devices.find("blk", "05")).endsWith("/dev/vda");
        assertThat(devices.find("blk", "5")).endsWith("/dev/vda");
        assertThat(devices.find("blk", "02/1f")).endsWith("/dev/vdb");
    }

    @Test
    void findsByScsiAddress() throws IOException {
        sys("class/scsi_device/2:0:1:7/device/block/sdc");

        assertThat(devices.find("scsi", "1:7")).endsWith("/dev/sdc");
    }

    @Test
    void hasTheKernelLookForScsiDisks() throws IOException {
        sys("class/scsi_host/host0");

        assertThatThrownBy(() -> devices.find("scsi", "0:1")).hasMessageContaining("appeared");
        assertThat(directory.resolve("sys/class/scsi_host/host0/scan")).hasContent("0 0 1");
    }

    @Test
    void takesDeviceFiles() {
        assertThat(devices.find("nvdimm", directory + "/dev/vda")).endsWith("/dev/vda");
        assertThatThrownBy(() -> devices.find("mmioblk", directory + "/dev/none"))
                .hasMessageContaining("no block device appeared");
    }

    @Test
    void refusesPlacesThatAreNone() {
        assertThatThrownBy(() -> devices.find("blk", "zz/1")).hasMessageContaining("no PCI path");
        assertThatThrownBy(() -> devices.find("blk", "")).hasMessageContaining("no PCI path");
        assertThatThrownBy(() -> devices.find("scsi", "a:b")).hasMessageContaining("SCSI address");
        assertThatThrownBy(() -> devices.find("blk", "02/03")).hasMessageContaining("appeared");
    }

    @Test
    void splitsDeviceNumbersAsTheLibraryDoes() {
        assertThat(GuestDevices.major(0xFE10)).isEqualTo(254);
        assertThat(GuestDevices.minor(0xFE10)).isEqualTo(16);
    }

    @Test
    void givesSpecsTheNumbersOfThisMachine() {
        Spec spec =
                Spec.newBuilder()
                        .setLinux(
                                Linux.newBuilder()
                                        .addDevices(
                                                LinuxDevice.newBuilder()
                                                        .setPath("/dev/data")
                                                        .setType("c")
                                                        .setMajor(8)
                                                        .setMinor(16))
                                        .setResources(
                                                LinuxResources.newBuilder()
                                                        .addDevices(
                                                                LinuxDeviceCgroup.newBuilder()
                                                                        .setType("c")
                                                                        .setMajor(8)
                                                                        .setMinor(16))))
                        .build();
        Device device =
                Device.newBuilder()
                        .setType("vfio")
                        .setVmPath("/dev/null")
                        .setContainerPath("/dev/data")
                        .build();

        Linux linux = new GuestDevices(devices).rewrite(spec, List.of(device)).getLinux();

        assertThat(linux.getDevices(0).getMajor()).isEqualTo(1);
        assertThat(linux.getDevices(0).getMinor()).isEqualTo(3);
        assertThat(linux.getResources().getDevices(0).getMinor()).isEqualTo(3);
    }

    @Test
    void refusesDevicesThatTheSpecDoesNotHave() {
        Device device = Device.newBuilder().setType("x").setContainerPath("/dev/data").build();

        assertThatThrownBy(() ->
                        new GuestDevices(devices)
                                .rewrite(Spec.getDefaultInstance(), List.of(device)))
                .hasMessageContaining("no device driver");
        assertThatThrownBy(() ->
                        new GuestDevices(devices)
                                .rewrite(
                                        Spec.getDefaultInstance(),
                                        List.of(device.toBuilder().setVmPath("/dev/null").build())))
                .hasMessageContaining("the spec has no device");
    }
}

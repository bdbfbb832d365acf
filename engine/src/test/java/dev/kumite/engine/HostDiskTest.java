package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.GuestAddress;
import dev.kumite.vmm.MachineState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostDiskTest {

    @TempDir private Path sys;

    @BeforeEach
    void attach() throws IOException {
        Path device = Files.createDirectories(sys.resolve("7:1"));
        Files.writeString(device.resolve("uevent"), "MAJOR=7\nMINOR=1\nDEVNAME=loop1\n");
    }

    private Outcome<List<HostDisk>> disks(int minor, String... rules) {
        String json =
                """
                {"ociVersion": "1.0.2", "process": {"args": ["sh"], "cwd": "/"},
                 "root": {"path": "rootfs"}, "linux": {
                 "devices": [{"path": "/dev/null", "type": "c", "major": 1, "minor": 3},
                             {"path": "/dev/disk", "type": "b", "major": 7, "minor": %d}],
                 "resources": {"devices": [%s]}}}
                """
                        .formatted(minor, String.join(",", rules));
        Spec spec = SpecReader.read(json, "<test>").value().orElseThrow();
        return HostDisk.of(spec, "c", sys);
    }

    private static final String NOTHING = "{\"allow\": false, \"access\": \"rwm\"}";

    private static String allowed(String access) {
        return "{\"allow\": true, \"type\": \"b\", \"major\": 7, \"minor\": 1, \"access\": \""
                + access
                + "\"}";
    }

    @Test
    void isADeviceThatARuleNames() {
        HostDisk disk = disks(1, NOTHING, allowed("rwm")).value().orElseThrow().getFirst();

        assertThat(disk.path()).isEqualTo(Path.of("/dev/loop1"));
        assertThat(disk.containerPath()).isEqualTo("/dev/disk");
        assertThat(disk.readOnly()).isFalse();
        assertThat(disk.id()).hasSizeLessThanOrEqualTo(29);
    }

    @Test
    void canOnlyBeReadWhereTheRuleSaysSo() {
        assertThat(disks(1, NOTHING, allowed("r")).value().orElseThrow())
                .singleElement()
                .matches(HostDisk::readOnly);
    }

    @Test
    void isNothingThatNoRuleNamesOrThatComesWithAllOthers() {
        assertThat(disks(1, NOTHING).value()).contains(List.of());
        assertThat(disks(1, allowed("rw"), NOTHING).value()).contains(List.of());
        assertThat(disks(1, allowed("rw"), "{\"allow\": true, \"access\": \"rwm\"}").value())
                .contains(List.of());
    }

    @Test
    void isRefusedIfItIsNotThere() {
        String rule = allowed("rw").replace("\"minor\": 1", "\"minor\": 2");

        assertThat(disks(2, rule).errors())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.describe())
                                .contains("no block device 7:2")
                                .contains("/dev/disk"));
    }

    @Test
    void isFoundInTheGuestByItsAddress() {
        HostDisk disk = new HostDisk("d", Path.of("/dev/loop1"), "/dev/disk", true);

        assertThat(disk.message(new GuestAddress.Pci("02/01")).getType()).isEqualTo("blk");
        assertThat(disk.message(new GuestAddress.Scsi("0:1")).getId()).isEqualTo("0:1");
        assertThat(disk.message(new GuestAddress.Node("/dev/pmem1")).getVmPath())
                .isEqualTo("/dev/pmem1");
    }

    @Test
    void isFoundAmongAMachinesDevices() {
        MachineState machine =
                new MachineState(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(1),
                        1,
                        Map.of(
                                HostDisk.id("c", "0"),
                                1,
                                RootDisk.id("c"),
                                -1,
                                RootDisk.id("cc"),
                                -1,
                                "network",
                                2),
                        new AgentTransport.VirtioSerial());

        assertThat(HostDisk.of("c", machine))
                .containsExactlyInAnyOrder(HostDisk.id("c", "0"), RootDisk.id("c"));
        assertThat(HostDisk.of("none", machine)).isEmpty();
        assertThat(HostDisk.areIn(machine)).isTrue();
        assertThat(HostDisk.areIn(SandboxState.NO_MACHINE)).isFalse();
    }
}

package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Param;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a guest that runs can show. */
@Tag("vm")
@Timeout(300)
class BootedMachineTest {

    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(60));

    @TempDir Path directory;

    private Path guest = Path.of("/");

    @BeforeEach
    void needsAGuest() throws IOException {
        String place = System.getProperty("kumite.guest", "");
        assertThat(place).as("system property kumite.guest").isNotEmpty();
        guest = Path.of(place);
        Files.createDirectory(directory.resolve("shared"));
    }

    private MachinePlan.Builder plan(String... kernelParams) throws IOException {
        Path root = guest.resolve("root.img");
        List<Disk> disks =
                Files.exists(root)
                        ? List.of(
                                new Disk(
                                        "kumite-root",
                                        root,
                                        false,
                                        true,
                                        Disk.Driver.VIRTIO_BLK,
                                        0))
                        : List.of();
        return Plans.vm()
                .set(HypervisorConfig.KERNEL_PATH, guest.resolve("vmlinuz").toString())
                .set(HypervisorConfig.INITRD_PATH, guest.resolve("initrd.img").toString())
                .set(HypervisorConfig.MEMORY_SIZE, 512L)
                .set(
                        HypervisorConfig.KERNEL_PARAMS,
                        List.of(kernelParams).stream().map(Param::parse).toList())
                .in(directory)
                .disks(disks);
    }

    /** Counts down when the guest opens the agent's first port. */
    private static MachineListener onAgent(CountDownLatch opened) {
        return new MachineListener() {
            @Override
            public void event(QmpEvent event) {
                if (event.name().equals("VSERPORT_CHANGE") && event.data().get("open").isTrue()) {
                    opened.countDown();
                }
            }
        };
    }

    @Test
    void aRunningGuestTakesAndReleasesDevices() throws Exception {
        CountDownLatch opened = new CountDownLatch(1);
        Path disk = directory.resolve("disk");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(1 << 20);
        }

        try (VirtualMachine machine =
                VirtualMachine.start(plan().build(), onAgent(opened), LIMITS)) {
            machine.resume();
            assertThat(opened.await(120, TimeUnit.SECONDS))
                    .as("console: %s", machine.consoleLines())
                    .isTrue();
            assertThat(machine.status()).isEqualTo("running");

            GuestAddress blk =
                    machine.plugDisk(new Disk("b1", disk, false, true, Disk.Driver.VIRTIO_BLK, 0));
            machine.unplugDisk("b1");
            GuestAddress again =
                    machine.plugDisk(new Disk("b2", disk, false, true, Disk.Driver.VIRTIO_BLK, 0));
            GuestAddress _ =
                    machine.plugDisk(new Disk("s1", disk, false, true, Disk.Driver.VIRTIO_SCSI, 0));
            machine.unplugDisk("s1");

            assertThat(again).isEqualTo(blk);
            assertThat(machine.growVcpus(2)).isEqualTo(2);
            assertThat(machine.growMemory(640)).isEqualTo(640);
            assertThat(machine.quit(Duration.ofSeconds(30)).cause())
                    .isEqualTo(MachineExit.Cause.REQUESTED);
        }
    }

    @Test
    void aPanicIsNamedWithTheConsolesLastLines() throws Exception {
        MachinePlan plan = plan("rdinit=/nowhere", "root=/dev/nowhere").build();

        try (VirtualMachine machine = VirtualMachine.start(plan, MachineListener.NONE, LIMITS)) {
            machine.resume();
            MachineExit exit = machine.onExit().get(120, TimeUnit.SECONDS);

            assertThat(exit.cause()).isEqualTo(MachineExit.Cause.GUEST_PANIC);
            assertThat(exit.describe()).contains("Kernel panic").contains("console's last lines");
            assertThat(exit.console().getLast()).contains("Kernel panic");
        }
        assertThat(Files.readString(directory.resolve("console.log"))).contains("Kernel panic");
    }
}

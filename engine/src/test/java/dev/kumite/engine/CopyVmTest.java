package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SystemHost;
import dev.kumite.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that shares no files with the host: its root is a disk, files are copied. */
@Tag("vm")
class CopyVmTest {

    @TempDir Path directory;

    @Test
    void runsAContainerFromADiskWithCopiesOfFiles() throws Exception {
        Path rootfs = Files.createDirectory(directory.resolve("rootfs"));
        Path hosts = Files.writeString(directory.resolve("hosts"), "192.0.2.1 copied\n");
        Path volume = Files.createDirectory(directory.resolve("volume"));
        byte[] large = new byte[3 * CopiedFile.PIECE_BYTES + 1];
        large[large.length - 1] = 'x';
        Files.write(volume.resolve("large"), large);
        Files.createSymbolicLink(volume.resolve("link"), Path.of("large"));
        Path root = VmFixture.temporaryRoot();
        Engine engine =
                Engine.builder()
                        .root(root)
                        .guest(VmFixture.guest())
                        .configuration(withoutSharedFiles(BootFiles.builtIn(SystemHost.open())))
                        .deadlines(VmFixture.DEADLINES)
                        .build();
        mountGuestImage(rootfs);
        try {
            Workload.Builder workload =
                    Workload.builder()
                            .id("copies")
                            .rootfs(rootfs)
                            .mountReadOnly(hosts, "/etc/hosts")
                            .mount(volume, "/mnt/volume")
                            .command(
                                    "/bin/busybox",
                                    "sh",
                                    "-c",
                                    "busybox cat /etc/hosts; busybox tail -c 1 /mnt/volume/link;"
                                            + " busybox wc -c </mnt/volume/large;"
                                            + " echo new >/mnt/volume/new && echo new >/written && busybox cat /written");
            try (Sandbox sandbox = engine.start(workload.build())) {
                VmFixture.Result result =
                        VmFixture.finish(
                                sandbox.containers().getFirst().process(), SharedMachine.NOTHING);

                assertThat(result.stderr()).isEmpty();
                assertThat(result.stdout())
                        .isEqualTo("192.0.2.1 copied\nx" + large.length + "\nnew\n");
                assertThat(sandbox.warnings())
                        .extracting(dev.kumite.oci.Problem::what)
                        .contains("\"/mnt/volume\" is a copy of \"" + volume + "\"");
            }
        } finally {
            Mounts.unmount(rootfs);
        }
        assertThat(volume.resolve("new")).doesNotExist();
        assertThat(SandboxFinder.directories(root)).isEmpty();
        Files.delete(root);
    }

    private static RuntimeConfig withoutSharedFiles(RuntimeConfig configured) {
        return VmFixture.withoutTemplates(configured)
                .withHypervisorConfig(
                        configured.hypervisorConfig().toBuilder()
                                .set(
                                        HypervisorConfig.SHARED_FS,
                                        HypervisorConfig.NO_SHARED_FS,
                                        new Origin.Argument("test"))
                                .build());
    }

    /** The guest's own root disk will do for a container as well: it has a shell. */
    private static void mountGuestImage(Path place) throws IOException, InterruptedException {
        Process mount =
                new ProcessBuilder(
                                "mount",
                                "-o",
                                "loop,ro",
                                VmFixture.guest().resolve("root.img").toString(),
                                place.toString())
                        .inheritIO()
                        .start();
        assertThat(mount.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(mount.exitValue()).isZero();
    }
}

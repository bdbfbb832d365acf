package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes one after the other; {@code -Dkumite.cycles=N} says how many. */
@Tag("vm")
class CyclesVmTest {

    /** Descriptors that the JVM may open for classes and pollers in the meantime. */
    private static final int SLACK = 16;

    @TempDir Path files;

    @Test
    void leaveNothing() throws IOException {
        Path root = VmFixture.temporaryRoot();
        Path rootfs = TestRootfs.make(files.resolve("rootfs"));
        Engine engine = VmFixture.engine(root);
        ContainerRequest request =
                Workload.builder().id("box").rootfs(rootfs).command("true").build();
        cycle(engine, request);
        long descriptors = count("/proc/self/fd");
        long threads = count("/proc/self/task");

        for (int i = 1; i < Integer.getInteger("kumite.cycles", 50); i++) {
            cycle(engine, request);
            assertThat(SandboxFinder.directories(root)).isEmpty();
            assertThat(MountTable.read().below(root)).isEmpty();
        }

        assertThat(count("/proc/self/fd")).isLessThanOrEqualTo(descriptors + SLACK);
        assertThat(count("/proc/self/task")).isLessThanOrEqualTo(threads + SLACK);
        Files.delete(root);
    }

    private static void cycle(Engine engine, ContainerRequest request) {
        try (Sandbox sandbox = engine.start(request)) {
            assertThat(sandbox.container().process().await(VmFixture.PATIENCE).code()).isZero();
        }
    }

    private static long count(String directory) throws IOException {
        long count = 0;
        try (var entries = Files.newDirectoryStream(Path.of(directory))) {
            for (Path _ : entries) {
                count++;
            }
        }
        return count;
    }
}

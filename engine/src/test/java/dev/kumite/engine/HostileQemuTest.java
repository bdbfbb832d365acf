package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SystemHost;
import dev.kumite.linux.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hypervisor that lies, as one that its guest has taken over: to the engine's own caller. */
@Timeout(120)
class HostileQemuTest {

    /** Time enough for a JVM to start, and for all that is waited for in vain. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What a line may take, and what may be in the buffers of a socket. */
    private static final long MOST_BYTES = 4 << 20;

    @TempDir Path files;
    private Path root;
    private Process machine;
    private FakeAgent agent;
    private Sandbox other;

    @BeforeEach
    void startAnother() throws IOException {
        try {
            HostRights.requireMounting();
        } catch (EngineException _) {
            Assumptions.abort("mounting needs root");
        }
        root = VmFixture.temporaryRoot();
        machine = new ProcessBuilder("sleep", "120").start();
        WrittenSandbox.write(root, "other", "running", machine);
        agent = new FakeAgent(root.resolve("other/agent-1.sock"));
        other = Engine.builder().root(root).build().attach("other");
    }

    @AfterEach
    void end() throws IOException {
        if (other == null) {
            return;
        }
        other.close();
        agent.close();
        machine.destroyForcibly();
        Files.deleteIfExists(root.resolve("other/agent-1.sock"));
        SandboxHome.delete(root.resolve("other"));
        // The records of what failed, which users would read.
        try (Stream<Path> left = Files.walk(root)) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Engine engine(LyingQemu.Lie lie) throws IOException {
        Path guest = Files.createDirectories(files.resolve("guest"));
        for (String name : List.of("vmlinuz", "initrd.img", "manifest.json")) {
            Files.writeString(guest.resolve(name), "has /9p.ko");
        }
        Path qemu = files.resolve("qemu-" + lie);
        Files.writeString(
                qemu,
                """
                #!/bin/sh
                exec '%s' -Xmx64m -cp '%s' %s %s '%s' "$@"
                """
                        .formatted(
                                ProcessHandle.current().info().command().orElseThrow(),
                                System.getProperty("java.class.path"),
                                LyingQemu.class.getName(),
                                lie,
                                taken(lie)));
        Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));
        Origin origin = new Origin.Argument("test");
        RuntimeConfig builtIn = BootFiles.builtIn(SystemHost.open());
        Deadlines usual = Deadlines.DEFAULT;
        return Engine.builder()
                .root(root)
                .guest(guest)
                .configuration(
                        VmFixture.withoutTemplates(builtIn)
                                .withHypervisorConfig(
                                        builtIn.hypervisorConfig().toBuilder()
                                                .set(
                                                        HypervisorConfig.HYPERVISOR_PATH,
                                                        qemu.toString(),
                                                        origin)
                                                .set(
                                                        HypervisorConfig.SHARED_FS,
                                                        "virtio-9p",
                                                        origin)
                                                .build()))
                .deadlines(
                        new Deadlines(
                                usual.virtiofsd(),
                                PATIENCE,
                                PATIENCE,
                                PATIENCE,
                                usual.hook(),
                                usual.destroy(),
                                usual.quit(),
                                usual.kill()))
                .build();
    }

    private Path taken(LyingQemu.Lie lie) {
        return files.resolve("taken-" + lie);
    }

    /** Starts a sandbox with the liar; shows that nothing is left of it, and others go on. */
    private EngineException startWith(LyingQemu.Lie lie) throws IOException {
        ContainerProcess process = other.container().exec(ProcessSpec.command("7"));
        ContainerRequest request =
                Workload.builder()
                        .id("box")
                        .rootfs(Files.createDirectories(files.resolve("rootfs")))
                        .command("true")
                        .build();
        Engine engine = engine(lie);

        EngineException failure =
                catchThrowableOfType(EngineException.class, () -> engine.start(request));

        assertThat(failure).isNotNull();
        assertThat(root.resolve("box")).doesNotExist();
        assertThat(MountTable.read().below(root)).isEmpty();
        assertThat(VmFixture.processesThatName(root.resolve("box"))).isEmpty();
        assertThat(failure.record()).isPresent();
        assertThat(failure.getMessage()).hasSizeLessThan(1200);
        assertThat(failure.getMessage().chars()).allMatch(c -> c >= ' ');
        agent.exit(process.id(), 7);
        assertThat(process.await(PATIENCE).code()).isEqualTo(7);
        return failure;
    }

    @Test
    void isFoundOutByGarbage() throws IOException {
        EngineException e = startWith(LyingQemu.Lie.GARBAGE);

        assertThat(e.category()).isEqualTo(EngineException.Category.HYPERVISOR);
        assertThat(e).hasMessageContaining("JSON");
    }

    @Test
    void isNotReadForEverWhenALineDoesNotEnd() throws IOException {
        EngineException e = startWith(LyingQemu.Lie.ENDLESS_LINE);

        assertThat(e.category()).isEqualTo(EngineException.Category.HYPERVISOR);
        assertThat(e).hasMessageContaining("a line of more than 1048576 bytes");
        assertThat(Files.size(taken(LyingQemu.Lie.ENDLESS_LINE)) * LyingQemu.TAKEN_BYTES)
                .isPositive()
                .isLessThan(MOST_BYTES);
    }

    @Test
    void isNotWaitedForLongerThanTheDeadlineWhateverItSays() throws IOException {
        for (LyingQemu.Lie lie :
                List.of(
                        LyingQemu.Lie.SILENCE,
                        LyingQemu.Lie.BLANK_LINES,
                        LyingQemu.Lie.SLOW_GREETING)) {
            EngineException e = startWith(lie);

            assertThat(e.category()).isEqualTo(EngineException.Category.TIMEOUT);
            assertThat(e).hasMessageContaining("QEMU's control socket does not say a line");
        }
    }

    @Test
    void isFoundOutByAnswersToWhatWasNotAsked() throws IOException {
        for (LyingQemu.Lie lie : List.of(LyingQemu.Lie.OTHER_ANSWERS, LyingQemu.Lie.TWO_ANSWERS)) {
            EngineException e = startWith(lie);

            assertThat(e.category()).isEqualTo(EngineException.Category.HYPERVISOR);
            assertThat(e).hasMessageContaining("answered what was not asked");
        }
    }

    @Test
    void floodsNobodyWithEvents() throws IOException {
        long before = usedBytes();

        EngineException e = startWith(LyingQemu.Lie.EVENTS);

        assertThat(e.category()).isEqualTo(EngineException.Category.TIMEOUT);
        assertThat(e).hasMessageContaining("QEMU did not answer qmp_capabilities");
        assertThat(usedBytes() - before).isLessThan(32 << 20);
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.FactoryConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SystemHost;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that go on from where another one stood still. */
@Tag("vm")
class TemplateVmTest {

    private static final Duration CLOCKS = Duration.ofMinutes(1);

    @TempDir Path files;
    private Path root;
    private Path rootfs;
    private Engine engine;

    @BeforeEach
    void open() {
        root = VmFixture.temporaryRoot();
        rootfs = TestRootfs.make(files.resolve("rootfs"));
        RuntimeConfig builtIn = BootFiles.builtIn(SystemHost.open());
        engine =
                Engine.builder()
                        .root(root)
                        .guest(VmFixture.guest())
                        .configuration(
                                builtIn.withFactoryConfig(
                                        builtIn.factoryConfig().toBuilder()
                                                .set(
                                                        FactoryConfig.TEMPLATE_PATH,
                                                        templates().toString(),
                                                        new Origin.Argument("test"))
                                                .build()))
                        .deadlines(VmFixture.DEADLINES)
                        .build();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(SandboxFinder.directories(root)).isEmpty();
        assertThat(VmFixture.processesThatName(root)).isEmpty();
        Files.delete(root);
    }

    private Path templates() {
        return files.resolve("templates");
    }

    private List<Path> templateDirectories() throws IOException {
        return SandboxFinder.directories(templates());
    }

    private Workload.Builder workload(String script) {
        return Workload.builder().id("box").rootfs(rootfs).command("sh", "-c", script);
    }

    private static List<String> lines(Sandbox sandbox) {
        VmFixture.Result result =
                VmFixture.finish(sandbox.container().process(), SharedMachine.NOTHING);
        assertThat(result.code()).as(result.stderr()).isZero();
        return result.stdout().lines().toList();
    }

    @Test
    void haveTheirOwnTimeRandomNumbersAndSize() throws IOException {
        String script =
                "cat /proc/sys/kernel/random/uuid; date +%s; nproc; grep MemTotal /proc/meminfo";
        List<String> first;
        List<String> second;
        try (Sandbox sandbox = engine.start(workload(script).build())) {
            assertThat(sandbox.timings().of(Step.TEMPLATE)).isPresent();
            first = lines(sandbox);
        }
        try (Sandbox sandbox =
                engine.start(workload(script).memory(MemorySize.ofMib(512)).cpus(1).build())) {
            assertThat(sandbox.timings().of(Step.TEMPLATE)).isEmpty();
            second = lines(sandbox);
        }

        assertThat(second.get(0)).isNotEqualTo(first.get(0));
        assertThat(Instant.ofEpochSecond(Long.parseLong(second.get(1))))
                .isBetween(Instant.now().minus(CLOCKS), Instant.now().plus(CLOCKS));
        assertThat(memoryKib(second.get(3)) - memoryKib(first.get(3))).isGreaterThan(400L << 10);
    }

    private static long memoryKib(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }

    @Test
    void areBootedIfTheTemplateIsDamaged() throws IOException {
        try (Sandbox sandbox = engine.start(workload("true").build())) {
            assertThat(lines(sandbox)).isEmpty();
        }
        assertThat(templateDirectories()).hasSize(1);
        Path template = templateDirectories().getFirst();
        try (FileChannel state =
                FileChannel.open(template.resolve("state"), StandardOpenOption.WRITE)) {
            state.truncate(state.size() / 2);
        }

        try (Sandbox sandbox = engine.start(workload("echo hello").build())) {
            assertThat(lines(sandbox)).containsExactly("hello");
            assertThat(engine.record("box").entries())
                    .extracting(RecordEntry::text)
                    .anyMatch(text -> text.startsWith("the template is given up: "));
        }
        assertThat(templateDirectories()).isEmpty();
    }
}

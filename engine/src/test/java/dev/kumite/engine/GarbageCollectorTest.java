package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.MountTable;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.oci.Hooks;
import dev.kumite.oci.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GarbageCollectorTest {

    /** A process that cannot be there any more. */
    private static final ProcessIdentity GONE = new ProcessIdentity(1 << 21, 1);

    @TempDir Path temporary;
    private Path root;
    private Engine engine;

    @BeforeEach
    void open() throws IOException {
        root = temporary.toRealPath().resolve("root");
        engine = Engine.builder().root(root).build();
    }

    private Path abandoned(String id) throws IOException {
        SandboxState state =
                SandboxState.starting(id, Instant.EPOCH, GONE)
                        .withPhase(SandboxState.Phase.RUNNING)
                        .with(new SandboxState.Entry(id, "running", "/bundle", Instant.EPOCH));
        SandboxHome.create(root.resolve(id), state).close();
        return root.resolve(id);
    }

    @Test
    void releasesFilesOfASandboxWhoseOwnerIsGone() throws IOException {
        Path directory = abandoned("box");
        for (String name :
                List.of(
                        "qmp.sock",
                        "agent-0.sock",
                        "agent-0.lock",
                        "virtiofsd.sock.pid",
                        "state.json.new",
                        "console.log")) {
            Files.createFile(directory.resolve(name));
        }

        GarbageReport report = engine.collectGarbage();

        assertThat(report).isEqualTo(new GarbageReport(List.of("box"), List.of(), List.of()));
        assertThat(directory).doesNotExist();
        assertThat(engine.record("box").entries())
                .extracting(RecordEntry::text)
                .contains("its owner is gone; what is left is released");
        assertThat(engine.collectGarbage())
                .isEqualTo(new GarbageReport(List.of(), List.of(), List.of()));
    }

    @Test
    void touchesNothingWhoseOwnerLives() throws IOException {
        SandboxState state = SandboxState.starting("box", Instant.EPOCH, ProcessIdentity.self());
        try (SandboxHome _ = SandboxHome.create(root.resolve("box"), state)) {
            assertThat(engine.collectGarbage().inUse()).containsExactly("box");
            assertThat(engine.find("box").orElseThrow().state())
                    .isEqualTo(SandboxStatus.State.STARTING);
        }
        assertThat(engine.collectGarbage().released()).containsExactly("box");
    }

    @Test
    void endsProcessesThatNameTheSandboxsSockets() throws Exception {
        Path directory = abandoned("box");
        // Shells keep the arguments behind the script on their command line.
        Process leftover =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "sleep 60; true",
                                "virtiofsd",
                                "--socket-path=" + directory.resolve("virtiofsd.sock"))
                        .start();

        engine.collectGarbage();

        assertThat(leftover.waitFor(10, TimeUnit.SECONDS)).isTrue();
        leftover.destroyForcibly();
    }

    @Test
    void unmountsBeforeItDeletes() throws IOException {
        try {
            HostRights.requireMounting();
        } catch (EngineException e) {
            Assumptions.abort("mounting needs root");
        }
        Path directory = abandoned("box");
        Path data = Files.createDirectory(temporary.resolve("data"));
        Files.writeString(data.resolve("precious"), "x");
        SharedTree tree = new SharedTree(directory);
        tree.make();
        tree.add(
                new VolumePlan.Shared(
                        data, "box/rootfs", true, true, VolumePlan.Access.READ_WRITE));

        GarbageReport report = engine.collectGarbage();

        assertThat(report.failures()).isEmpty();
        assertThat(MountTable.read().below(root)).isEmpty();
        assertThat(data.resolve("precious")).exists();
    }

    @Test
    void runsThePoststopHooksThatTheOwnerCouldNot() throws IOException {
        Path mark = temporary.resolve("mark");
        Spec spec = Workload.builder().rootfs(root).command("x").build().spec();
        Spec hooked =
                new Spec(
                        spec.ociVersion(),
                        spec.process(),
                        spec.root(),
                        "",
                        "",
                        List.of(),
                        Optional.of(
                                new Hooks(
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(
                                                new Hooks.Hook(
                                                        "/bin/sh",
                                                        List.of("sh", "-c", "cat > " + mark),
                                                        List.of("PATH=/bin:/usr/bin"),
                                                        Optional.empty())))),
                        spec.annotations(),
                        spec.linux(),
                        Optional.empty());
        Path directory = abandoned("box");
        try (SandboxHome home = SandboxHome.take(directory).orElseThrow()) {
            home.writeSpec("box", hooked);
        }

        engine.collectGarbage();

        assertThat(mark).content().contains("\"status\":\"stopped\"", "\"id\":\"box\"");
    }

    @Test
    void releasesADirectoryThatWasJustMade() throws IOException {
        Files.createDirectories(root.resolve("fresh"));

        assertThat(engine.collectGarbage().released()).containsExactly("fresh");
        assertThat(root.resolve("fresh")).doesNotExist();
    }

    @Test
    void leavesAloneWhatIsNoSandbox() throws IOException {
        Path other = Files.createDirectories(root.resolve("other"));
        Files.writeString(other.resolve("letter.txt"), "x");

        GarbageReport report = engine.collectGarbage();

        assertThat(report.released()).isEmpty();
        assertThat(report.failures()).singleElement().asString().contains("is no sandbox");
        assertThat(other.resolve("letter.txt")).exists();
        assertThat(other.resolve("lock")).doesNotExist();
    }

    @Test
    void listsWhatIsThereByName() throws IOException {
        abandoned("b");
        abandoned("a");

        assertThat(engine.list())
                .extracting(SandboxStatus::id, SandboxStatus::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", SandboxStatus.State.DEAD),
                        org.assertj.core.groups.Tuple.tuple("b", SandboxStatus.State.DEAD));
        assertThat(engine.list().getFirst().containers())
                .extracting(SandboxStatus.ContainerStatus::status)
                .containsExactly("stopped");
        assertThat(engine.find("none")).isEmpty();
    }

    @Test
    void keepsOnlyTheLastRecords() throws IOException {
        for (int i = 0; i < KeptRecords.MOST + 4; i++) {
            Path directory = abandoned("box" + i);
            Files.writeString(directory.resolve("console.log"), "x");
            engine.collectGarbage();
        }

        assertThat(SandboxFinder.directories(root.resolve(KeptRecords.DIRECTORY)))
                .hasSize(KeptRecords.MOST);
    }

    @Test
    void findsNoRecordOfWhatNeverWas() {
        org.assertj.core.api.Assertions.assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.record("none"))
                .matches(e -> e.category() == EngineException.Category.NOT_FOUND);
        org.assertj.core.api.Assertions.assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.attach("none"))
                .matches(e -> e.category() == EngineException.Category.NOT_FOUND);
        org.assertj.core.api.Assertions.assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.adopt("none"))
                .matches(e -> e.category() == EngineException.Category.NOT_FOUND);
    }

    @Test
    void adoptsNothingWithoutAMachine() throws IOException {
        abandoned("box");

        org.assertj.core.api.Assertions.assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.adopt("box"))
                .matches(e -> e.category() == EngineException.Category.ILLEGAL_STATE);
        assertThat(engine.collectGarbage().released()).containsExactly("box");
    }
}

package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.FactoryConfig;
import dev.kumite.config.HypervisorConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SystemHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with templates, machines are booted. */
class TemplatesTest {

    private static final Origin TEST = new Origin.Argument("test");

    @TempDir Path directory;
    private Path guest;

    @BeforeEach
    void makeGuest() throws IOException {
        try {
            HostRights.requireMounting();
        } catch (EngineException e) {
            Assumptions.abort("preparing a sandbox needs root");
        }
        guest = Files.createDirectory(directory.resolve("guest"));
        for (String name : List.of("vmlinuz", "initrd.img", "root.img", "manifest.json")) {
            Files.writeString(guest.resolve(name), name);
        }
    }

    /** {@return an engine whose QEMU and virtiofsd end at once} */
    private Engine engine(boolean templates, String share) {
        RuntimeConfig builtIn = BootFiles.builtIn(SystemHost.open());
        return Engine.builder()
                .root(directory.resolve("root"))
                .configuration(
                        builtIn.withHypervisorConfig(
                                        builtIn.hypervisorConfig().toBuilder()
                                                .set(
                                                        HypervisorConfig.HYPERVISOR_PATH,
                                                        "/bin/false",
                                                        TEST)
                                                .set(
                                                        HypervisorConfig.VIRTIO_FS_DAEMON,
                                                        "/bin/false",
                                                        TEST)
                                                .set(HypervisorConfig.SHARED_FS, share, TEST)
                                                .build())
                                .withFactoryConfig(
                                        builtIn.factoryConfig().toBuilder()
                                                .set(FactoryConfig.TEMPLATE, templates, TEST)
                                                .build()))
                .guest(guest)
                .build();
    }

    private List<String> find(Engine engine, boolean expected) throws IOException {
        SandboxPreparation preparation =
                SandboxPreparation.of(
                        engine,
                        Workload.builder()
                                .id("box")
                                .rootfs(directory)
                                .command("true")
                                .noNetwork()
                                .build());
        Path home = Files.createDirectory(directory.resolve(UUID.randomUUID().toString()));
        try (RecordWriter record = RecordWriter.open(home, Clock.systemUTC())) {
            Templates templates =
                    new Templates(engine, preparation, record, new StepClock(Clock.systemUTC()));
            assertThat(templates.find().isPresent()).isEqualTo(expected);
        }
        return Files.readAllLines(home.resolve(RecordWriter.FILE));
    }

    private Path kept() {
        return guest.resolve("template");
    }

    @Test
    void nothingIsMadeWhereNoneAreWanted() throws IOException {
        assertThat(find(engine(false, "virtio-fs"), false)).isEmpty();
        assertThat(kept()).doesNotExist();
    }

    @Test
    void machinesWith9pAreBooted() throws IOException {
        Files.writeString(guest.resolve("manifest.json"), "{\"path\":\"/lib/modules/6.1/9p.ko\"}");
        assertThat(find(engine(true, "virtio-9p"), false))
                .singleElement()
                .asString()
                .contains("cannot go on from a template");
        assertThat(kept()).doesNotExist();
    }

    @Test
    void whatCouldNotBeMadeIsNotTriedAgainAtOnce() throws IOException {
        Engine engine = engine(true, "virtio-fs");

        List<String> first = find(engine, false);
        List<String> second = find(engine, false);

        assertThat(first).anyMatch(line -> line.contains("QEMU ended while it started"));
        assertThat(second)
                .singleElement()
                .asString()
                .contains("it could not be made: QEMU ended while it started");
        assertThat(SandboxFinder.directories(directory.resolve("root"))).isEmpty();
        assertThat(SandboxFinder.directories(kept())).isEmpty();
    }

    @Test
    void whatFailedLongAgoIsTriedAgain() throws IOException {
        Engine engine = engine(true, "virtio-fs");
        find(engine, false);
        Path failed;
        try (var entries = Files.newDirectoryStream(kept(), "*.failed")) {
            failed = entries.iterator().next();
        }
        Files.setLastModifiedTime(failed, FileTime.from(Instant.now().minusSeconds(3600)));

        assertThat(find(engine, false))
                .anyMatch(line -> line.contains("it is booted: QEMU ended while it started"));
    }

    @Test
    void theTemplateThatIsThereIsTaken() throws IOException {
        Engine engine = engine(true, "virtio-fs");
        find(engine, false);
        try (var entries = Files.newDirectoryStream(kept(), "*.failed")) {
            String name = String.valueOf(entries.iterator().next().getFileName());
            Files.createDirectory(kept().resolve(name.substring(0, name.indexOf('.'))));
        }

        assertThat(find(engine, true)).isEmpty();
    }

    @Test
    void theOldestGiveWay() throws IOException {
        Engine engine = engine(true, "virtio-fs");
        Files.createDirectory(kept());
        for (int i = 0; i < Templates.MOST + 2; i++) {
            Path old = Files.createDirectory(kept().resolve("0" + i));
            Files.writeString(old.resolve("state"), "x");
            Files.setLastModifiedTime(old, FileTime.fromMillis(1_000_000L * (10 - i)));
        }

        find(engine, false);

        assertThat(SandboxFinder.directories(kept()))
                .extracting(path -> path.getFileName().toString())
                .containsExactlyInAnyOrder("00", "01", "02");
    }
}

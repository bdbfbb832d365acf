package dev.kumite.guestimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds guests from Debian's real packages and the distribution's real agent, and boots them.
 * Needs the distribution ({@code scripts/dist}), apt and QEMU.
 */
@Tag("vm")
final class GuestBootTest {

    /** Surefire starts in the module's directory. */
    private static final Path PARTS =
            Path.of(System.getProperty("kumite.guest.parts", "../target/dist/guest"));

    @TempDir private static Path shared;
    @TempDir private Path directory;
    private static Path guest;

    @BeforeAll
    static void build() {
        guest = shared.resolve("guest");
        build(PARTS, guest);
    }

    @Test
    void realPackagesGiveTheSameBytesTwice() {
        Path second = directory.resolve("again");

        GuestManifest manifest = build(PARTS, second);

        assertThat(GuestManifest.read(guest)).isEqualTo(manifest);
        assertThat(manifest.damaged(guest)).isEmpty();
        assertThat(manifest.contents())
                .extracting(GuestManifest.FileEntry::path)
                .contains("root.img:/usr/bin/crun", "root.img:/usr/lib/kumite/agent.aot");
    }

    @Test
    void theAgentAnswersAndItsAotCacheIsUsed() throws Exception {
        Path strict = parts("-XX:AOTMode=on");
        build(strict, directory.resolve("guest"));

        try (TestMachine machine = TestMachine.start(directory.resolve("guest"), directory)) {
            assertThat(machine.checkHealth()).isEqualTo(2);
        }
    }

    @Test
    void theMachineEndsWhenTheAgentDoes() throws Exception {
        Path broken = parts("-XX:NoSuchOption");
        build(broken, directory.resolve("guest"));

        try (TestMachine machine = TestMachine.start(directory.resolve("guest"), directory)) {
            assertThat(machine.awaitEnd()).isTrue();
            assertThat(machine.console()).contains("NoSuchOption", "Attempted to kill init");
        }
    }

    private static GuestManifest build(Path parts, Path output) {
        return GuestBuild.of(AgentFiles.in(parts))
                .withPackageCache(shared.resolve("packages"))
                .into(output);
    }

    /** The distribution's files, with one more option for the agent's virtual machine. */
    private Path parts(String option) throws IOException {
        Path copy = directory.resolve("parts");
        try (Stream<Path> walk = Files.walk(PARTS)) {
            for (Path from : walk.toList()) {
                Files.copy(
                        from,
                        copy.resolve(PARTS.relativize(from).toString()),
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.writeString(copy.resolve("flags"), option + "\n", StandardOpenOption.APPEND);
        return copy;
    }
}

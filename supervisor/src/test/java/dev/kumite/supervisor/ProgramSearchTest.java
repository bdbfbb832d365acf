package dev.kumite.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramSearchTest {

    @TempDir private Path bundle;

    @BeforeEach
    void make() throws IOException {
        Path rootfs = Files.createDirectories(bundle.resolve("rootfs"));
        Files.createDirectories(rootfs.resolve("usr/bin"));
        Files.createFile(rootfs.resolve("usr/bin/real"));
        Files.createSymbolicLink(rootfs.resolve("bin"), Path.of("usr/bin"));
        Files.createSymbolicLink(rootfs.resolve("usr/bin/link"), Path.of("/bin/../bin/real"));
        Files.createSymbolicLink(rootfs.resolve("usr/bin/loop"), Path.of("loop"));
        Files.createSymbolicLink(rootfs.resolve("usr/bin/out"), Path.of("../../../../etc/passwd"));
    }

    private Optional<String> complaint(String program, String... env) {
        String json =
                """
                {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
                 "process": {"args": ["%s"], "cwd": "/usr", "env": [%s]},
                 "mounts": [{"destination": "/volume", "source": "/x", "type": "bind"}]}
                """
                        .formatted(program, env.length == 0 ? "" : "\"" + env[0] + "\"");
        return ProgramSearch.complaint(SpecReader.read(json, "t").value().orElseThrow(), bundle);
    }

    @Test
    void findsProgramsInThePathAndThroughLinks() {
        assertThat(complaint("real", "PATH=/sbin:/bin")).isEmpty();
        assertThat(complaint("link", "PATH=/bin")).isEmpty();
        assertThat(complaint("/usr/bin/real")).isEmpty();
        assertThat(complaint("bin/real")).isEmpty();
    }

    @Test
    void saysWhatIsMissingInTheWordsThatEnginesKnow() {
        assertThat(complaint("none", "PATH=/sbin:/bin"))
                .contains("exec: \"none\": executable file not found in $PATH");
        assertThat(complaint("/bin/none"))
                .contains("exec: \"/bin/none\": stat /bin/none: no such file or directory");
        assertThat(complaint("loop", "PATH=/bin")).isPresent();
    }

    @Test
    void linksDoNotLeadOutOfTheContainer() {
        assertThat(complaint("/bin/out")).isPresent();
    }

    @Test
    void saysNothingWhereItCannotBeSure() {
        assertThat(complaint("none")).isEmpty();
        assertThat(complaint("none", "PATH=relative")).isEmpty();
        assertThat(complaint("none", "PATH=/volume/bin:/bin")).isEmpty();
        assertThat(complaint("/volume/none")).isEmpty();
    }
}

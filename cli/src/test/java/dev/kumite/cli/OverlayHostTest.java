package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.Host;
import dev.kumite.config.SystemHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OverlayHostTest {

    @TempDir private Path directory;

    private String root;
    private Host host;

    @BeforeEach
    void addAFile() throws IOException {
        root = directory.toRealPath().toString();
        Files.createDirectory(directory.resolve("there"));
        host =
                OverlayHost.of(
                        SystemHost.open(),
                        3,
                        Map.of(
                                root + "/there/added",
                                new byte[] {1, 2},
                                root + "/absent/added",
                                new byte[] {3}));
    }

    @Test
    void hasItsOwnNumberOfCpus() {
        assertThat(host.cpuCount()).isEqualTo(3);
    }

    @Test
    void hasTheAddedFiles() {
        assertThat(host.exists(root + "/there/added")).isTrue();
        assertThat(host.size(root + "/there/added")).hasValue(2);
        assertThat(host.resolve(root + "/there/../there/added"))
                .isEqualTo(new Host.Resolution.Found(root + "/there/added"));
        assertThat(host.resolve(root + "/absent/added"))
                .isEqualTo(new Host.Resolution.Found(root + "/absent/added"));
        assertThat(host.read(root + "/absent/added", 1)).isInstanceOf(Host.Contents.Bytes.class);
        assertThat(host.read(root + "/there/added", 1)).isInstanceOf(Host.Contents.Failed.class);
    }

    @Test
    void findsThemThroughLinks() throws IOException {
        Files.createSymbolicLink(directory.resolve("relative"), Path.of("there/added"));
        Files.createSymbolicLink(directory.resolve("there/absolute"), Path.of(root + "/relative"));
        Files.createSymbolicLink(directory.resolve("folder"), Path.of("there"));

        for (String path : new String[] {"/relative", "/there/absolute", "/folder/added"}) {
            assertThat(host.resolve(root + path))
                    .isEqualTo(new Host.Resolution.Found(root + "/there/added"));
        }
    }

    @Test
    void findsNothingWhereThereIsNothing() throws IOException {
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));

        for (String path : new String[] {"/loop", "/there/added/x", "/there/none", "/\0"}) {
            assertThat(host.resolve(root + path)).isNotInstanceOf(Host.Resolution.Found.class);
            assertThat(host.read(root + path, 10)).isInstanceOf(Host.Contents.Failed.class);
        }
    }

    @Test
    void isTheHostOtherwise() throws IOException {
        Files.writeString(directory.resolve("real"), "abc");

        assertThat(host.size(root + "/real")).hasValue(3);
        assertThat(host.list(root)).containsExactly("real", "there");
        assertThat(host.isDirectory(root)).isTrue();
        assertThat(host.fileSystemSize(root)).isPresent();
        assertThat(host.isTmpfsMount(root)).isFalse();
        assertThat(host.workingDirectory()).isEqualTo(SystemHost.open().workingDirectory());
    }
}

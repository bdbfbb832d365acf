package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkNamespaceTest {
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");

    @TempDir Path directory;

    @Test
    void aNamespaceIsMadeEnteredAndEnded() throws Exception {
        OwnMountNamespace.run(() -> {
            Path place = directory.resolve("net");
            Path here = Files.readSymbolicLink(OWN);

            NetworkNamespace.create(place);

            Path there = NetworkNamespace.run(place, () -> Files.readSymbolicLink(OWN));
            assertThat(there).isNotEqualTo(here);
            assertThat(Files.readSymbolicLink(OWN)).isEqualTo(here);
            assertThatThrownBy(() -> NetworkNamespace.create(place))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));

            NetworkNamespace.delete(place);
            NetworkNamespace.delete(place);
            assertThat(place).doesNotExist();
        });
    }

    @Test
    void programsThatTheBodyStartsAreInTheNamespace() throws Exception {
        RootOnly.assume();

        NetworkNamespace.runInNew(() -> {
            Process process = new ProcessBuilder("readlink", "/proc/self/ns/net").start();
            return assertThat(process.inputReader().readLine())
                    .isEqualTo(Files.readSymbolicLink(OWN).toString());
        });
    }

    @Test
    void whatTheBodyThrowsComesOut() {
        RootOnly.assume();

        assertThatThrownBy(() ->
                        NetworkNamespace.runInNew(() -> {
                            throw new IOException("from inside");
                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("from inside");
    }

    @Test
    void otherFilesAreNoNamespaces() throws Exception {
        RootOnly.assume();
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> NetworkNamespace.run(file, () -> 1))
                .isInstanceOf(LinuxException.class)
                .hasMessage("enter network namespace \"" + file + "\": invalid argument");
    }
}

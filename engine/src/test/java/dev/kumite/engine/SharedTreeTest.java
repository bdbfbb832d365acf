package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.linux.MountTable;
import dev.kumite.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real mounts, for which the tests must be root. */
class SharedTreeTest {

    @TempDir Path temporary;
    private Path directory;
    private SharedTree tree;

    @BeforeEach
    void make() throws IOException {
        try {
            HostRights.requireMounting();
        } catch (EngineException e) {
            Assumptions.abort("mounting needs root");
        }
        directory = Files.createDirectory(temporary.toRealPath().resolve("box"));
        tree = new SharedTree(directory);
        tree.make();
    }

    @AfterEach
    void release() throws IOException {
        if (tree != null) {
            tree.removeAll();
            assertThat(MountTable.read().below(directory)).isEmpty();
            assertThat(directory).isEmptyDirectory();
        }
    }

    private Path volume(String name, VolumePlan.Access access) throws IOException {
        Path source = Files.createDirectory(temporary.resolve(name));
        Files.writeString(source.resolve("file"), name);
        tree.add(new VolumePlan.Shared(source, name, true, true, access));
        return directory.resolve("shared").resolve(name);
    }

    @Test
    void showsDirectories() throws IOException {
        Path shown = volume("c/rootfs", temporary);

        Files.writeString(shown.resolve("new"), "x");

        assertThat(temporary.resolve("rootfs-c/new")).content().isEqualTo("x");
    }

    private Path volume(String name, Path parent) throws IOException {
        Path source = Files.createDirectory(parent.resolve("rootfs-c"));
        tree.add(new VolumePlan.Shared(source, name, true, true, VolumePlan.Access.READ_WRITE));
        return directory.resolve("shared").resolve(name);
    }

    @Test
    void showsFiles() throws IOException {
        Path source = Files.writeString(temporary.resolve("hosts"), "::1 me");
        tree.add(
                new VolumePlan.Shared(
                        source, "c-1-hosts", false, true, VolumePlan.Access.READ_ONLY));

        Path shown = directory.resolve("shared/c-1-hosts");

        assertThat(shown).content().isEqualTo("::1 me");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Files.writeString(shown, "y"));
    }

    @Test
    void letsNobodyWriteBesideTheVolumes() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Files.writeString(directory.resolve("shared/fill"), "x"));
    }

    @Test
    void holdsWhatIsReadOnly() throws IOException {
        Path shown = volume("data", VolumePlan.Access.READ_ONLY);

        assertThat(shown.resolve("file")).content().isEqualTo("data");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Files.writeString(shown.resolve("file"), "y"));
    }

    @Test
    void holdsWhatIsMountedInAReadOnlyTreeWhereThatIsAsked() throws IOException {
        Path source = Files.createDirectory(temporary.resolve("outer"));
        Path inner = Files.createDirectory(source.resolve("inner"));
        Mounts.mount("tmpfs", inner, "tmpfs", 0, "size=64k");
        try {
            tree.add(new VolumePlan.Shared(source, "ro", true, true, VolumePlan.Access.READ_ONLY));
            tree.add(
                    new VolumePlan.Shared(
                            source, "rro", true, true, VolumePlan.Access.READ_ONLY_RECURSIVELY));

            Files.writeString(directory.resolve("shared/ro/inner/x"), "x");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(
                            () -> Files.writeString(directory.resolve("shared/rro/inner/x"), "y"));
        } finally {
            tree.removeAll();
            Mounts.unmount(inner);
        }
    }

    @Test
    void lacksWhatIsMountedBelowWhereNotAsked() throws IOException {
        Path source = Files.createDirectory(temporary.resolve("outer"));
        Path inner = Files.createDirectory(source.resolve("inner"));
        Mounts.mount("tmpfs", inner, "tmpfs", 0, "size=64k");
        try {
            Files.writeString(inner.resolve("x"), "x");
            tree.add(
                    new VolumePlan.Shared(
                            source, "flat", true, false, VolumePlan.Access.READ_WRITE));

            assertThat(directory.resolve("shared/flat/inner")).isEmptyDirectory();
        } finally {
            tree.removeAll();
            Mounts.unmount(inner);
        }
    }

    @Test
    void takesOutWhatBelongsToOneContainer() throws IOException {
        volume("a", VolumePlan.Access.READ_WRITE);
        volume("a-1-data", VolumePlan.Access.READ_WRITE);
        volume("a-b", VolumePlan.Access.READ_WRITE);

        tree.remove("a", Set.of("a-b"));

        assertThat(directory.resolve("shared/a")).doesNotExist();
        assertThat(directory.resolve("shared/a-1-data")).doesNotExist();
        assertThat(directory.resolve("shared/a-b/file")).content().isEqualTo("a-b");
        assertThat(temporary.resolve("a/file")).content().isEqualTo("a");
    }

    @Test
    void neverDeletesWhatIsShared() throws IOException {
        volume("precious", VolumePlan.Access.READ_WRITE);

        tree.removeAll();
        tree.removeAll();

        assertThat(temporary.resolve("precious/file")).content().isEqualTo("precious");
    }

    @Test
    void leavesFilesAloneThatSomebodyPutThere() throws IOException {
        Path stranger = Files.writeString(directory.resolve("tree/stranger"), "x");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(tree::removeAll)
                .withMessageContaining("is not empty, so it is not deleted");

        Files.delete(stranger);
    }

    @Test
    void passesNoMountOnToOtherPlacesOfTheHost() {
        MountTable.Entry shared = MountTable.read().at(directory.resolve("shared")).orElseThrow();

        assertThat(shared.sharedGroup()).isPresent();
        assertThat(
                        MountTable.read().entries().stream()
                                .filter(entry -> entry.sharedGroup().equals(shared.sharedGroup())))
                .hasSize(1);
    }

    @Test
    void hasPlacesForWhatTheGuestMountsWhichGoWithTheirContainer() throws IOException {
        tree.addPlace("c-1-root");
        assertThat(directory.resolve("shared/c-1-root")).isEmptyDirectory();

        tree.remove("c", Set.of());

        assertThat(directory.resolve("shared/c-1-root")).doesNotExist();
    }
}

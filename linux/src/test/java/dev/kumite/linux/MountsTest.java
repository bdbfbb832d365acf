package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MountsTest {
    @TempDir Path directory;

    @Test
    void aFileSystemIsMountedListedAndUnmounted() throws Exception {
        OwnMountNamespace.run(() -> {
            Path place = Files.createDirectory(directory.resolve("a b"));

            Mounts.mount("none", place, "tmpfs", Mounts.NO_SUID | Mounts.NO_DEV, "size=64k");

            MountTable.Entry entry = MountTable.read().at(place).orElseThrow();
            assertThat(entry.type()).isEqualTo("tmpfs");
            assertThat(entry.options()).contains("nosuid", "nodev", "rw");
            assertThat(entry.superOptions()).contains("size=64k");

            Mounts.unmount(place);
            assertThat(MountTable.read().at(place)).isEmpty();
        });
    }

    @Test
    void aReadOnlyBindMountRefusesWritesAndKeepsTheFlagsOfItsSource() throws Exception {
        OwnMountNamespace.run(() -> {
            Path source = tmpfs("source", Mounts.NO_SUID);
            Path target = Files.createDirectory(directory.resolve("target"));

            Mounts.mount(
                    source.toString(),
                    target,
                    "",
                    MountOptions.parse(List.of("rbind", "ro", "nodev", "rslave")));

            assertThatThrownBy(() -> Files.createFile(target.resolve("f")))
                    .isInstanceOf(IOException.class);
            assertThat(MountTable.read().at(target).orElseThrow().options())
                    .contains("ro", "nodev", "nosuid");
            Files.createFile(source.resolve("f"));
            assertThat(target.resolve("f")).exists();
        });
    }

    @Test
    void recursiveAttributesReachTheMountsBelow() throws Exception {
        OwnMountNamespace.run(() -> {
            Path source = tmpfs("source", 0);
            Path inner = Files.createDirectory(source.resolve("inner"));
            Mounts.mount("none", inner, "tmpfs", 0, "");
            Path target = Files.createDirectory(directory.resolve("target"));

            Mounts.mount(
                    source.toString(),
                    target,
                    "",
                    MountOptions.parse(List.of("rbind", "rro", "rnoatime")));

            MountTable.Entry below = MountTable.read().at(target.resolve("inner")).orElseThrow();
            assertThat(below.isReadOnly()).isTrue();
            assertThat(below.options()).contains("noatime");
        });
    }

    @Test
    void propagationIsShownInTheTable() throws Exception {
        OwnMountNamespace.run(() -> {
            Path place = tmpfs("place", 0);

            Mounts.propagate(place, Mounts.Propagation.SHARED);
            assertThat(MountTable.read().at(place).orElseThrow().sharedGroup()).isPresent();

            Mounts.propagateRecursively(place, Mounts.Propagation.UNBINDABLE);
            assertThat(MountTable.read().at(place).orElseThrow().unbindable()).isTrue();
        });
    }

    @Test
    void aTreeInUseIsDetachedAtOnce() throws Exception {
        OwnMountNamespace.run(() -> {
            Path place = tmpfs("place", 0);
            try (Fd file = Fd.open(place.resolve("f"), Fd.O_RDWR | Fd.O_CREAT, 0600)) {
                assertThatThrownBy(() -> Mounts.unmount(place))
                        .isInstanceOfSatisfying(
                                LinuxException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY));

                Mounts.detach(place);

                assertThat(MountTable.read().below(place)).isEmpty();
                file.truncate(1);
            }
        });
    }

    @Test
    void aFileSystemIsRemountedAndMoved() throws Exception {
        OwnMountNamespace.run(() -> {
            Path place = tmpfs("place", 0);
            Path other = Files.createDirectory(directory.resolve("other"));

            Mounts.remount(place, Mounts.READ_ONLY, "size=128k");
            Mounts.move(place, other);

            MountTable.Entry moved = MountTable.read().at(other).orElseThrow();
            assertThat(moved.superOptions()).contains("ro", "size=128k");
            assertThat(MountTable.read().at(place)).isEmpty();
        });
    }

    @Test
    void unmountingDoesNotFollowALink() throws Exception {
        OwnMountNamespace.run(() -> {
            Path place = tmpfs("place", 0);
            Path link = Files.createSymbolicLink(directory.resolve("link"), place);

            assertThatThrownBy(() -> Mounts.detach(link))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
            assertThat(MountTable.read().at(place)).isPresent();
        });
    }

    @Test
    void aFailureSaysWhatWasToBeMountedWhere() throws Exception {
        OwnMountNamespace.run(() -> {
            assertThatThrownBy(() -> Mounts.bind(directory.resolve("no"), directory))
                    .isInstanceOf(LinuxException.class)
                    .hasMessage(
                            "mount \"%s\" on \"%s\": no such file or directory"
                                    .formatted(directory.resolve("no"), directory));
            assertThatThrownBy(() -> Mounts.mount("x", directory, "nofs", 0, "a=b"))
                    .isInstanceOf(LinuxException.class)
                    .hasMessage(
                            "mount \"x\" on \"%s\" as nofs with \"a=b\": no such device"
                                    .formatted(directory));
        });
    }

    @Test
    void theRootCanBeReplaced() throws Exception {
        OwnMountNamespace.run(() -> {
            Path root = tmpfs("root", 0);
            Files.createDirectory(root.resolve("old"));
            Files.createFile(root.resolve("here"));

            Mounts.pivotRoot(root, root.resolve("old"));

            assertThat(Path.of("/here")).exists();
        });
    }

    private Path tmpfs(String name, long flags) throws IOException {
        Path place = Files.createDirectory(directory.resolve(name));
        Mounts.mount("none", place, "tmpfs", flags, "size=64k");
        return place;
    }
}

package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumite.agentprotocol.messages.Mount;
import dev.kumite.agentprotocol.messages.Root;
import dev.kumite.agentprotocol.messages.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With file systems that are mounted before somebody looks into them; see the engine's tests. */
final class SharedMountsTest {

    private static final List<String> BUSYBOX = List.of("/bin/busybox");

    @TempDir Path directory;
    private GuestLayout layout;
    private SharedMounts mounts;
    private Path volume;
    private Spec spec;

    @BeforeEach
    void mountAVolume() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/proc/1/oom_score_adj")), "not root");
        layout =
                new GuestLayout(
                        directory.resolve("run"),
                        directory.resolve("state"),
                        List.of(),
                        BUSYBOX,
                        directory.resolve("cgroup"),
                        "disabled");
        mounts = new SharedMounts(layout);
        volume = Files.createDirectories(layout.share().resolve("c1-volume"));
        Path plain = Files.createDirectories(layout.share().resolve("c1/rootfs"));
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        for (Path place : List.of(volume, elsewhere)) {
            Command.require(
                    Command.line(BUSYBOX, "mount", "-t", "tmpfs", "tmpfs", place.toString()),
                    10,
                    "cannot mount");
        }
        spec =
                Spec.newBuilder()
                        .setRoot(Root.newBuilder().setPath(plain.toString()))
                        .addMounts(Mount.newBuilder().setSource(volume.toString()))
                        .addMounts(Mount.newBuilder().setSource(elsewhere.toString()))
                        .addMounts(Mount.newBuilder().setSource(layout.share() + "/not-there"))
                        .addMounts(Mount.newBuilder().setSource("proc"))
                        .build();
    }

    @AfterEach
    void unmount() throws IOException {
        for (String place : mounted()) {
            Command.run(Command.line(BUSYBOX, "umount", place), 10);
        }
    }

    private List<String> mounted() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.map(line -> line.split(" ", 6)[4])
                    .filter(place -> place.startsWith(directory + "/"))
                    .toList();
        }
    }

    @Test
    void areUnmountedWithTheirContainer() throws IOException {
        mounts.hold("c1", spec);
        mounts.settle("c1");
        assertThat(mounted()).hasSize(2).contains(volume.toString());

        mounts.release("c1", true);

        assertThat(mounted()).containsExactly(directory.resolve("elsewhere").toString());
    }

    @Test
    void ofTheLastContainerAreLeftToTheNext() throws IOException {
        mounts.hold("c1", spec);

        mounts.release("c1", false);

        assertThat(mounted()).hasSize(2);
        mounts.hold("c2", Spec.getDefaultInstance());
        assertThat(mounted()).containsExactly(directory.resolve("elsewhere").toString());
    }

    @Test
    void holdTheNamespaceOnlyOfAContainerThatIsThere() throws IOException {
        int self = (int) ProcessHandle.current().pid();
        mounts.hold("c1", spec);
        mounts.holdNamespace("c1", self);
        mounts.holdNamespace("c2", self);
        assertThat(openNamespaces()).isEqualTo(1);

        mounts.settle("c1");
        assertThat(openNamespaces()).isZero();

        mounts.holdNamespace("c1", self);
        mounts.release("c1", true);
        assertThat(openNamespaces()).isZero();
        mounts.holdNamespace("c1", self);
        assertThat(openNamespaces()).isZero();
    }

    private static long openNamespaces() throws IOException {
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            long count = 0;
            for (Path descriptor : descriptors) {
                try {
                    if (Files.readSymbolicLink(descriptor).toString().startsWith("mnt:[")) {
                        count++;
                    }
                } catch (IOException _) {
                    // Closed meanwhile.
                }
            }
            return count;
        }
    }

    @Test
    void doNotMindAContainerThatHasNone() throws IOException {
        mounts.hold("c2", Spec.getDefaultInstance());

        mounts.settle("c2");
        mounts.release("c2", true);

        assertThat(mounted()).hasSize(2);
    }
}

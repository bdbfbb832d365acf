package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.agentprotocol.messages.Mount;
import dev.kumite.agentprotocol.messages.Root;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RootOverlayTest {

    @TempDir private Path directory;

    private Path root;
    private Path bundle;

    @BeforeEach
    void makeDirectories() throws Exception {
        root = Files.createDirectories(directory.resolve("rootfs"));
        bundle = Files.createDirectories(directory.resolve("bundle"));
    }

    private Spec spec(boolean readonly, String... destinations) {
        Spec.Builder spec =
                Spec.newBuilder()
                        .setRoot(Root.newBuilder().setPath(root.toString()).setReadonly(readonly));
        for (String destination : destinations) {
            spec.addMounts(Mount.newBuilder().setDestination(destination));
        }
        return spec.build();
    }

    @Test
    void isNotMadeWhereEveryMountHasItsPlace() throws Exception {
        Files.createDirectory(root.resolve("proc"));
        Files.createDirectory(root.resolve("dev"));

        assertThat(RootOverlay.of(spec(true, "/proc", "/dev", "/dev/pts"), bundle)).isEmpty();
        assertThat(bundle).isEmptyDirectory();
    }

    @Test
    void isNotMadeOverARootThatCanBeWritten() {
        assertThat(RootOverlay.of(spec(false, "/proc"), bundle)).isEmpty();
    }

    @Test
    void liesOverAReadOnlyRootThatLacksAPlace() {
        Spec spec = spec(true, "/proc");

        Storage layer = RootOverlay.of(spec, bundle).orElseThrow();

        assertThat(layer.getFstype()).isEqualTo("overlay");
        assertThat(layer.getOptionsList()).contains("lowerdir=" + root);
        Spec onto = RootOverlay.onto(spec, layer);
        assertThat(onto.getRoot().getPath()).isEqualTo(layer.getMountPoint());
        assertThat(onto.getRoot().getReadonly()).isTrue();
    }

    @Test
    void leavesNothingBehind() throws Exception {
        RootOverlay.of(spec(true, "/proc"), bundle);
        Files.createDirectories(bundle.resolve("upper/proc/deep"));
        Path outside = Files.createFile(directory.resolve("outside"));
        Files.createSymbolicLink(bundle.resolve("upper/link"), directory);

        RootOverlay.delete(bundle);

        assertThat(bundle).isEmptyDirectory();
        assertThat(outside).exists();
    }
}

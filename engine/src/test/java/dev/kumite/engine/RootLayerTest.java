package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootLayerTest {

    @TempDir Path root;

    @BeforeEach
    void makePlaces() throws Exception {
        Files.createDirectory(root.resolve("proc"));
        Files.createDirectory(root.resolve("dev"));
    }

    private boolean hasAllPlaces(String... destinations) {
        List<Mount> mounts =
                Stream.of(destinations)
                        .map(place ->
                                new Mount(place, "bind", "/x", List.of(), List.of(), List.of()))
                        .toList();
        return RootLayer.hasAllPlaces(root, mounts);
    }

    @Test
    void aMountWantsAPlaceUnlessItIsInAnother() {
        assertThat(hasAllPlaces("/proc", "/dev", "/dev/pts", "/dev/shm")).isTrue();
        assertThat(hasAllPlaces("/proc", "/etc/hosts")).isFalse();
        assertThat(hasAllPlaces("/proc/nowhere")).isFalse();
        assertThat(hasAllPlaces("/")).isTrue();
    }

    /** The link leads somewhere else on the host than in the container. */
    @Test
    void aLinkIsNotFollowedOnTheHost() throws Exception {
        Files.createSymbolicLink(root.resolve("var"), Path.of("/nowhere"));

        assertThat(hasAllPlaces("/var/run/secrets")).isTrue();
    }

    @Test
    void liesOverTheRootInMemoryOfTheGuest() {
        List<GuestStorage> storages = RootLayer.storages("/lower", "/layer", "/place");

        assertThat(storages)
                .extracting(GuestStorage::mountPoint)
                .containsExactly("/layer", "/layer/upper", "/layer/work", "/place");
        assertThat(storages.getFirst().fstype()).isEqualTo("tmpfs");
        assertThat(storages.getLast().options())
                .containsExactly(
                        "lowerdir=/lower/.", "upperdir=/layer/upper", "workdir=/layer/work");
    }
}

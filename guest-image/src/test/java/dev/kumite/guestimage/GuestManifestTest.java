package dev.kumite.guestimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuestManifestTest {

    private static final GuestManifest MANIFEST =
            new GuestManifest(
                    "amd64",
                    "6.1.0-9-cloud-amd64",
                    "25.0.3",
                    List.of(new GuestManifest.PackageEntry("crun", "1.8-1", "amd64", "ab")),
                    List.of(new GuestManifest.FileEntry("vmlinuz", 12, "cd")),
                    List.of(new GuestManifest.FileEntry("root.img:/\u00fc \"x\"", 1, "ef")));

    @TempDir private Path directory;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(read(MANIFEST.toJson())).isEqualTo(MANIFEST);
    }

    @Test
    void aNewerFormIsRefused() {
        assertThatThrownBy(() -> read(MANIFEST.toJson().replace("\"format\":1", "\"format\":2")))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void aDirectoryWithoutManifestHoldsNoGuest() {
        assertThatThrownBy(() -> GuestManifest.read(directory))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("kumite guest build");
    }

    @Test
    void whatIsNoManifestIsRefusedAndNothingElseHappens() throws IOException {
        String json = MANIFEST.toJson();
        Random random = new Random(2);
        for (int i = 0; i < 2000; i++) {
            StringBuilder broken = new StringBuilder(json);
            broken.setCharAt(
                    random.nextInt(json.length()), "{}[]\":,x1\n".charAt(random.nextInt(10)));
            broken.setLength(random.nextInt(1, json.length()));
            try {
                read(broken.toString());
            } catch (GuestImageException e) {
                assertThat(e.category()).isEqualTo(GuestImageException.Category.CONTENT);
            }
        }
    }

    @Test
    void guestsLieWhereTheUserKeepsData() {
        Map<String, String> none = Map.of("HOME", "/home/me");
        Map<String, String> xdg =
                Map.of("HOME", "/home/me", "XDG_DATA_HOME", "/data", "XDG_CACHE_HOME", "cache");

        assertThat(GuestDirectory.standard(true, none)).hasToString("/var/lib/kumite/guest");
        assertThat(GuestDirectory.standard(false, none))
                .hasToString("/home/me/.local/share/kumite/guest");
        assertThat(GuestDirectory.standard(false, xdg)).hasToString("/data/kumite/guest");
        assertThat(GuestDirectory.packageCache(false, xdg))
                .as("relative values are ignored")
                .hasToString("/home/me/.cache/kumite/packages");
        assertThat(GuestDirectory.packageCache(true, none))
                .hasToString("/var/cache/kumite/packages");
    }

    private GuestManifest read(String json) throws IOException {
        Files.writeString(directory.resolve("manifest.json"), json);
        return GuestManifest.read(directory);
    }
}

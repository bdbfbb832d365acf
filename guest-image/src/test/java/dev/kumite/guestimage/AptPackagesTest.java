package dev.kumite.guestimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against small shell scripts that answer as Debian's tools do. */
final class AptPackagesTest {

    @TempDir private Path directory;
    private Path tools;
    private Path cache;
    private final List<String> steps = new ArrayList<>();

    @BeforeEach
    void debian() throws IOException {
        tools = Files.createDirectory(directory.resolve("tools"));
        cache = Files.createDirectory(directory.resolve("cache"));
        Path archive = Files.createDirectory(directory.resolve("archive"));
        Files.writeString(archive.resolve("crun_1.8-1_amd64.deb"), "a package\n");
        tool("dpkg", "echo amd64");
        tool(
                "dpkg-deb",
                """
                case $1 in
                --extract) mkdir "$3" && cp "$2" "$3/content" ;;
                --field) case $3 in
                    Version) echo 1.8-1 ;;
                    Architecture) echo amd64 ;;
                    Depends) echo 'libc6 (>= 2.34)' ;;
                    esac ;;
                esac
                """);
        // The checksum is that of "a package" and a line feed.
        tool(
                "apt-get",
                """
                for last do :; done
                echo "$*" >>%1$s/log
                case "$*:$last" in
                *--print-uris*:crun)
                    echo "'http://debian/crun.deb' crun_1.8-1_amd64.deb 10 SHA256:$(sha256sum <%1$s/archive/crun_1.8-1_amd64.deb | cut -c1-64)" ;;
                *--print-uris*) echo "E: Unable to locate package $last"; exit 100 ;;
                *download*) cp %1$s/archive/*.deb . ;;
                esac
                """
                        .formatted(directory));
    }

    @Test
    void fetchesUnpacksAndDescribesAPackage() {
        DebianPackage crun = packages("work").get("crun");

        assertThat(crun.version()).isEqualTo("1.8-1");
        assertThat(crun.architecture()).isEqualTo("amd64");
        assertThat(crun.depends()).isEqualTo("libc6 (>= 2.34)");
        assertThat(crun.content().resolve("content")).hasContent("a package");
        assertThat(crun.sha256()).isEqualTo(Sha256.of(cache.resolve("crun_1.8-1_amd64.deb")));
        assertThat(steps).containsExactly("fetching crun (0 KiB)");
    }

    @Test
    void whatIsInTheCacheIsNotFetchedAgain() throws IOException {
        packages("one").get("crun");
        Files.delete(directory.resolve("log"));

        packages("two").get("crun");

        assertThat(directory.resolve("log")).content().doesNotContain("User=root download crun");
    }

    @Test
    void aDamagedFileInTheCacheIsFetchedAgain() throws IOException {
        Path file = Files.writeString(cache.resolve("crun_1.8-1_amd64.deb"), "ten bytes!");

        packages("work").get("crun");

        assertThat(file).hasContent("a package");
    }

    @Test
    void saysThatAPackageIsUnknownAndWhatToDo() {
        assertThat(packages("one").find("nothing")).isEmpty();
        assertThatThrownBy(() -> packages("two").get("nothing"))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("no package nothing")
                .hasMessageContaining("apt-get update");
    }

    @Test
    void saysThatFetchingFailedAndWhy() throws IOException {
        packages("one");
        Files.delete(directory.resolve("archive/crun_1.8-1_amd64.deb"));
        tool(
                "apt-get",
                """
                case "$*" in
                *--print-uris*) echo "'http://debian/crun.deb' crun_1.8-1_amd64.deb 10 SHA256:00" ;;
                *) echo "Err:1 http://debian crun"; echo "E: Could not resolve 'debian'"; exit 100 ;;
                esac
                """);

        assertThatThrownBy(() -> packages("two").get("crun"))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("cannot fetch the package crun")
                .hasMessageContaining("Could not resolve 'debian'")
                .extracting(e -> ((GuestImageException) e).category())
                .isEqualTo(GuestImageException.Category.PACKAGE);
    }

    @Test
    void saysWhatToDoOnAMachineWithoutDebiansTools() throws IOException {
        Files.delete(tools.resolve("dpkg"));

        assertThatThrownBy(() -> packages("work"))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("cannot run")
                .hasMessageContaining("Debian")
                .hasMessageContaining("--output")
                .extracting(e -> ((GuestImageException) e).category())
                .isEqualTo(GuestImageException.Category.MISSING);
    }

    @Test
    void refusesNamesThatAreNone() {
        assertThatThrownBy(() -> packages("work").find("--option"))
                .isInstanceOf(GuestImageException.class);
    }

    private AptPackages packages(String work) {
        try {
            return AptPackages.of(
                    tools + "/", cache, Files.createDirectory(directory.resolve(work)), steps::add);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void tool(String name, String script) throws IOException {
        Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}

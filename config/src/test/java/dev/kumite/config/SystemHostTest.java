package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.Host.Contents;
import dev.kumite.config.Host.Resolution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemHostTest {

    private static final List<String> NO_PATHS =
            List.of(
                    "",
                    "\0",
                    "a\0b",
                    "\uD800",
                    "/\uDFFF/x",
                    "x".repeat(300_000),
                    "/" + "y/".repeat(100_000),
                    "nope");

    @TempDir Path temp;

    private final SystemHost host = SystemHost.open();
    private String root = "";

    @BeforeEach
    void makeFiles() throws IOException {
        root = temp.toRealPath().toString();
        Files.writeString(temp.resolve("file"), "12345");
        Files.createDirectories(temp.resolve("dir/sub"));
        Files.createSymbolicLink(temp.resolve("link"), Path.of("file"));
        Files.createSymbolicLink(temp.resolve("dir-link"), Path.of("dir"));
        Files.createSymbolicLink(temp.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(temp.resolve("loop-a"), Path.of("loop-b"));
        Files.createSymbolicLink(temp.resolve("loop-b"), Path.of("loop-a"));
    }

    @Test
    void answersForTextsThatAreNoPaths() {
        for (String text : NO_PATHS) {
            assertThat(host.exists(text)).isFalse();
            assertThat(host.isDirectory(text)).isFalse();
            assertThat(host.list(text)).isEmpty();
            assertThat(host.resolve(text)).isNotInstanceOf(Resolution.Found.class);
            assertThat(host.size(text)).isEmpty();
            assertThat(host.fileSystemSize(text)).isEmpty();
            assertThat(host.isTmpfsMount(text)).isFalse();
            assertThat(host.read(text, 10)).isInstanceOf(Contents.Failed.class);
        }
    }

    @Test
    void seesADanglingLinkButNotWhatItNames() {
        assertThat(host.exists(root + "/dangling")).isTrue();
        assertThat(host.size(root + "/dangling")).isEmpty();
        assertThat(host.fileSystemSize(root + "/dangling")).isEmpty();
    }

    @Test
    void takesAFinalSlashForADirectory() {
        assertThat(host.exists(root + "/file/")).isFalse();
        assertThat(host.exists(root + "/dangling/")).isFalse();
        assertThat(host.exists(root + "/dir-link/")).isTrue();
    }

    @Test
    void resolvesLinksAndDots() {
        assertThat(host.resolve(root + "/dir/../dir-link//sub/."))
                .isEqualTo(new Resolution.Found(root + "/dir/sub"));
        assertThat(host.resolve(root + "/link")).isEqualTo(new Resolution.Found(root + "/file"));
    }

    @Test
    void resolvesARelativePathFromTheWorkingDirectory() {
        assertThat(host.resolve(".")).isEqualTo(host.resolve(host.workingDirectory()));
        assertThat(host.resolve("no/../such"))
                .isEqualTo(new Resolution.Missing(host.workingDirectory() + "/such"));
    }

    @Test
    void saysWhyAPathLeadsNowhere() {
        assertThat(host.resolve(root + "/dangling"))
                .isEqualTo(new Resolution.Missing(root + "/dangling"));
        assertThat(host.resolve(root + "/loop-a"))
                .isEqualTo(new Resolution.Failed("too many links"));
        assertThat(host.resolve(root + "/file/x"))
                .isEqualTo(new Resolution.Failed("not a directory"));
    }

    @Test
    void listsByCodePoint() throws IOException {
        for (String name : List.of("b", "B", "é", "\uFF5E", "😀", ".h")) {
            Files.createFile(temp.resolve("dir/sub/" + name));
        }

        assertThat(host.list(root + "/dir/sub"))
                .containsExactly(".h", "B", "b", "é", "\uFF5E", "😀");
        assertThat(host.list(root + "/file")).isEmpty();
    }

    @Test
    void measuresFilesAndFileSystems() {
        assertThat(host.size(root + "/link")).isEqualTo(OptionalLong.of(5));
        assertThat(host.fileSystemSize(root))
                .isEqualTo(OptionalLong.of(temp.toFile().getTotalSpace()));
        assertThat(host.fileSystemSize("/proc")).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void readsWholeFilesOnly() {
        assertThat(host.read(root + "/link", 5))
                .isInstanceOfSatisfying(
                        Contents.Bytes.class, whole -> assertThat(whole.bytes()).hasSize(5));
        assertThat(host.read(root + "/link", 4))
                .isEqualTo(new Contents.Failed("is larger than 4 bytes"));
        assertThat(host.read(root + "/dir", 5)).isEqualTo(new Contents.Failed("is a directory"));
        assertThat(host.read(root + "/gone", 5)).isEqualTo(new Contents.Failed("no such file"));
        assertThat(host.read("/dev/zero", 5))
                .isEqualTo(new Contents.Failed("is not an ordinary file"));
    }

    @Test
    void findsTmpfsInTheMountList() {
        String mounts =
                """
                22 1 0:20 / / rw - ext4 /dev/sda1 rw
                23 22 0:21 / /a\\040b rw,nosuid shared:1 master:2 - tmpfs tmpfs rw
                24 22 0:22 / /twice rw - tmpfs tmpfs rw
                25 22 0:23 / /twice rw - ext4 /dev/sdb rw
                garbage
                """;

        assertThat(SystemHost.isTmpfsMount(mounts, "/a b")).isTrue();
        assertThat(SystemHost.isTmpfsMount(mounts, "/")).isFalse();
        assertThat(SystemHost.isTmpfsMount(mounts, "/twice"))
                .as("the later mount hides the earlier")
                .isFalse();
        assertThat(SystemHost.isTmpfsMount(mounts, "/none")).isFalse();
    }

    @Test
    void countsAtLeastOneCpu() {
        assertThat(host.cpuCount()).isPositive();
    }
}

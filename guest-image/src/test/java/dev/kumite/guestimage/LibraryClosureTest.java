package dev.kumite.guestimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LibraryClosureTest {

    private static final String TRIPLET = "x86_64-linux-gnu/";

    @TempDir private Path directory;
    private DirectoryPackages packages;
    private FileTree tree;
    private LibraryClosure closure;

    @BeforeEach
    void libc() {
        packages = new DirectoryPackages(directory);
        packages.add("libc6", "")
                .file("libc6", "lib/" + TRIPLET + "ld.so", TestElf.program(""))
                .file("libc6", "lib/" + TRIPLET + "libc.so.6", TestElf.program("", "ld.so"))
                .symlink("libc6", "lib64/ld.so", "/lib/" + TRIPLET + "ld.so");
        tree = new FileTree();
        closure = new LibraryClosure(packages, tree);
    }

    @Test
    void followsNeedsThroughPackagesAndLinks() {
        packages.add("tool", "libone1 (>= 2:1), libc6")
                .file("tool", "usr/bin/tool", TestElf.program("/lib64/ld.so", "libone.so.1"))
                .add("libone1", "libc6 (>= 2.3), libtwo2")
                .symlink("libone1", "usr/lib/" + TRIPLET + "libone.so.1", "libone.so.1.5")
                .file(
                        "libone1",
                        "usr/lib/" + TRIPLET + "libone.so.1.5",
                        TestElf.program("", "libtwo.so.2", "libc.so.6"))
                .add("libtwo2", "libc6")
                .file("libtwo2", "usr/lib/" + TRIPLET + "libtwo.so.2", TestElf.program(""))
                .add("unused", "");

        closure.addProgram(packages.get("tool"), "usr/bin/tool");

        assertThat(tree.nodes())
                .containsKeys(
                        "usr/bin/tool",
                        "usr/lib/x86_64-linux-gnu/libone.so.1.5",
                        "usr/lib/x86_64-linux-gnu/libtwo.so.2",
                        "usr/lib/x86_64-linux-gnu/libc.so.6",
                        "usr/lib/x86_64-linux-gnu/ld.so")
                .containsEntry(
                        "usr/lib/x86_64-linux-gnu/libone.so.1",
                        new FileTree.Node.Symlink("libone.so.1.5"))
                .containsEntry(
                        "usr/lib64/ld.so",
                        new FileTree.Node.Symlink("/lib/x86_64-linux-gnu/ld.so"));
        assertThat(closure.used()).containsOnlyKeys("libc6", "libone1", "libtwo2", "tool");
        assertThat(packages.asked()).doesNotContain("unused");
    }

    @Test
    void takesTheFirstAlternativeThatExists() {
        packages.add("tool", "libold1 | libnew1, libc6")
                .file("tool", "usr/bin/tool", TestElf.program("", "libnew.so.1"))
                .add("libnew1", "")
                .file("libnew1", "lib/libnew.so.1", TestElf.program(""));

        closure.addProgram(packages.get("tool"), "usr/bin/tool");

        assertThat(tree.contains("usr/lib/libnew.so.1")).isTrue();
    }

    @Test
    void saysWhichLibraryIsNowhere() {
        packages.add("tool", "libc6")
                .file("tool", "usr/bin/tool", TestElf.program("", "libgone.so.3"));

        assertThatThrownBy(() -> closure.addProgram(packages.get("tool"), "usr/bin/tool"))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("libgone.so.3")
                .hasMessageContaining("tool")
                .hasMessageContaining("[libc6]");
    }

    @Test
    void librariesThatTheCallerBringsAreLeftOut() throws Exception {
        Path jvm =
                java.nio.file.Files.write(
                        directory.resolve("libjvm.so"),
                        TestElf.program("", "libjli.so", "libc.so.6"));

        closure.addLibrariesFor(jvm, packages.get("libc6"), Set.of("libjli.so"));

        assertThat(tree.contains("usr/lib/x86_64-linux-gnu/libc.so.6")).isTrue();
        assertThat(tree.nodes().keySet()).noneMatch(path -> path.contains("jli"));
    }

    @Test
    void aLoopOfLinksEnds() {
        packages.add("tool", "")
                .symlink("tool", "usr/bin/a", "b")
                .symlink("tool", "usr/bin/b", "../bin/../bin/c")
                .symlink("tool", "usr/bin/c", "../../../outside");

        assertThatThrownBy(() -> closure.addProgram(packages.get("tool"), "usr/bin/a"))
                .isInstanceOf(GuestImageException.class);
    }
}

package dev.kumite.guestimage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ErofsWriterTest {

    private static final byte[] UUID = new byte[16];

    @Test
    void theImageHoldsWhatTheTreeHolds() throws IOException {
        String big = "0123456789abcdef".repeat(1000);
        FileTree tree =
                new FileTree()
                        .text("etc/passwd", 0644, "root")
                        .text("etc/empty", 0600, "")
                        .text("usr/bin/tool", 0755, big)
                        .symlink("bin", "usr/bin")
                        .directory("tmp", 01777);

        Map<String, TestErofs.Entry> entries = TestErofs.read(write(tree));

        assertThat(entries)
                .containsExactly(
                        Map.entry("/", new TestErofs.Entry(040755, 9, 5, ". .. bin etc tmp usr")),
                        Map.entry("/bin", new TestErofs.Entry(0120777, 9, 1, "usr/bin")),
                        Map.entry("/etc", new TestErofs.Entry(040755, 9, 2, ". .. empty passwd")),
                        Map.entry("/etc/empty", new TestErofs.Entry(0100600, 9, 1, "")),
                        Map.entry("/etc/passwd", new TestErofs.Entry(0100644, 9, 1, "root")),
                        Map.entry("/tmp", new TestErofs.Entry(041777, 9, 2, ". ..")),
                        Map.entry("/usr", new TestErofs.Entry(040755, 9, 3, ". .. bin")),
                        Map.entry("/usr/bin", new TestErofs.Entry(040755, 9, 2, ". .. tool")),
                        Map.entry("/usr/bin/tool", new TestErofs.Entry(0100755, 9, 1, big)));
    }

    @Test
    void namesAreInTheOrderOfTheirBytesAcrossBlocks() throws IOException {
        FileTree tree = new FileTree();
        for (int i = 0; i < 600; i++) {
            tree.text("a-name-of-some-length-" + i, 0644, "x");
        }
        tree.text("!first", 0644, "x").text("\u00fcmlaut", 0644, "x");

        Map<String, TestErofs.Entry> entries = TestErofs.read(write(tree));

        String[] names = entries.get("/").text().split(" ", -1);
        String[] sorted = names.clone();
        Arrays.sort(sorted, (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
        assertThat(names).hasSize(604).isEqualTo(sorted).startsWith("!first", ".", "..");
        assertThat(entries).hasSize(603);
    }

    @Test
    void theSameTreeGivesTheSameBytes() throws IOException {
        FileTree one = new FileTree().text("a", 0644, "1").symlink("b/c", "../a");
        FileTree two = new FileTree().symlink("b/c", "../a").text("a", 0644, "1");

        assertThat(write(one)).isEqualTo(write(two));
    }

    private static byte[] write(FileTree tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ErofsWriter.write(tree, UUID, 9, out);
        return out.toByteArray();
    }
}

package dev.kumite.guestimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;

final class CpioWriterTest {

    @Test
    void theArchiveHoldsWhatTheTreeHolds() throws IOException {
        FileTree tree =
                new FileTree()
                        .text("init", 0755, "#!/bin/sh\n")
                        .symlink("bin/sh", "busybox")
                        .directory("tmp", 01777);

        List<String> entries = new ArrayList<>();
        try (var in = new CpioArchiveInputStream(new ByteArrayInputStream(write(tree, 77)))) {
            for (CpioArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                entries.add(
                        "%s %o %d:%d %d %s"
                                .formatted(
                                        e.getName(),
                                        e.getMode(),
                                        e.getUID(),
                                        e.getGID(),
                                        e.getTime(),
                                        body.strip()));
            }
        }

        assertThat(entries)
                .containsExactly(
                        "bin 40755 0:0 77 ",
                        "bin/sh 120777 0:0 77 busybox",
                        "init 100755 0:0 77 #!/bin/sh",
                        "tmp 41777 0:0 77 ");
    }

    @Test
    void theOrderOfAddingDoesNotMatter() throws IOException {
        FileTree one = new FileTree().text("a", 0644, "1").text("b/c", 0644, "2");
        FileTree two = new FileTree().text("b/c", 0644, "2").text("a", 0644, "1");

        assertThat(write(one, 5)).isEqualTo(write(two, 5));
    }

    private static byte[] write(FileTree tree, long seconds) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CpioWriter.write(tree, seconds, out);
        return out.toByteArray();
    }
}

package dev.kumite.guestimage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelImageTest {

    private static final byte[] PLAIN = TestElf.program("", "a".repeat(3000), "b".repeat(4000));

    @TempDir private Path directory;

    @Test
    void takesOutWhatLz4Compressed() throws IOException {
        assertThat(extract(TestKernel.lz4(PLAIN, 1000))).isTrue();
        assertThat(plain()).hasBinaryContent(PLAIN);
    }

    @Test
    void takesOutWhatGzipCompressed() throws IOException {
        assertThat(extract(TestKernel.gzip(PLAIN))).isTrue();
        assertThat(plain()).hasBinaryContent(PLAIN);
    }

    @Test
    void leavesOtherCompressionsAlone() throws IOException {
        assertThat(extract(TestKernel.image(new byte[500], 500))).isFalse();
        assertThat(directory).isDirectoryNotContaining("glob:**vmlinux*");
    }

    @Test
    void leavesFilesAloneThatAreNoKernel() throws IOException {
        assertThat(extract(new byte[5000])).isFalse();
        assertThat(extract(new byte[10])).isFalse();
        assertThat(extract(TestKernel.gzip("no program".repeat(100).getBytes(UTF_8)))).isFalse();
        assertThat(directory).isDirectoryNotContaining("glob:**vmlinux*");
    }

    @Test
    void saysThatABrokenKernelIsBroken() throws IOException {
        byte[] image = TestKernel.lz4(PLAIN, 1000);
        image[4 * 512 + 0x40 + 6] = 0x7f;

        assertThatThrownBy(() -> extract(image))
                .isInstanceOf(GuestImageException.class)
                .hasMessageContaining("vmlinuz");
    }

    private boolean extract(byte[] image) throws IOException {
        return KernelImage.extract(Files.write(directory.resolve("vmlinuz"), image), plain());
    }

    private Path plain() {
        return directory.resolve("vmlinux");
    }
}

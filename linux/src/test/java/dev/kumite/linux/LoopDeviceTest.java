package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopDeviceTest {

    private static final int SIZE = 1 << 20;

    @TempDir Path directory;

    @Test
    void hasAFilesContentAsLongAsItIsOpen() throws IOException {
        RootOnly.assume();
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "this kernel has no loop devices");
        byte[] content = new byte[SIZE];
        content[SIZE - 1] = 7;
        Path file = Files.write(directory.resolve("file"), content);

        try (LoopDevice device = LoopDevice.attach(file, true)) {
            Path block = Path.of("/sys/block").resolve(device.path().getFileName());
            assertThat(Files.readAllBytes(device.path())).isEqualTo(content);
            assertThat(Files.readString(block.resolve("ro"))).isEqualTo("1\n");
            assertThat(Files.readString(block.resolve("loop/autoclear"))).isEqualTo("1\n");
        }
        try (LoopDevice device = LoopDevice.attach(file, false)) {
            Path block = Path.of("/sys/block").resolve(device.path().getFileName());
            assertThat(Files.readString(block.resolve("ro"))).isEqualTo("0\n");
        }
    }

    @Test
    void isRefusedForAFileThatIsNotThere() {
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> LoopDevice.attach(directory.resolve("none"), true))
                .withMessageContaining("none");
    }
}

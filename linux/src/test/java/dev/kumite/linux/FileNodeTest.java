package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileNodeTest {
    @TempDir Path directory;

    @Test
    void aNamedPipePassesBytes() {
        Path path = directory.resolve("fifo");
        FileNode.fifo(path, 0600);

        try (Fd both = Fd.open(path, Fd.O_RDWR | Fd.O_NONBLOCK)) {
            both.write(ByteBuffer.wrap(new byte[] {5}));
            ByteBuffer into = ByteBuffer.allocate(2);
            assertThat(both.read(into, Duration.ofSeconds(5))).isEqualTo(1);
            assertThat(into.get(0)).isEqualTo((byte) 5);
        }
        assertThatThrownBy(() -> FileNode.fifo(path, 0600))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
    }

    @Test
    void devicesHaveTheirNumbers() throws Exception {
        RootOnly.assume();
        Path zero = directory.resolve("zero");
        Path disk = directory.resolve("disk");

        FileNode.characterDevice(zero, 0600, 1, 5);
        FileNode.blockDevice(disk, 0600, 259, 70_000);

        assertThat(Files.getAttribute(zero, "unix:rdev")).isEqualTo(0x105L);
        try (Fd fd = Fd.open(zero, Fd.O_RDONLY)) {
            assertThat(fd.read(ByteBuffer.allocate(8))).isEqualTo(8);
        }
        Process stat = new ProcessBuilder("stat", "-c", "%t:%T %F", disk.toString()).start();
        assertThat(stat.inputReader().readLine())
                .isEqualTo(
                        Integer.toHexString(259)
                                + ":"
                                + Integer.toHexString(70_000)
                                + " block special file");
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> FileNode.deviceNumber(4096, 0)).isInstanceOf(LinuxException.class);
        assertThatThrownBy(() -> FileNode.deviceNumber(0, 1 << 20))
                .isInstanceOf(LinuxException.class);
        assertThatThrownBy(() -> FileNode.deviceNumber(-1, 0)).isInstanceOf(LinuxException.class);
    }
}

package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.linux.Fd;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryImageTest {

    private static final int BYTES = 5 << 20;

    @TempDir Path directory;

    private final Random random = new Random(1);

    private byte[] memory(int... blocks) {
        byte[] memory = new byte[BYTES];
        for (int block : blocks) {
            int start = block * (64 << 10);
            for (int i = start; i < Math.min(BYTES, start + (64 << 10)); i++) {
                memory[i] = (byte) random.nextInt();
            }
        }
        return memory;
    }

    private void write(byte[] memory) throws IOException {
        MemoryImage.write(Files.write(directory.resolve("source"), memory), directory);
    }

    private byte[] read(int bytes) throws IOException {
        try (Fd copy = Fd.memory("test")) {
            copy.truncate(bytes);
            MemoryImage.read(directory, copy.path());
            return Files.readAllBytes(copy.path());
        }
    }

    @Test
    void aCopyIsWhatWasWritten() throws IOException {
        byte[] memory = memory(0, 1, 7, 40, 41, 79);
        memory[30 * (64 << 10) + 5] = 1;

        write(memory);

        assertThat(read(BYTES)).isEqualTo(memory);
        assertThat(Files.size(directory.resolve("memory"))).isEqualTo(7L * (64 << 10));
    }

    @Test
    void memoryOfZerosTakesNoRoom() throws IOException {
        write(new byte[BYTES]);

        assertThat(read(BYTES)).containsOnly(0);
        assertThat(directory.resolve("memory")).isEmptyFile();
    }

    @Test
    void memoryOfAnotherSizeIsRefused() throws IOException {
        write(memory(3));

        assertThatThrownBy(() -> read(BYTES + 4096))
                .isInstanceOf(IOException.class)
                .hasMessage("the memory had 5242880 bytes, not 5246976");
    }

    @Test
    void whatWasCutIsRefused() throws IOException {
        write(memory(3, 60));
        try (FileChannel data =
                FileChannel.open(directory.resolve("memory"), StandardOpenOption.WRITE)) {
            data.truncate(data.size() - 1);
        }
        assertThatThrownBy(() -> read(BYTES)).isInstanceOf(EOFException.class);

        Files.write(directory.resolve("memory.index"), ByteBuffer.allocate(8).putLong(0).array());
        assertThatThrownBy(() -> read(BYTES)).isInstanceOf(EOFException.class);
    }
}

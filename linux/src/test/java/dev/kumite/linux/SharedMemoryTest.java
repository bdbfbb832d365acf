package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SharedMemoryTest {

    private static Fd file() {
        Fd file = Fd.memory("test");
        file.truncate(3 * 4096);
        return file;
    }

    @Test
    void isSeenByWhoeverHasMappedTheSamePart() throws IOException {
        Fd file = file();
        try (SharedMemory first = SharedMemory.map(file, 4096, 4096);
                SharedMemory second = SharedMemory.map(file, 0, 3 * 4096)) {
            file.close();
            first.at(10, 4).putInt(0, 77);

            assertThat(first.size()).isEqualTo(4096);
            assertThat(second.at(4096 + 10, 4).getInt(0)).isEqualTo(77);
        }
    }

    @Test
    void doesNotReachBeyondTheFileOrThePart() throws IOException {
        try (Fd file = file()) {
            for (long[] part : new long[][] {{0, 0}, {-1, 1}, {0, 3 * 4096 + 1}, {3 * 4096, 1}}) {
                assertThatThrownBy(() -> SharedMemory.map(file, part[0], part[1]))
                        .isInstanceOf(IOException.class);
            }
            try (SharedMemory memory = SharedMemory.map(file, 1, 10)) {
                assertThatThrownBy(() -> memory.at(8, 3))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void endsItsBuffers() throws IOException {
        try (Fd file = file()) {
            SharedMemory memory = SharedMemory.map(file, 0, 10);
            ByteBuffer bytes = memory.at(0, 10);
            memory.close();

            assertThatThrownBy(() -> bytes.get(0)).isInstanceOf(IllegalStateException.class);
        }
    }
}

package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLogTest {

    @TempDir Path directory;

    private static void write(BoundedLog log, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        log.write(bytes, bytes.length);
    }

    @Test
    void linesArriveWholeAndPrintable() throws IOException {
        Path file = directory.resolve("log");
        List<String> lines = new ArrayList<>();
        try (BoundedLog log = new BoundedLog(file, lines::add)) {
            write(log, "one\r\ntw");
            write(log, "o\u001b[31m\n\nlast");
            assertThat(log.lastLines(2)).containsExactly("two\\u001b[31m", "last");
        }

        assertThat(lines).containsExactly("one", "two\\u001b[31m");
        assertThat(Files.readString(file)).isEqualTo("one\r\ntwo\u001b[31m\n\nlast");
    }

    @Test
    void aFloodKeepsItsBeginningAndItsEnd() throws IOException {
        Path file = directory.resolve("log");
        try (BoundedLog log = new BoundedLog(file, line -> {})) {
            write(log, "first line\n");
            String chunk = "x".repeat(9_999) + "\n";
            for (int i = 0; i < 1000; i++) {
                write(log, chunk);
            }
            write(log, "y".repeat(BoundedLog.TAIL_BYTES + 10));
            write(log, "\nlast line\n");
            assertThat(log.lastLines(1)).containsExactly("last line");
        }

        assertThat(Files.size(file))
                .isLessThan(BoundedLog.HEAD_BYTES + BoundedLog.TAIL_BYTES + 100);
        assertThat(Files.readString(file))
                .startsWith("first line\n")
                .contains("a part was left out")
                .endsWith("yyy\nlast line\n");
    }

    @Test
    void aLittleMoreThanTheBeginningIsKeptWhole() throws IOException {
        Path file = directory.resolve("log");
        String text = "z".repeat(BoundedLog.HEAD_BYTES + 5) + "end";
        try (BoundedLog log = new BoundedLog(file, line -> {})) {
            write(log, text);
        }

        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void aFileThatIsThereGoesOn() throws IOException {
        Path file = directory.resolve("log");
        Files.writeString(file, "before\n");
        try (BoundedLog log = new BoundedLog(file, line -> {})) {
            write(log, "after\n");
        }

        assertThat(Files.readString(file)).isEqualTo("before\nafter\n");
        assertThatThrownBy(() -> new BoundedLog(directory.resolve("no/log"), line -> {}))
                .isInstanceOf(VmmException.class);
    }
}

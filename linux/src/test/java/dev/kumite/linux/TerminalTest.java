package dev.kumite.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TerminalTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir Path directory;

    @Test
    void rawModePassesBytesUnchangedAndIsUndone() {
        try (Terminal.Pair pair = Terminal.open()) {
            Terminal.State before = Terminal.makeRaw(pair.slave());
            pair.slave().write(ByteBuffer.wrap("a\n".getBytes(UTF_8)));
            assertThat(read(pair.master())).isEqualTo("a\n");
            pair.master().write(ByteBuffer.wrap("\3x".getBytes(UTF_8)));
            assertThat(read(pair.slave())).isEqualTo("\3x");

            Terminal.restore(pair.slave(), before);
            pair.slave().write(ByteBuffer.wrap("b\n".getBytes(UTF_8)));
            assertThat(read(pair.master())).isEqualTo("b\r\n");
        }
    }

    @Test
    void theSizeIsSetFromOneSideAndSeenFromTheOther() {
        try (Terminal.Pair pair = Terminal.open()) {
            assertThat(Terminal.size(pair.slave())).isEqualTo(new Terminal.Size(0, 0));

            Terminal.resize(pair.master(), new Terminal.Size(40_000, 132));

            assertThat(Terminal.size(pair.slave())).isEqualTo(new Terminal.Size(40_000, 132));
        }
        assertThatThrownBy(() -> new Terminal.Size(-1, 0)).isInstanceOf(LinuxException.class);
        assertThatThrownBy(() -> new Terminal.Size(0, 65536)).isInstanceOf(LinuxException.class);
    }

    @Test
    void theLastCloseOfTheOtherSideIsTheEnd() {
        try (Terminal.Pair pair = Terminal.open()) {
            pair.slave().close();

            assertThat(pair.master().read(ByteBuffer.allocate(1), LONG)).isEqualTo(-1);
        }
    }

    @Test
    void otherFilesAreNoTerminals() {
        try (Terminal.Pair pair = Terminal.open();
                Fd file = Fd.memory("x")) {
            assertThat(Terminal.isTerminal(pair.slave())).isTrue();
            assertThat(Terminal.isTerminal(file)).isFalse();
            assertThatThrownBy(() -> Terminal.makeRaw(file))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ENOTTY));
        }
    }

    @Test
    void aTerminalIsReceivedFromAConsoleSocket() {
        Path path = directory.resolve("console");
        try (UnixServer console = UnixServer.listen(path, 0600);
                Terminal.Pair pair = Terminal.open();
                UnixSocket runtime = UnixSocket.connect(path, LONG)) {
            runtime.send(
                    ByteBuffer.wrap("/dev/pts/0".getBytes(UTF_8)), List.of(pair.master()), LONG);

            try (Fd received = Terminal.receive(console, LONG)) {
                pair.slave().write(ByteBuffer.wrap("hi".getBytes(UTF_8)));
                assertThat(read(received)).isEqualTo("hi");
            }
        }
    }

    @Test
    void whatIsNoTerminalIsRefused() {
        Path path = directory.resolve("console");
        try (UnixServer console = UnixServer.listen(path, 0600);
                Fd file = Fd.memory("x");
                UnixSocket runtime = UnixSocket.connect(path, LONG)) {
            runtime.send(ByteBuffer.wrap(new byte[1]), List.of(file), LONG);

            assertThatThrownBy(() -> Terminal.receive(console, LONG))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ENOTTY));
            assertThatThrownBy(() -> Terminal.receive(console, Duration.ofMillis(10)))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
        }
    }

    private static String read(Fd fd) {
        ByteBuffer into = ByteBuffer.allocate(100);
        fd.read(into, LONG);
        return UTF_8.decode(into.flip()).toString();
    }
}

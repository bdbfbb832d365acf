package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.engine.ExitStatus;
import dev.kumite.linux.Fd;
import dev.kumite.linux.Signals;
import dev.kumite.linux.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class AttachmentTest {

    @TempDir private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final SignalRelay signals = new SignalRelay(Thread.currentThread(), () -> {});

    @Test
    void movesBytesAsTheyAre() throws IOException {
        byte[] bytes = new byte[3 << 20];
        new Random(1).nextBytes(bytes);

        ExitStatus status =
                join("cat; echo problem >&2; exit 42", new ByteArrayInputStream(bytes), out);

        assertThat(status.code()).isEqualTo(42);
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(err.toString(UTF_8)).isEqualTo("problem\n");
    }

    @Test
    void endsAlthoughNobodyTypes() throws IOException {
        ExitStatus status = join("exit 3", new PipedInputStream(new PipedOutputStream()), out);

        assertThat(status.code()).isEqualTo(3);
    }

    @Test
    void outlivesAProgramThatReadsNothing() throws IOException {
        ExitStatus status =
                join("exec <&-; echo done", new ByteArrayInputStream(new byte[1 << 20]), out);

        assertThat(status.code()).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("done\n");
    }

    @Test
    void waitsForWhatIsWrittenAfterTheEnd() throws IOException, InterruptedException {
        joinWriting("(sleep 1; echo late) & echo early");

        assertThat(out.toString(UTF_8)).isEqualTo("early\nlate\n");
    }

    @Test
    void doesNotWaitForeverForChildrenThatKeepTheStream() throws IOException, InterruptedException {
        joinWriting("sleep 1000 & echo $!");

        long left = Long.parseLong(out.toString(UTF_8).strip());
        assertThat(ProcessHandle.of(left).map(ProcessHandle::destroyForcibly)).contains(true);
    }

    private void joinWriting(String script) throws IOException, InterruptedException {
        try (LocalProgram program =
                LocalProgram.shellWritingTo(directory.resolve("fifo"), script)) {
            Attachment.join(
                    program, signals, console(InputStream.nullInputStream(), out), noTerminal());
        }
    }

    @Test
    void endsAProgramThatNobodyListensTo() throws IOException {
        ExitStatus status = join("yes", InputStream.nullInputStream(), new ClosedPipe());

        assertThat(status.code()).isEqualTo(128 + 13);
    }

    @Test
    void killsAProgramThatIgnoresThatNobodyListens() throws IOException {
        ExitStatus status =
                join(
                        "trap '' PIPE; while :; do echo y; sleep 0.1; done",
                        InputStream.nullInputStream(),
                        new ClosedPipe());

        assertThat(status.code()).isEqualTo(128 + Signals.KILL);
    }

    @Test
    void makesTheTerminalRawMeanwhile() throws IOException {
        try (Terminal.Pair terminal = Terminal.open();
                LocalProgram program = LocalProgram.shellOnTerminal("read line; echo $line")) {
            Terminal.resize(terminal.slave(), new Terminal.Size(40, 100));
            String before = settings(terminal.slave());
            // An answer only if the terminal is raw by then: it has no line end.
            InputStream keyboard = new RawOnly(terminal.slave(), before);

            Attachment.join(program, signals, console(keyboard, out), terminal.slave());

            assertThat(out.toString(UTF_8)).isEqualTo("raw\n");
            assertThat(settings(terminal.slave())).isEqualTo(before);
            assertThat(program.sizes).contains("40x100");
        }
    }

    @Test
    void leavesOtherTerminalsAlone() throws IOException {
        try (Terminal.Pair terminal = Terminal.open();
                LocalProgram program = LocalProgram.shell("true")) {
            String before = settings(terminal.slave());

            Attachment.join(
                    program,
                    signals,
                    console(InputStream.nullInputStream(), out),
                    terminal.slave());

            assertThat(settings(terminal.slave())).isEqualTo(before);
            assertThat(program.sizes).isEmpty();
        }
    }

    private ExitStatus join(String script, InputStream in, OutputStream to) throws IOException {
        try (LocalProgram program = LocalProgram.shell(script)) {
            return Attachment.join(program, signals, console(in, to), noTerminal());
        }
    }

    private Console console(InputStream in, OutputStream to) {
        return new Console(in, Output.of(to), Output.of(err), _ -> "");
    }

    private static Fd noTerminal() {
        return Fd.open(Path.of("/dev/null"), Fd.O_RDWR);
    }

    private static String settings(Fd terminal) throws IOException {
        Process stty =
                new ProcessBuilder("stty", "-g").redirectInput(terminal.path().toFile()).start();
        return new String(stty.getInputStream().readAllBytes(), UTF_8).strip();
    }

    /** A pipe whose reader is gone. */
    private static final class ClosedPipe extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
        }
    }

    /** Types whether the terminal is raw, when somebody reads. */
    private static final class RawOnly extends InputStream {
        private final Fd terminal;
        private final String before;
        private InputStream typed = InputStream.nullInputStream();
        private boolean asked;

        RawOnly(Fd terminal, String before) {
            this.terminal = terminal;
            this.before = before;
        }

        @Override
        public int read() throws IOException {
            return typed().read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return typed().read(into, from, length);
        }

        private InputStream typed() throws IOException {
            if (!asked) {
                asked = true;
                String word = settings(terminal).equals(before) ? "cooked\n" : "raw\n";
                typed = new ByteArrayInputStream(word.getBytes(UTF_8));
            }
            return typed;
        }
    }
}

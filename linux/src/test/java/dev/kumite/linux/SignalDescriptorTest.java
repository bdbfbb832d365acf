package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class SignalDescriptorTest {

    private static final List<Integer> SIGNALS =
            List.of(Signals.HUP, Signals.INT, Signals.QUIT, 10, 12, Signals.TERM, Signals.WINCH);

    @Test
    void givesBlockedSignalsOneByOne() throws IOException {
        Process process =
                new ProcessBuilder(
                                "env",
                                "--block-signal=HUP,INT,QUIT,USR1,USR2,TERM,WINCH",
                                "_JAVA_SR_SIGNUM=50",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xrs",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Receiver.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isEqualTo("ready");
            for (int signal : SIGNALS) {
                assertThat(Signals.kill((int) process.pid(), signal)).isTrue();
                assertThat(lines.readLine()).isEqualTo(Signals.name(signal));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void endsWhenItIsClosed() {
        SignalDescriptor signals = SignalDescriptor.open(SIGNALS);
        Thread.ofPlatform().start(signals::close);

        assertThat(take(signals)).isZero();
    }

    /** Closed before or while it is taken from: both are an end. */
    private static int take(SignalDescriptor signals) {
        try {
            return signals.take();
        } catch (LinuxException closed) {
            return closed.errno() == Errno.EBADF ? 0 : -1;
        }
    }

    /** The program that gets the signals. */
    static final class Receiver {

        private Receiver() {}

        public static void main(String[] arguments) {
            try (SignalDescriptor signals = SignalDescriptor.open(SIGNALS)) {
                System.out.println("ready");
                while (true) {
                    System.out.println(Signals.name(signals.take()));
                }
            }
        }
    }
}

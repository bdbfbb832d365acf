package dev.kumite.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DirectCallTest {
    /** What the other virtual machine runs. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            try (Pipe pipe = Pipe.open()) {
                System.out.println(DirectCall.isAvailable() + " " + (pipe.reader().number() > 0));
            }
            System.out.println(Syscall.call(SyscallNumber.CLOSE, -1));
        }
    }

    @Test
    void theShortcutIsTakenWhereItsOptionsAreGiven() throws Exception {
        assumeTrue(
                Runtime.version().feature() == 25 && Architecture.CURRENT == Architecture.X86_64,
                "needs JDK 25 on x86_64");

        assertThat(run(List.of(DirectCall.JAVA_OPTIONS.split(" ")))).isEqualTo("true true\n-9\n");
    }

    @Test
    void thePublicWayIsTakenOtherwise() throws Exception {
        assertThat(run(List.of())).isEqualTo("false true\n-9\n");
    }

    private static String run(List<String> options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        String classes = place(Pipe.class) + File.pathSeparator + place(DirectCallTest.class);
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes,
                        Program.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private static String place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}

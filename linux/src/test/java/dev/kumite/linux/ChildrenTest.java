package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildrenTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void anAdoptedOrphanIsListedAndReaped(@TempDir Path directory) throws Exception {
        Children.adoptOrphans();
        Path gate = directory.resolve("gate");
        FileNode.fifo(gate, 0600);
        int pid = orphan("read line <" + gate + "; exit 3");

        assertThat(Children.list()).contains(pid);
        assertThat(Children.reap(pid, Duration.ZERO)).isEmpty();
        Files.writeString(gate, "go\n");
        Children.Exit exit = Children.reap(pid, LONG).orElseThrow();

        assertThat(exit).isEqualTo(new Children.Exit(pid, 3, false));
        assertThat(exit.shellCode()).isEqualTo(3);
        assertThat(Children.list()).doesNotContain(pid);
        assertThatThrownBy(() -> Children.tryReap(pid))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECHILD));
    }

    @Test
    void orphansAreLeftToOthersAgain() throws Exception {
        Children.adoptOrphans();
        Children.leaveOrphans();
        int pid = orphan("exec sleep 60");

        assertThat(Children.list()).doesNotContain(pid);
        Signals.kill(pid, Signals.KILL);
    }

    @Test
    void aSignalIsNotAnExitCode() throws Exception {
        Children.adoptOrphans();
        int pid = orphan("exec sleep 60");
        assertThat(Children.reap(pid, Duration.ofMillis(10))).isEmpty();
        Signals.kill(pid, Signals.TERM);

        Children.Exit exit = Children.reap(pid, LONG).orElseThrow();

        assertThat(exit).isEqualTo(new Children.Exit(pid, Signals.TERM, true));
        assertThat(exit.shellCode()).isEqualTo(143);
    }

    /** Starts a process whose parent has ended when this returns. */
    private static int orphan(String script) throws Exception {
        Process parent =
                new ProcessBuilder("sh", "-c", "(" + script + ") >/dev/null 2>&1 & echo $!")
                        .start();
        try (BufferedReader output = parent.inputReader()) {
            int pid = Integer.parseInt(output.readLine());
            assertThat(parent.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return pid;
        }
    }
}

package dev.kumite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MachineTest {
    private static final long CLONE_NEWUTS = 0x4000000L;

    @Test
    void theHostNameIsSet() throws Exception {
        RootOnly.assume();
        CompletableFuture<String> seen = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        // Of this thread only: the machine keeps its name.
                        LinuxException.check(
                                Syscall.call(SyscallNumber.UNSHARE, CLONE_NEWUTS),
                                "leave the UTS namespace");
                        Machine.setHostname("kumite-test");
                        Process uname = new ProcessBuilder("uname", "-n").start();
                        seen.complete(uname.inputReader().readLine());
                    } catch (Exception failure) {
                        seen.completeExceptionally(failure);
                    }
                });

        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("kumite-test");
        assertThatThrownBy(() -> Machine.setHostname("x".repeat(65)))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.ENAMETOOLONG));
    }

    @Test
    void entropyIsAdded() {
        RootOnly.assume();

        Machine.addEntropy(new byte[] {1, 2, 3});

        assertThatThrownBy(() -> Machine.addEntropy(new byte[4097]))
                .isInstanceOf(LinuxException.class);
    }

    @Test
    void aClockCannotBeBeforeItsTime() {
        assertThatThrownBy(() -> Machine.setClock(Instant.ofEpochSecond(-1)))
                .isInstanceOf(LinuxException.class)
                .hasMessageStartingWith("set the clock to 1969-12-31T23:59:59Z: ");
    }

    @Test
    void fileSystemsAreWrittenBack() {
        try (Fd fd = Fd.memory("x")) {
            Machine.syncFileSystem(fd);
        }
    }

    @Test
    void limitsAreReadAndSet() throws Exception {
        ProcessLimits.Limit limit = ProcessLimits.get(0, ProcessLimits.Resource.CORE);

        ProcessLimits.set(0, ProcessLimits.Resource.CORE, new ProcessLimits.Limit(0, limit.hard()));

        assertThat(ProcessLimits.get(0, ProcessLimits.Resource.CORE).soft()).isZero();
        ProcessLimits.set(0, ProcessLimits.Resource.CORE, limit);
        assertThat(ProcessLimits.get(0, ProcessLimits.Resource.NOFILE).soft()).isPositive();
    }

    @Test
    void theKernelIsToldWhomToEndFirst() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            int pid = (int) process.pid();

            ProcessLimits.setOomScoreAdjustment(pid, 500);

            assertThat(Files.readString(Path.of("/proc/" + pid + "/oom_score_adj")))
                    .isEqualTo("500\n");
            assertThatThrownBy(() -> ProcessLimits.setOomScoreAdjustment(pid, 1001))
                    .isInstanceOf(LinuxException.class)
                    .hasMessage(
                            "write \"1001\" to \"/proc/"
                                    + pid
                                    + "/oom_score_adj\": invalid argument");
        } finally {
            process.destroyForcibly();
        }
    }
}

package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.vmm.MachineExit;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MachineFailureTest {

    @ParameterizedTest
    @EnumSource(MachineExit.Cause.class)
    void hasWordsForEachWayAMachineEnds(MachineExit.Cause cause) {
        MachineExit exit = new MachineExit(cause, 1, "detail", List.of("q"), List.of("c"));

        assertThat(MachineFailure.cause(exit)).endsWith("(detail)");
        assertThat(MachineFailure.remedy(exit)).isNotNull();
        assertThat(MachineFailure.evidence(exit)).containsExactly("qemu: q", "console: c");
    }

    @Test
    void keepsTheLastLinesOfTheEvidence() {
        List<String> many =
                java.util.stream.IntStream.range(0, 100).mapToObj(i -> "l" + i).toList();

        assertThat(MachineFailure.last(many)).hasSize(20).endsWith("l99");
    }

    @Test
    void namesTheStepOfAFailureWithoutAMachine() {
        EngineException e =
                StartFailure.explain(
                        EngineException.of(EngineException.Category.HOST, "disk full", "make room"),
                        Step.SHARE,
                        null,
                        List::of);

        assertThat(e.step()).contains(Step.SHARE);
        assertThat(e.remedy()).isEqualTo("make room");
        assertThat(e.toBuilder().record(Path.of("/r")).build().toString())
                .endsWith("disk full\n  to do: make room\n  record: /r");
        assertThat(e.toBuilder().record(Path.of("/r")).build().record()).contains(Path.of("/r"));
    }

    @Test
    void hasShortWordsForTroubleWithFiles() {
        assertThat(Failures.reason(new NoSuchFileException("x")))
                .isEqualTo("no such file or directory");
        assertThat(Failures.reason(new AccessDeniedException("x"))).isEqualTo("permission denied");
        assertThat(Failures.reason(new NotDirectoryException("x"))).isEqualTo("not a directory");
        assertThat(Failures.reason(new FileSystemException("x", null, "No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(Failures.reason(new IOException("other"))).isEqualTo("other");
        assertThat(Failures.reason(new IOException())).isEqualTo("IOException");
    }

    @Test
    void makesLinesOfGuestsHarmlessAndShort() {
        assertThat(Texts.line("a\nb\u0007c\u202e", 10)).isEqualTo("a b?c?");
        assertThat(Texts.line("x".repeat(20), 5)).isEqualTo("xxxxx …");
    }

    @Test
    void mergesLimitsThatAreNamed() {
        var old = limits(64, 0.5, 10);
        var merged = Limits.merge(old, limits(32, 0.5, 10));

        assertThat(merged.memory().orElseThrow().limit()).contains(32L << 20);
        assertThat(Limits.merge(old, dev.kumite.oci.Resources.empty())).isEqualTo(old);
        assertThat(Limits.merge(dev.kumite.oci.Resources.empty(), old).pids())
                .isEqualTo(old.pids());
    }

    private static dev.kumite.oci.Resources limits(long mib, double cpus, long pids) {
        return Workload.builder()
                .rootfs(Path.of("/r"))
                .command("x")
                .memory(MemorySize.ofMib(mib))
                .cpus(cpus)
                .pids(pids)
                .build()
                .spec()
                .linux()
                .orElseThrow()
                .resources()
                .orElseThrow();
    }
}

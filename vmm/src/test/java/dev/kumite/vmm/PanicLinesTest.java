package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PanicLinesTest {

    private static List<String> lines(int count) {
        return new ArrayList<>(IntStream.range(0, count).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void areTheLastBeforeThePanic() {
        List<String> written = lines(40);

        assertThat(MachineProcesses.beforePanic(written, 30)).isEqualTo(written.subList(18, 30));
        assertThat(MachineProcesses.beforePanic(written, 5)).isEqualTo(written.subList(0, 5));
    }

    @Test
    void beginWithWhatTheKernelFound() {
        List<String> written = lines(60);
        written.set(20, "VFS: Busy inodes after unmount of virtiofs (virtiofs)");
        written.set(21, "------------[ cut here ]------------");
        written.set(22, "kernel BUG at fs/super.c:503!");
        written.set(23, "invalid opcode: 0000 [#1] PREEMPT SMP NOPTI");

        assertThat(MachineProcesses.beforePanic(written, 60)).isEqualTo(written.subList(20, 32));
        assertThat(MachineProcesses.beforePanic(written, 24)).isEqualTo(written.subList(20, 24));
    }

    @Test
    void beginAtTheStartWhereNothingIsBefore() {
        assertThat(MachineProcesses.beforePanic(List.of("BUG: x", "panic"), 2))
                .containsExactly("BUG: x", "panic");
    }
}

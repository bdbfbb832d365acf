package dev.kumite.config;

import static dev.kumite.config.Explained.explain;
import static dev.kumite.config.Explained.setting;
import static dev.kumite.config.Explained.with;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a machine costs its host. */
class OverheadTest {

    @Test
    void isEstimatedFromTheMachine() {
        Overhead overhead = explain(TestRuntime.spec("")).overhead();

        assertThat(overhead.figures())
                .extracting(Overhead.Figure::name)
                .containsExactly("QEMU process", "guest kernel and agent");
        assertThat(overhead.usualMib()).isEqualTo(60 + 4 + 40 + 32);
        assertThat(overhead.mostMib()).isEqualTo(100 + 4 + 2048);
        assertThat(overhead.figures()).allMatch(figure -> !figure.basis().isEmpty());
    }

    @Test
    void countsVirtiofsd() {
        RuntimeConfig runtime =
                with(
                        TestRuntime.hypervisor()
                                .set(HypervisorConfig.SHARED_FS, "virtio-fs", Origin.DEFAULT)
                                .set(
                                        HypervisorConfig.VIRTIO_FS_DAEMON,
                                        "/virtiofsd",
                                        Origin.DEFAULT));

        assertThat(explain(runtime, TestRuntime.spec("")).overhead().figures())
                .anyMatch(figure -> figure.name().equals("virtiofsd"));
    }

    @Test
    void countsAllMemoryThatIsTakenAtBoot() {
        RuntimeConfig runtime =
                with(
                        TestRuntime.hypervisor()
                                .set(HypervisorConfig.MEM_PREALLOC, true, Origin.DEFAULT));

        Overhead overhead = explain(runtime, TestRuntime.spec("")).overhead();

        assertThat(overhead.usualMib()).isEqualTo(60 + 4 + 2048);
        assertThat(overhead.notes()).noneMatch(note -> note.contains("touches it first"));
    }

    @Test
    void saysWhoPaysForIt() {
        assertThat(
                        explain(setting(RuntimeFields.SANDBOX_CGROUP_ONLY), TestRuntime.spec(""))
                                .overhead()
                                .notes())
                .anyMatch(note -> note.contains("counts against the pod's cgroup"));
    }
}

package dev.kumite.config;

import static dev.kumite.config.Explained.annotation;
import static dev.kumite.config.Explained.entry;
import static dev.kumite.config.Explained.explain;
import static dev.kumite.config.Explained.setting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.Explanation.AnnotationVerdict;
import dev.kumite.config.Explanation.Fate;
import dev.kumite.config.Explanation.Verdict;
import org.junit.jupiter.api.Test;

/** What became of each annotation. */
class ExplainedAnnotationsTest {

    private static final String VCPUS = AnnotationTable.HYPERVISOR + "default_vcpus";

    @Test
    void areHonoured() {
        AnnotationVerdict verdict = annotation(explain(TestRuntime.annotated(VCPUS, "2")), VCPUS);

        assertThat(verdict.fate()).isEqualTo(Fate.HONOURED);
        assertThat(verdict.why())
                .isEqualTo("sets HypervisorConfig.NumVCPUs (virtual CPUs at boot)");
    }

    @Test
    void areHonouredUnderStaticSizingToo() {
        Explanation explanation =
                explain(
                        setting(RuntimeFields.STATIC_SANDBOX_RESOURCE_MGMT),
                        TestRuntime.annotated(VCPUS, "2"));

        assertThat(annotation(explanation, VCPUS).fate()).isEqualTo(Fate.HONOURED);
    }

    @Test
    void thatAreRefusedLeaveTheRestExplained() {
        RuntimeConfig closed = TestRuntime.admitting(AnnotationPolicy.KATA, "default_memory");

        Explanation explanation =
                explain(
                        closed,
                        TestRuntime.annotated(
                                VCPUS, "2", AnnotationTable.HYPERVISOR + "default_memory", "512"));

        assertThat(explanation.summary().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(explanation.summary().headline()).isEqualTo("c1: refused, for 1 reason");
        assertThat(annotation(explanation, VCPUS).fate()).isEqualTo(Fate.REFUSED);
        assertThat(annotation(explanation, VCPUS).why())
                .contains("enable_annotations = [\"default_memory\"]");
        assertThat(explanation.problems().getFirst().fix()).contains("default_vcpus");
        assertThat(entry(explanation, "CPU and memory", "NumVCPUs").value()).isEqualTo("1 vCPU");
        assertThat(entry(explanation, "CPU and memory", "MemorySize").value()).isEqualTo("512 MiB");
    }

    @Test
    void ofTheAgentAreRefusedUnderTheStrictPolicy() {
        String key = AnnotationTable.AGENT + "kernel_modules";

        Explanation explanation =
                explain(
                        TestRuntime.admitting(AnnotationPolicy.STRICT),
                        TestRuntime.annotated(key, "kvm"));

        assertThat(annotation(explanation, key).fate()).isEqualTo(Fate.REFUSED);
    }

    @Test
    void withAnEmptyValueLeaveTheConfiguration() {
        String key = AnnotationTable.HYPERVISOR + "machine_type";

        AnnotationVerdict verdict = annotation(explain(TestRuntime.annotated(key, "")), key);

        assertThat(verdict.fate()).isEqualTo(Fate.WITHOUT_EFFECT);
        assertThat(verdict.why()).contains("as it is configured");
    }

    @Test
    void ofAContainerThatJoinsChangeNothing() {
        Explanation explanation =
                explain(
                        TestRuntime.annotated(
                                "io.kubernetes.cri.container-type",
                                "container",
                                "io.kubernetes.cri.sandbox-id",
                                "p",
                                VCPUS,
                                "2"));

        assertThat(annotation(explanation, VCPUS).fate()).isEqualTo(Fate.WITHOUT_EFFECT);
        assertThat(annotation(explanation, "io.kubernetes.cri.sandbox-id").fate())
                .isEqualTo(Fate.READ_ELSEWHERE);
    }

    @Test
    void thatNobodyKnowsAreToldApart() {
        String misspelt = AnnotationTable.PREFIX + "config.agent.kernel_module";

        Explanation explanation =
                explain(TestRuntime.annotated(misspelt, "x", "com.example/team", "a"));

        assertThat(annotation(explanation, misspelt).fate()).isEqualTo(Fate.WITHOUT_EFFECT);
        assertThat(annotation(explanation, "com.example/team").fate()).isEqualTo(Fate.NOT_KATA);
    }
}

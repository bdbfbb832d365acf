package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.PlanDifference.Difference;
import dev.kumite.oci.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanDifferenceTest {

    private static Explainer.Planned planned(RuntimeConfig runtime, Spec spec) {
        Plan plan =
                SandboxPlanner.of(runtime, new FakeHost(), BuildConstants.PACKAGED)
                        .plan(spec, TestRuntime.REQUEST)
                        .value()
                        .orElseThrow();
        return new Explainer.Planned(runtime, spec, plan);
    }

    private static List<Difference> differences(Spec left, Spec right) {
        return Explainer.difference(
                        planned(TestRuntime.open(), left), planned(TestRuntime.open(), right))
                .differences();
    }

    private static Spec environment(String entry) {
        return TestRuntime.read(
                "{\"process\":{\"args\":[\"sh\"],\"cwd\":\"/\",\"env\":[\""
                        + entry
                        + "\"]},\"root\":{\"path\":\"r\"},\"linux\":{}}");
    }

    @Test
    void isEmptyForEqualPlans() {
        assertThat(differences(TestRuntime.spec(""), TestRuntime.spec(""))).isEmpty();
    }

    @Test
    void namesTheAnnotationThatOnlyOneHas() {
        Spec right = TestRuntime.annotated(AnnotationTable.HYPERVISOR + "default_vcpus", "2");

        List<Difference> differences = differences(TestRuntime.spec(""), right);

        assertThat(differences)
                .extracting(Difference::field)
                .containsExactly(
                        "HypervisorConfig.NumVCPUs",
                        "ContainerConfig.Annotations["
                                + AnnotationTable.HYPERVISOR
                                + "default_vcpus]");
        assertThat(differences.getFirst().why())
                .isEqualTo("only the second has the annotation default_vcpus");
        assertThat(differences.getLast()).isInstanceOf(Difference.OnlyRight.class);
    }

    @Test
    void namesTheKeyThatOnlyOneConfigurationSets() {
        RuntimeConfig more =
                TestRuntime.with(
                        TestRuntime.hypervisor()
                                .set(
                                        HypervisorConfig.MEMORY_SIZE,
                                        4096L,
                                        new Origin.Configuration(
                                                "/c.toml", 3, 1, "hypervisor.qemu.default_memory"))
                                .build(),
                        AnnotationPolicy.KATA,
                        ".*");

        List<Difference> differences =
                Explainer.difference(
                                planned(more, TestRuntime.spec("")),
                                planned(TestRuntime.open(), TestRuntime.spec("")))
                        .differences();

        assertThat(differences)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.field()).isEqualTo("HypervisorConfig.MemorySize");
                    assertThat(one.meaning()).isEqualTo("memory at boot, in MiB");
                    assertThat(one.why())
                            .isEqualTo("only the first configuration sets default_memory");
                });
    }

    @Test
    void comparesSecretsWithoutShowingThem() {
        List<Difference> differences =
                differences(environment("API_TOKEN=a1"), environment("API_TOKEN=b2"));

        assertThat(differences)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.field()).isEqualTo("ContainerConfig.Cmd.Envs[API_TOKEN]");
                    assertThat(one.toString()).doesNotContain("a1").doesNotContain("b2");
                });
    }

    @Test
    void seesWhatThePlanDoesNotHold() {
        Spec filtered =
                TestRuntime.spec("\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\"}}");

        assertThat(differences(TestRuntime.spec(""), filtered))
                .extracting(Difference::field)
                .containsExactly("OCI/linux/seccomp");
    }

    @Test
    void seesTheOrderOfMounts() {
        String first = "{\"destination\":\"/a\",\"type\":\"tmpfs\"}";
        String second = "{\"destination\":\"/a/b\",\"type\":\"tmpfs\"}";

        List<Difference> differences =
                differences(
                        TestRuntime.spec("\"mounts\":[" + first + "," + second + "]"),
                        TestRuntime.spec("\"mounts\":[" + second + "," + first + "]"));

        assertThat(differences)
                .extracting(Difference::field)
                .containsExactly("ContainerConfig.Mounts order");
    }

    @Test
    void comparesOnlyContainersWhereOneMakesAMachineAndTheOtherJoinsOne() {
        Spec joining =
                TestRuntime.annotated(
                        "io.kubernetes.cri.container-type",
                        "container",
                        "io.kubernetes.cri.sandbox-id",
                        "p");

        List<Difference> differences = differences(TestRuntime.spec(""), joining);

        assertThat(differences.getFirst().field()).isEqualTo("ContainerType");
        assertThat(differences.getFirst().why()).contains("compared only where both");
        assertThat(differences)
                .extracting(Difference::field)
                .noneMatch(field -> field.startsWith("HypervisorConfig"));
    }
}

package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.kumite.oci.Limits;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile specifications cost. */
class PlanningBoundsTest {

    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final String HV = AnnotationTable.HYPERVISOR;

    @Test
    void listsTheFirstProblemsOfManyDevicesAndExplainsThePlanWithoutThem() {
        Spec spec =
                TestRuntime.spec(
                        "\"linux\":{\"devices\":["
                                + "{},".repeat(259_999)
                                + "{\"path\":\"/dev/x\",\"type\":\"c\"}]}");

        Explanation explanation = assertTimeoutPreemptively(LONGEST, () -> Explained.explain(spec));

        assertThat(explanation.problems()).hasSize(Limits.MAX_PROBLEMS + 1);
        assertThat(explanation.problems().getLast().what()).contains("more than");
        assertThat(explanation.summary().verdict()).isEqualTo(Explanation.Verdict.REFUSED);
        assertThat(explanation.values())
                .anyMatch(value -> value.field().contains("DeviceInfos[/dev/x]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".*"})
    void explainsAndComparesManyAnnotations(String pattern) {
        RuntimeConfig runtime =
                pattern.isEmpty()
                        ? TestRuntime.admitting(AnnotationPolicy.KATA)
                        : TestRuntime.open();
        Spec spec = annotations(60_000);

        Explanation explanation =
                assertTimeoutPreemptively(LONGEST, () -> Explained.explain(runtime, spec));

        Explanation.Fate fate =
                pattern.isEmpty() ? Explanation.Fate.REFUSED : Explanation.Fate.WITHOUT_EFFECT;
        assertThat(explanation.problems()).hasSize(Limits.MAX_PROBLEMS + 1);
        assertThat(explanation.annotations()).allMatch(one -> one.fate() == fate);
    }

    @Test
    void comparesPlansWithManyAnnotations() {
        Spec few = annotations(1);
        Spec many = annotations(60_000);
        Explainer.Planned left = planned(few);
        Explainer.Planned right = planned(many);

        PlanDifference difference =
                assertTimeoutPreemptively(LONGEST, () -> Explainer.difference(left, right));

        assertThat(difference.differences()).hasSize(59_999);
    }

    @Test
    void namesAnErrorThatStandsBehindManyWarnings() {
        Spec spec =
                TestRuntime.read(
                        "{\"process\":{\"env\":["
                                + "\"X\",".repeat(500)
                                + "\"Y\"]},\"root\":{},\"linux\":{},\"annotations\":{\""
                                + HV
                                + "enable_iommu\":\"maybe\"}}");

        Outcome<SandboxConfig> outcome = TestRuntime.plan(TestRuntime.open(), spec);

        assertThat(outcome.errors())
                .extracting(Problem::where)
                .contains(new Location.Annotation(HV + "enable_iommu"));
        assertThat(outcome.problems()).hasSize(Limits.MAX_PROBLEMS + 1);
    }

    @Test
    void warnsAlsoOfManyWarningsWithoutRefusing() {
        Spec spec =
                TestRuntime.read(
                        "{\"process\":{\"env\":["
                                + "\"X\",".repeat(500)
                                + "\"Y\"]},\"root\":{},\"linux\":{}}");

        Outcome<SandboxConfig> outcome = TestRuntime.plan(TestRuntime.open(), spec);

        assertThat(outcome.isRefused()).isFalse();
        assertThat(outcome.warnings()).hasSize(Limits.MAX_PROBLEMS + 1);
    }

    @Test
    void boundsTheSizeOfAllPatternsTogether() {
        List<String> patterns = IntStream.range(0, 2000).mapToObj(i -> "(a{1000}){1}" + i).toList();

        EnabledAnnotations enabled =
                EnabledAnnotations.of(patterns, AnnotationPolicy.KATA, TestRuntime.LINE);

        assertThat(enabled.exceedsBound()).isTrue();
        assertThat(enabled.isValid(patterns.getFirst())).isTrue();
        assertThat(enabled.isValid(patterns.getLast())).isFalse();
    }

    @Test
    void takesAnAnnotationsArgumentForTheValueOfAConfiguredOption() {
        assertThat(VirtiofsdArguments.escape(List.of("-d", "-o"), List.of("source=/"))).isPresent();
        assertThat(VirtiofsdArguments.escape(List.of("--fd"), List.of("3"))).isPresent();
        assertThat(VirtiofsdArguments.escape(List.of("-o"), List.of("cache=auto"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00"})
    void countsOnlyAWholeHash(String hash) {
        Spec spec = TestRuntime.annotated(HV + "kernel", "/etc/shadow", HV + "kernel_hash", hash);

        Outcome<SandboxConfig> strict =
                TestRuntime.plan(TestRuntime.admitting(AnnotationPolicy.STRICT, ".*"), spec);
        Outcome<SandboxConfig> kata = TestRuntime.plan(TestRuntime.open(), spec);

        assertThat(strict.errors()).hasSize(2);
        assertThat(kata.isRefused()).isFalse();
        assertThat(kata.warnings()).hasSize(2);
    }

    @Test
    void asksForTheMountsOnceForAllVolumes() {
        String volume =
                "{\"destination\":\"/v\",\"type\":\"bind\","
                        + "\"source\":\"/p/kubernetes.io~empty-dir/v\"}";
        Spec spec =
                TestRuntime.spec(
                        "\"mounts\":["
                                + volume
                                + ","
                                + volume
                                + "],\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\","
                                + "\"io.kubernetes.cri.sandbox-id\":\"pod\"}");
        FakeHost host = new FakeHost();

        SandboxPlanner.of(TestRuntime.open(), host, BuildConstants.PACKAGED)
                .plan(spec, TestRuntime.REQUEST);

        assertThat(host.questions()).containsExactly("mounts");
    }

    @Test
    void saysWhenASizeDoesNotFit() {
        RuntimeConfig runtime = Explained.setting(RuntimeFields.STATIC_SANDBOX_RESOURCE_MGMT);
        Sizing sizing =
                Sizing.of(0, 0xFFFF_FFFFL, new Origin.SpecPath("/linux/resources/memory/limit"));

        Outcome<SandboxConfig> outcome =
                SandboxPlanner.of(runtime, new FakeHost(), BuildConstants.PACKAGED)
                        .sandbox(TestRuntime.spec(""), TestRuntime.REQUEST, sizing);

        assertThat(TestRuntime.text(outcome)).contains("4294969343", "2047");
        assertThat(outcome.isRefused()).isFalse();
    }

    private static Spec annotations(int count) {
        return TestRuntime.spec(
                IntStream.range(0, count)
                        .mapToObj(i -> "\"" + HV + "x" + i + "\":\"1\"")
                        .collect(Collectors.joining(",", "\"annotations\":{", "}")));
    }

    private static Explainer.Planned planned(Spec spec) {
        Outcome<Plan> plan =
                SandboxPlanner.of(TestRuntime.open(), new FakeHost(), BuildConstants.PACKAGED)
                        .plan(spec, TestRuntime.REQUEST);
        return new Explainer.Planned(TestRuntime.open(), spec, plan.value().orElseThrow());
    }
}

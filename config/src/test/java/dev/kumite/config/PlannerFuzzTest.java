package dev.kumite.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whatever a specification and its annotations are, under a configuration that admits all of them:
 * a plan or problems, an explanation, and JSON.
 *
 * <p>An input is lines of {@code annotation=value}, an empty line, and a specification. An
 * annotation without a dot is one of the hypervisor's.
 */
class PlannerFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void anythingIsPlannedOrRefusedAndExplained(byte[] input) {
        String text = new String(input, UTF_8);
        int end = text.indexOf("\n\n");
        Spec spec =
                annotated(
                        SpecReader.read(end < 0 ? "" : text.substring(end + 2), "config.json")
                                .value()
                                .orElseGet(() -> TestRuntime.spec("")),
                        end < 0 ? text : text.substring(0, end));
        RuntimeConfig runtime = TestRuntime.open();
        Host host = new FakeHost().withFile("/bin/a").withFileSystem("/dev/shm", 1 << 26);

        Outcome<Plan> outcome =
                SandboxPlanner.of(runtime, host, BuildConstants.PACKAGED)
                        .plan(spec, TestRuntime.REQUEST);
        Explanation explanation =
                Explainer.of(runtime, host, BuildConstants.PACKAGED)
                        .explain(spec, TestRuntime.REQUEST, outcome);

        assertThat(explanation.summary().verdict() == Explanation.Verdict.REFUSED)
                .isEqualTo(outcome.isRefused());
        assertThat(outcome.value().isEmpty()).isEqualTo(outcome.isRefused());
        outcome.value()
                .ifPresent(plan -> assertThat(JsonRead.object(KataJson.of(plan))).isNotEmpty());
    }

    private static Spec annotated(Spec plain, String lines) {
        Map<String, String> annotations = new LinkedHashMap<>(plain.annotations());
        for (String line : lines.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                String key = line.substring(0, equals);
                annotations.put(
                        key.contains(".") ? key : AnnotationTable.HYPERVISOR + key,
                        line.substring(equals + 1));
            }
        }
        return new Spec(
                plain.ociVersion(),
                plain.process(),
                plain.root(),
                plain.hostname(),
                plain.domainname(),
                plain.mounts(),
                plain.hooks(),
                annotations,
                plain.linux(),
                plain.vm());
    }
}

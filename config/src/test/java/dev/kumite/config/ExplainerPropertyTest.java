package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Explaining never fails, whatever is explained. */
class ExplainerPropertyTest {

    private static final int TRIES = 3000;

    /** Change it to repeat a run: {@code -Dkumite.seed=N}. */
    private static final long SEED = Long.getLong("kumite.seed", System.nanoTime());

    private static final List<String> TYPES =
            List.of("sandbox", "podsandbox", "container", "", "x");
    private static final List<String> VALUES =
            List.of(
                    "",
                    "0",
                    "1",
                    "2",
                    "true",
                    "no",
                    "4294967296",
                    "-1",
                    "virtio-9p",
                    "none",
                    "[\"a\"]",
                    "=",
                    "\u001b");
    private static final List<String> MEMBERS =
            List.of(
                    "",
                    "\"mounts\":[{\"destination\":\"/dev/shm\",\"type\":\"bind\",\"source\":\"/no\"}]",
                    "\"mounts\":[{\"destination\":\"\",\"type\":\"\",\"source\":\"\",\"options\":[\"rbind\",\"ro\"]}]",
                    "\"hooks\":{\"prestart\":[{\"path\":\"/x\"}]}",
                    "\"hostname\":\"h\"");
    private static final List<String> LINUX =
            List.of(
                    "{}",
                    "{\"devices\":[{\"path\":\"\",\"type\":\"\",\"major\":0,\"minor\":0}]}",
                    "{\"devices\":[{\"path\":\"/dev/x\",\"type\":\"b\",\"major\":0,\"minor\":0}]}",
                    "{\"resources\":{\"cpu\":{\"quota\":9223372036854775807,\"period\":1}}}",
                    "{\"resources\":{\"cpu\":{\"quota\":5,\"period\":0},\"memory\":{\"limit\":-1}}}",
                    "{\"resources\":{\"cpu\":{\"quota\":1,\"period\":18446744073709551615},\"pids\":{\"limit\":-1}}}",
                    "{\"resources\":{\"memory\":{\"limit\":9223372036854775807}},"
                            + "\"seccomp\":{\"defaultAction\":\"x\"}}");

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

    @Test
    void everyPlanAndEveryRefusalIsExplained() {
        for (int i = 0; i < TRIES; i++) {
            Spec spec = spec();
            RuntimeConfig runtime = runtime();
            Outcome<Plan> outcome =
                    SandboxPlanner.of(runtime, new FakeHost(), BuildConstants.PACKAGED)
                            .plan(spec, TestRuntime.REQUEST);

            Explanation explanation = explain(runtime, spec, outcome);

            assertThat(explanation.problems())
                    .as("seed %d, try %d", SEED, i)
                    .isEqualTo(outcome.problems());
            assertThat(explanation.annotations())
                    .as("seed %d, try %d", SEED, i)
                    .hasSameSizeAs(spec.annotations().keySet());
            assertThat(explanation.summary().verdict() == Explanation.Verdict.REFUSED)
                    .isEqualTo(outcome.isRefused());
            assertThat(explanation.overhead().usualMib())
                    .isLessThanOrEqualTo(explanation.overhead().mostMib());
        }
    }

    @Test
    void anyPlanHasADifferenceWithAnyOther() {
        List<Explainer.Planned> plans = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Spec spec = spec();
            RuntimeConfig runtime = runtime();
            SandboxPlanner.of(runtime, new FakeHost(), BuildConstants.PACKAGED)
                    .plan(spec, TestRuntime.REQUEST)
                    .value()
                    .ifPresent(plan -> plans.add(new Explainer.Planned(runtime, spec, plan)));
        }

        for (Explainer.Planned plan : plans) {
            Explainer.Planned other = plans.get(random.nextInt(plans.size()));
            assertThat(Explainer.difference(plan, plan).differences())
                    .as("seed %d", SEED)
                    .isEmpty();
            int there = Explainer.difference(plan, other).differences().size();
            assertThat(Explainer.difference(other, plan).differences())
                    .as("seed %d", SEED)
                    .hasSize(there);
        }
    }

    @Test
    void aRefusalForAReasonThatPlanningDoesNotKnowIsExplained() {
        Problem foreign = Problem.error(new Location.Argument("--x"), "it is wrong", "", "");

        Explanation explanation =
                explain(TestRuntime.open(), Spec.empty(), Outcome.refused(List.of(foreign)));

        assertThat(explanation.summary().verdict()).isEqualTo(Explanation.Verdict.REFUSED);
        assertThat(explanation.values())
                .noneMatch(value -> value.field().startsWith("ContainerConfig.Cmd"));
    }

    private static Explanation explain(RuntimeConfig runtime, Spec spec, Outcome<Plan> outcome) {
        return Explainer.of(runtime, new FakeHost(), BuildConstants.PACKAGED)
                .explain(spec, TestRuntime.REQUEST, outcome);
    }

    private RuntimeConfig runtime() {
        Settings.Builder<HypervisorConfig> vm = TestRuntime.hypervisor();
        vm.set(
                HypervisorConfig.SHARED_FS,
                pick(List.of("", "virtio-9p", "virtio-fs")),
                Origin.DEFAULT);
        vm.set(HypervisorConfig.NUM_VCPUS, random.nextLong(0, 0x1_0000_0000L), Origin.DEFAULT);
        vm.set(HypervisorConfig.MEMORY_SIZE, random.nextLong(0, 0x1_0000_0000L), Origin.DEFAULT);
        vm.set(HypervisorConfig.DEFAULT_MAX_VCPUS, random.nextLong(0, 9), Origin.DEFAULT);
        AnnotationPolicy policy =
                random.nextBoolean() ? AnnotationPolicy.KATA : AnnotationPolicy.STRICT;
        RuntimeConfig runtime =
                TestRuntime.with(vm.build(), policy, pick(List.of(".*", "default_.*", "[", "")));
        return TestRuntime.with(
                runtime,
                runtime.settings().toBuilder()
                        .set(
                                RuntimeFields.HYPERVISOR_TYPE,
                                pick(List.of("", "qemu", "clh", "firecracker", "acrn", "other")),
                                Origin.DEFAULT)
                        .set(
                                RuntimeFields.STATIC_SANDBOX_RESOURCE_MGMT,
                                random.nextBoolean(),
                                Origin.DEFAULT)
                        .set(
                                RuntimeFields.INTER_NETWORK_MODEL,
                                pick(List.of(InterworkingModel.values())),
                                Origin.DEFAULT)
                        .build());
    }

    private Spec spec() {
        StringBuilder annotations = new StringBuilder();
        List<String> keys = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            String key = pick(AnnotationTable.all()).key() + (random.nextInt(8) == 0 ? "x" : "");
            if (!keys.contains(key)) {
                keys.add(key);
                String value = key.contains("container-type") ? pick(TYPES) : pick(VALUES);
                annotations
                        .append(annotations.isEmpty() ? "" : ",")
                        .append('"')
                        .append(key)
                        .append("\":\"");
                annotations
                        .append(value.replace("\"", "\\\"").replace("\u001b", "\\u001b"))
                        .append('"');
            }
        }
        String members = pick(MEMBERS);
        return TestRuntime.spec(
                (members.isEmpty() ? "" : members + ",")
                        + "\"annotations\":{"
                        + annotations
                        + "},\"linux\":"
                        + pick(LINUX));
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}

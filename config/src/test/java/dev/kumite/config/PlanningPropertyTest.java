package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** What holds for every specification and every annotation, whatever stands in it. */
class PlanningPropertyTest {

    private static final int TRIES = 4000;

    /** Change it to repeat a run: {@code -Dkumite.seed=N}. */
    private static final long SEED = Long.getLong("kumite.seed", System.nanoTime());

    private static final List<String> VALUES =
            List.of(
                    "",
                    " ",
                    "0",
                    "1",
                    "2",
                    "255",
                    "256",
                    "4294967295",
                    "4294967296",
                    "18446744073709551615",
                    "-1",
                    "1e3",
                    "true",
                    "False",
                    "yes",
                    "virtio-blk",
                    "virtio-fs",
                    "virtio-9p",
                    "vfio",
                    "none",
                    "tcfilter",
                    "[]",
                    "null",
                    "[\"a\"]",
                    "[1",
                    "{\"a\":1}",
                    "64Mi",
                    "1Pi",
                    "1.5Gi",
                    "/bin/a",
                    "/nope",
                    "a=b c",
                    "=",
                    "\u0000",
                    "\ud800",
                    "\u3000x\u0085",
                    "a;b;;",
                    "\"",
                    "\\");

    @Test
    void anyAnnotationGivesAPlanOrProblemsAndTheSameTwice() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        for (int i = 0; i < TRIES; i++) {
            Spec spec = TestRuntime.annotated(annotations(random));
            RuntimeConfig runtime =
                    random.nextBoolean()
                            ? TestRuntime.open()
                            : TestRuntime.admitting(
                                    random.nextBoolean()
                                            ? AnnotationPolicy.STRICT
                                            : AnnotationPolicy.KATA,
                                    "default.*",
                                    "[",
                                    "");
            String before = SpecWriter.write(spec);

            Outcome<Plan> first = plan(runtime, spec);
            Outcome<Plan> second = plan(runtime, spec);

            assertThat(second)
                    .as("seed %d, try %d: %s", SEED, i, spec.annotations())
                    .isEqualTo(first);
            assertThat(SpecWriter.write(spec)).as("seed %d, try %d", SEED, i).isEqualTo(before);
            first.value().ifPresent(plan -> assertThat(KataJson.of(plan)).startsWith("{"));
            first.problems()
                    .forEach(problem -> {
                        assertThat(problem.what()).isNotBlank();
                        assertThat(problem.describe()).doesNotContain("\n");
                    });
        }
    }

    @Test
    void everyRefusedAnnotationIsNamed() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        for (int i = 0; i < TRIES; i++) {
            AnnotationKey row =
                    AnnotationTable.all().get(random.nextInt(AnnotationTable.all().size()));
            Spec spec = TestRuntime.annotated(row.key(), value(random));

            Outcome<Plan> outcome = plan(TestRuntime.admitting(AnnotationPolicy.KATA), spec);

            if (row.gate() == AnnotationKey.Gate.ENABLED) {
                assertThat(TestRuntime.text(outcome))
                        .as("seed %d, try %d", SEED, i)
                        .contains(row.key());
            }
        }
    }

    private static Outcome<Plan> plan(RuntimeConfig runtime, Spec spec) {
        return SandboxPlanner.of(
                        runtime, new FakeHost().withFile("/bin/a"), BuildConstants.PACKAGED)
                .plan(spec, TestRuntime.REQUEST);
    }

    private static String[] annotations(RandomGenerator random) {
        List<String> annotations = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            annotations.add(key(random));
            annotations.add(value(random));
        }
        return annotations.toArray(String[]::new);
    }

    private static String key(RandomGenerator random) {
        List<AnnotationKey> rows = AnnotationTable.all();
        String key = rows.get(random.nextInt(rows.size())).key();
        return switch (random.nextInt(10)) {
            case 0 -> key + value(random);
            case 1 -> key.substring(0, random.nextInt(key.length() + 1));
            case 2 -> AnnotationTable.HYPERVISOR;
            default -> key;
        };
    }

    private static String value(RandomGenerator random) {
        if (random.nextInt(4) > 0) {
            return VALUES.get(random.nextInt(VALUES.size()));
        }
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            value.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
        }
        return value.toString();
    }
}

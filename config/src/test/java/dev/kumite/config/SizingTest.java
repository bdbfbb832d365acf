package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SizingTest {

    private static final String PERIOD = "io.kubernetes.cri.sandbox-cpu-period";
    private static final String QUOTA = "io.kubernetes.cri.sandbox-cpu-quota";
    private static final String MEMORY = "io.kubernetes.cri.sandbox-memory";

    @Nested
    class OfAPod {

        @Test
        void roundsCpusUpAndMemoryDown() {
            Sizing sizing = pod(QUOTA, "220000", PERIOD, "100000", MEMORY, "2097151");

            assertThat(sizing.cpus()).isEqualTo(3);
            assertThat(sizing.memoryMib()).isEqualTo(1);
        }

        @Test
        void namesTheAnnotationsItCameFrom() {
            Sizing sizing = pod(MEMORY, "1048576");

            assertThat(sizing.cpuOrigin()).isEqualTo(Sizing.NONE.cpuOrigin());
            assertThat(sizing.memoryOrigin())
                    .isEqualTo(
                            new Origin.Rule(
                                    "size of the pod",
                                    java.util.List.of(new Origin.Annotation(MEMORY))));
        }

        @Test
        void readsMemoryInSixtyFourBits() {
            assertThat(pod(MEMORY, "4294967296").memoryMib()).isEqualTo(4096);
            assertThat(pod(MEMORY, "2147483648").memoryMib()).isEqualTo(2048);
        }

        @Test
        void refusesWhatDoesNotFitTheResult() {
            Outcome<Sizing> memory =
                    Sizing.ofPod(TestRuntime.annotated(MEMORY, "9223372036854775807"));
            Outcome<Sizing> cpus =
                    Sizing.ofPod(TestRuntime.annotated(QUOTA, "9223372036854775807", PERIOD, "1"));

            assertThat(TestRuntime.text(memory))
                    .contains(MEMORY, "asks for more than 4294967295 MiB");
            assertThat(TestRuntime.text(cpus))
                    .contains(QUOTA, "asks for more than 4294967295 CPUs");
        }

        @Test
        void countsWideNumbersWithoutWrapping() {
            assertThat(pod(QUOTA, "4294967296", PERIOD, "2147483648").cpus()).isEqualTo(2);
        }

        @Test
        void warnsOfWhatIsNoNumberAndCountsItAsNothing() {
            Outcome<Sizing> sizing =
                    Sizing.ofPod(TestRuntime.annotated(MEMORY, "2Gi", QUOTA, "x", PERIOD, ""));

            assertThat(sizing.value().orElseThrow().memoryMib()).isZero();
            assertThat(sizing.warnings()).hasSize(3);
        }

        @Test
        void asksForNothingWithoutQuotaOrPeriod() {
            assertThat(pod(QUOTA, "100000").cpus()).isZero();
            assertThat(pod(QUOTA, "-1", PERIOD, "100000").cpus()).isZero();
            assertThat(pod(MEMORY, "-5").memoryMib()).isZero();
        }

        private Sizing pod(String... annotations) {
            return Sizing.ofPod(TestRuntime.annotated(annotations)).value().orElseThrow();
        }
    }

    @Nested
    class OfAContainer {

        @Test
        void takesTheLimits() {
            Sizing sizing =
                    container(
                            "{\"cpu\":{\"quota\":150000,\"period\":100000},\"memory\":{\"limit\":268435456}}");

            assertThat(sizing.cpus()).isEqualTo(2);
            assertThat(sizing.memoryMib()).isEqualTo(256);
        }

        @Test
        void needsQuotaAndPeriod() {
            assertThat(container("{\"cpu\":{\"quota\":150000}}").cpus()).isZero();
            assertThat(container("{\"cpu\":{\"period\":100000}}").cpus()).isZero();
            assertThat(container("{\"cpu\":{\"quota\":1,\"period\":0}}").cpus()).isZero();
        }

        @Test
        void wrapsWhereTheOriginalWraps() {
            assertThat(container("{\"cpu\":{\"quota\":2147483648,\"period\":100}}").cpus())
                    .isZero();
            assertThat(container("{\"cpu\":{\"quota\":4294967,\"period\":1}}").cpus()).isZero();
        }

        @Test
        void asksForNothingWithoutLimits() {
            assertThat(container("{}")).isEqualTo(Sizing.NONE);
            assertThat(Sizing.ofContainer(TestRuntime.spec(""))).isEqualTo(Sizing.NONE);
        }

        private Sizing container(String resources) {
            Spec spec = TestRuntime.spec("\"linux\":{\"resources\":" + resources + "}");
            return Sizing.ofContainer(spec);
        }
    }
}

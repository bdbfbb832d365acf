package dev.kumite.oci;

import static dev.kumite.oci.Problems.readValue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.testing.Gen;
import dev.kumite.oci.testing.GenResources;
import dev.kumite.oci.testing.GenSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What holds for any document and any container. */
class SpecPropertyTest {

    /** Neither an exception nor a difference between two readings; problems name their places. */
    static void assertIsReadOrRefused(byte[] document) {
        Outcome<Spec> outcome = SpecReader.read(document, "fuzz");

        assertThat(SpecReader.read(document, "fuzz")).isEqualTo(outcome);
        assertThat(outcome.problems()).hasSizeLessThanOrEqualTo(Limits.MAX_PROBLEMS + 1);
        assertThat(outcome.problems())
                .allSatisfy(problem -> {
                    assertThat(problem.isError()).isTrue();
                    assertThat(problem.what()).isNotEmpty();
                    assertThat(problem.where()).isInstanceOf(Location.Text.class);
                });
        Outcome<Spec> plain = SpecReader.readPlain(document, "fuzz");
        outcome.value().ifPresent(spec -> assertIsWrittenAndRead(spec));
        plain.value().ifPresent(spec -> assertIsWrittenAndRead(spec));
    }

    static void assertIsReadOrRefused(String document) {
        assertIsReadOrRefused(document.getBytes(UTF_8));
        SpecReader.read(document, "fuzz")
                .value()
                .ifPresent(SpecPropertyTest::assertIsWrittenAndRead);
    }

    private static void assertIsWrittenAndRead(Spec spec) {
        String written = SpecWriter.write(spec);

        assertThat(readValue(SpecReader.readPlain(written, "written"))).isEqualTo(spec);
    }

    @Test
    void aContainerIsTheSameAfterWritingAndReading() {
        Gen.forAll(
                2_000,
                gen -> {
                    Spec spec = GenSpec.spec(gen);

                    assertIsWrittenAndRead(spec);
                });
    }

    @Test
    void aContainerWithAProcessIsTheSameAfterTheCompatibilityStep() {
        Gen.forAll(
                500,
                gen -> {
                    Spec spec = GenSpec.spec(gen);
                    Process process =
                            GenSpec.process(gen)
                                    .withCapabilities(
                                            Optional.of(
                                                    Capabilities.ofAll(gen.list(3, gen::text))));
                    Spec whole =
                            new Spec(
                                    spec.ociVersion(),
                                    Optional.of(process),
                                    spec.root(),
                                    spec.hostname(),
                                    spec.domainname(),
                                    spec.mounts(),
                                    spec.hooks(),
                                    spec.annotations(),
                                    spec.linux(),
                                    spec.vm());

                    assertThat(readValue(SpecReader.read(SpecWriter.write(whole), "written")))
                            .isEqualTo(whole);
                });
    }

    @Test
    void resourcesForKataStayTheSameWhenTheyAreReadAndWrittenAgain() {
        Gen.forAll(
                1_000,
                gen -> {
                    String written = SpecWriter.kataResources(GenResources.resources(gen));

                    Spec spec =
                            readValue(
                                    SpecReader.readPlain(
                                            "{\"linux\":{\"resources\":" + written + "}}", "r"));

                    assertThat(
                                    SpecWriter.kataResources(
                                            spec.linux().orElseThrow().resources().orElseThrow()))
                            .isEqualTo(written);
                });
    }

    @Test
    void anyJsonIsReadOrRefused() {
        Gen.forAll(3_000, gen -> assertIsReadOrRefused(gen.json(5)));
    }

    @Test
    void anyJsonIsSkippedWhereNobodyKnowsIt() {
        Gen.forAll(
                2_000,
                gen -> {
                    String document = "{\"nobody\":" + gen.json(4) + "}";

                    Outcome<Spec> outcome = SpecReader.readPlain(document, "fuzz");

                    assertThat(outcome.problems())
                            .allSatisfy(problem ->
                                    assertThat(problem.what()).contains("named a second time"));
                });
    }

    @Test
    void anyBytesAreReadOrRefused() {
        Gen.forAll(2_000, gen -> assertIsReadOrRefused(gen.bytes(200)));
    }

    @Test
    void anyBytesInStringsAreRead() {
        Gen.forAll(
                2_000,
                gen -> {
                    byte[] document =
                            "{\"process\":{\"cwd\":\"................\"}}".getBytes(UTF_8);
                    byte[] bytes = gen.bytes(16);
                    for (int i = 0; i < bytes.length; i++) {
                        if (bytes[i] < 0) {
                            document[19 + i] = bytes[i];
                        }
                    }

                    Spec spec = readValue(SpecReader.read(document, "fuzz"));

                    assertIsWrittenAndRead(spec);
                });
    }

    @Test
    void samplesWithAccidentsAreReadOrRefused() {
        Gen.forAll(
                2_000,
                gen -> {
                    String document =
                            gen.oneIn(3)
                                    ? Documents.everything()
                                    : gen.oneIn(3)
                                            ? Documents.otherSystems()
                                            : Documents.sample(gen.pick(Documents.SAMPLES));

                    assertIsReadOrRefused(gen.mutate(document));
                });
    }

    @Test
    void textWithHalvesOfSurrogatePairsIsReadWithoutThem() {
        Gen.forAll(
                2_000,
                gen -> {
                    String document =
                            "{\"process\":{\"args\":[" + gen.jsonString(gen.wildText()) + "]}}";

                    assertIsWrittenAndRead(readValue(SpecReader.read(document, "fuzz")));
                });
    }
}

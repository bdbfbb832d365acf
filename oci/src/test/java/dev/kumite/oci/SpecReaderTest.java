package dev.kumite.oci;

import static dev.kumite.oci.Problems.linesOf;
import static dev.kumite.oci.Problems.onlyProblemOf;
import static dev.kumite.oci.Problems.pathsOf;
import static dev.kumite.oci.Problems.readValue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {

    private static Outcome<Spec> read(String json) {
        return SpecReader.read(json, "config.json");
    }

    private static Outcome<Spec> readProcess(String members) {
        return read("{\"process\":{" + members + "}}");
    }

    private static Process processOf(String members) {
        return readValue(readProcess(members)).process().orElseThrow();
    }

    private static Outcome<Spec> readAnnotations(String annotations) {
        return SpecReader.readPlain("{\"annotations\":" + annotations + "}", "config.json");
    }

    @Nested
    class Names {

        @Test
        void readsAProcessByItself() {
            byte[] document =
                    "{\"args\":[\"ls\"],\"cwd\":\"/\"}"
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8);

            Process process = SpecReader.readProcess(document, "p.json").value().orElseThrow();

            assertThat(process.args()).containsExactly("ls");
            assertThat(process.terminal()).isFalse();
            Process.Box size = new Process.Box(Uint64.of(24), Uint64.of(80));
            Process onTerminal = process.withTerminal(java.util.Optional.of(size));
            assertThat(onTerminal.terminal()).isTrue();
            assertThat(onTerminal.consoleSize()).contains(size);
            assertThat(onTerminal.args()).containsExactly("ls");
        }

        @Test
        void matchWithTheLongS() {
            Spec spec = readValue(read("{\"proce\u017F\u017F\":{\"args\":[\"a\"]}}"));

            assertThat(spec.process().orElseThrow().args()).containsExactly("a");
        }

        @Test
        void matchWithTheKelvinSign() {
            Spec spec =
                    readValue(
                            read(
                                    "{\"process\":{},\"linux\":{\"resources\":{\"bloc\u212AIO\":{\"weight\":5}}}}"));

            assertThat(
                            spec.linux()
                                    .orElseThrow()
                                    .resources()
                                    .orElseThrow()
                                    .blockIO()
                                    .orElseThrow()
                                    .weight())
                    .hasValue(5L);
        }

        @ParameterizedTest
        @ValueSource(strings = {"hostname ", " hostname", "h\u00f6stname", "", "hostnamehostname"})
        void matchNothingElse(String name) {
            assertThat(readValue(readAnnotations("{},\"" + name + "\":5")).hostname()).isEmpty();
        }

        @Test
        void doNotMatchWithTheDottedCapitalI() {
            Spec spec = readValue(SpecReader.readPlain("{\"ANNOTAT\u0130ONS\":5}", "config.json"));

            assertThat(spec.annotations()).isEmpty();
        }

        @Test
        void mayBeWrittenWithEscapes() {
            assertThat(readValue(read("{\"\\u0070rocess\":{}}")).process()).isPresent();
        }

        @Test
        void thatAreUnknownAreSkippedWithTheirValues() {
            Spec spec =
                    readValue(read("{\"x\":{\"a\":[1,2,{\"b\":null}]},\"process\":{\"y\":1e999}}"));

            assertThat(spec).isEqualTo(readValue(read("{\"process\":{}}")));
        }
    }

    @Nested
    class Nulls {

        @Test
        void inListsAreZero() {
            Process process =
                    processOf(
                            "\"args\":[null,\"a\"],\"user\":{\"additionalGids\":[null,3]},\"rlimits\":[null]");

            assertThat(process.args()).containsExactly("", "a");
            assertThat(process.user().additionalGids()).containsExactly(0L, 3L);
            assertThat(process.rlimits())
                    .containsExactly(new Process.Rlimit("", Uint64.ZERO, Uint64.ZERO));
        }

        @Test
        void inMapsAreEmptyStrings() {
            assertThat(readValue(readAnnotations("{\"a\":null}")).annotations())
                    .isEqualTo(Map.of("a", ""));
        }

        @Test
        void areDifferentFromZeroWhereThatCanBeToldApart() {
            assertThat(processOf("\"oomScoreAdj\":null").oomScoreAdj()).isEmpty();
            assertThat(processOf("\"oomScoreAdj\":0").oomScoreAdj()).hasValue(0L);
        }

        @Test
        void areAsGoodAsADocumentWithoutMembers() {
            assertThat(readValue(SpecReader.readPlain("null", "config.json")))
                    .isEqualTo(Spec.empty());
        }
    }

    @Nested
    class MissingSections {

        @ParameterizedTest
        @ValueSource(strings = {"{}", "{\"process\":null}", "null", "{\"linux\":{}}"})
        void areNamedIfTheProcessIsOne(String json) {
            assertThat(linesOf(read(json)))
                    .containsExactly(
                            "config.json: error: process is missing: there is nothing to run; add an object"
                                    + " process with at least args and cwd");
        }

        @Test
        void areNamedBesidesOtherProblems() {
            assertThat(pathsOf(read("{\"hostname\":1}"))).containsExactly("/hostname", "/process");
        }

        @Test
        void areNotNamedIfTheProcessHasAProblemAlready() {
            assertThat(pathsOf(read("{\"PROCESS\":[]}"))).containsExactly("/PROCESS");
        }

        @Test
        void areFineIfNobodyAsksForThem() {
            assertThat(readValue(SpecReader.readPlain("{}", "config.json")))
                    .isEqualTo(Spec.empty());
        }

        @Test
        void otherThanTheProcessAreNoConcernOfReading() {
            Spec spec = readValue(read("{\"process\":{}}"));

            assertThat(spec.root()).isEmpty();
            assertThat(spec.linux()).isEmpty();
        }
    }

    @Nested
    class Maps {

        @Test
        void keepTheOrderOfTheDocument() {
            assertThat(
                            readValue(
                                            readAnnotations(
                                                    "{\"z\":\"1\",\"a\":\"2\",\"Z\":\"3\",\"\":\"4\"}"))
                                    .annotations()
                                    .keySet())
                    .containsExactly("z", "a", "Z", "");
        }

        @Test
        void areRefusedWithOtherValuesThanStrings() {
            assertThat(pathsOf(readAnnotations("{\"a/b~c\":1,\"d\":{},\"e\":[\"\"]}")))
                    .containsExactly("/annotations/a~1b~0c", "/annotations/d", "/annotations/e");
        }
    }

    @Nested
    class OtherSystemsMembers {

        @Test
        void areNotKept() {
            Spec spec = readValue(SpecReader.readPlain(Documents.otherSystems(), "config.json"));

            assertThat(SpecWriter.write(spec))
                    .isEqualTo(
                            "{\"ociVersion\":\"1.0.2\",\"process\":{\"user\":{\"uid\":0,\"gid\":0},\"cwd\":\"/\"}}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "5", "\"x\"", "[[{}]]", "null", "{\"a\":{\"b\":1.5}}"})
        void mayHaveAnyCredentialSpec(String json) {
            String document =
                    "{\"process\":{},\"windows\":{\"credentialSpec\":"
                            + json
                            + ",\"servicing\":true}}";

            assertThat(readValue(read(document)).process()).isPresent();
        }
    }

    @Test
    void namesTheSourceInProblems() {
        assertThat(onlyProblemOf(SpecReader.read("x", "<standard input>")).where().describe())
                .isEqualTo("<standard input>:1:1");
    }

    @Test
    void shortensWhatItQuotes() {
        String longString = "x".repeat(1000);

        assertThat(onlyProblemOf(readProcess("\"terminal\":\"" + longString + "\"")).what())
                .isEqualTo("/process/terminal is the string \"" + "x".repeat(80) + "…\"");
    }

    @Test
    void readsTheVm() {
        Spec spec = readValue(read("{\"process\":{},\"vm\":{\"kernel\":{\"path\":\"/k\"}}}"));

        Vm vm = spec.vm().orElseThrow();
        assertThat(vm.kernel()).hasValue(new Vm.Kernel("/k", List.of(), ""));
        assertThat(vm.image()).isEqualTo(Optional.empty());
    }
}

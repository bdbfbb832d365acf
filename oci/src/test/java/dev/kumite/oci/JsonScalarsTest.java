package dev.kumite.oci;

import static dev.kumite.oci.Problems.linesOf;
import static dev.kumite.oci.Problems.onlyProblemOf;
import static dev.kumite.oci.Problems.pathsOf;
import static dev.kumite.oci.Problems.readValue;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScalarsTest {

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
    class WholeNumbers {

        @ParameterizedTest
        @CsvSource({"0,0", "4294967295,4294967295", "7,7"})
        void of32BitsWithoutSignAreRead(String json, long value) {
            assertThat(processOf("\"user\":{\"uid\":" + json + "}").user().uid()).isEqualTo(value);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"-1", "-0", "4294967296", "18446744073709551616", "1.0", "1e3", "true"})
        void of32BitsWithoutSignAreRefused(String json) {
            Problem problem = onlyProblemOf(readProcess("\"user\":{\"uid\":" + json + "}"));

            assertThat(problem.what()).isEqualTo("/process/user/uid is " + json);
            assertThat(problem.why()).isEqualTo("a whole number from 0 to 4294967295 is needed");
        }

        @Test
        void areNotMadeFromStrings() {
            assertThat(linesOf(readProcess("\n \"user\":{\"uid\":\"0\"}")))
                    .containsExactly(
                            "config.json:2:16: error: /process/user/uid is the string \"0\": a whole number"
                                    + " from 0 to 4294967295 is needed; write it in decimal digits, without"
                                    + " quotes");
        }

        @ParameterizedTest
        @ValueSource(strings = {"-9223372036854775808", "-0", "0", "-1", "9223372036854775807"})
        void of64BitsAreRead(String json) {
            assertThat(processOf("\"oomScoreAdj\":" + json).oomScoreAdj())
                    .hasValue(Long.parseLong(json));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-9223372036854775809",
                    "9223372036854775808",
                    "18446744073709551615",
                    "-18446744073709551615",
                    "18446744073709551616",
                    "99999999999999999999",
                    "-99999999999999999999999999"
                })
        void of64BitsAreRefusedBeyond(String json) {
            assertThat(pathsOf(readProcess("\"oomScoreAdj\":" + json)))
                    .containsExactly("/process/oomScoreAdj");
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "9223372036854775808", "18446744073709551615"})
        void of64BitsWithoutSignAreRead(String json) {
            assertThat(
                            processOf("\"rlimits\":[{\"hard\":" + json + "}]")
                                    .rlimits()
                                    .getFirst()
                                    .hard())
                    .hasToString(json);
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "-0", "18446744073709551616", "18446744073709551620", "0.5"})
        void of64BitsWithoutSignAreRefused(String json) {
            assertThat(pathsOf(readProcess("\"rlimits\":[{\"hard\":" + json + "}]")))
                    .containsExactly("/process/rlimits/0/hard");
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "65536"})
        void of16BitsAreRefusedBeyond(String json) {
            String document =
                    "{\"process\":{},\"linux\":{\"resources\":{\"blockIO\":{\"weight\":"
                            + json
                            + "}}}}";

            assertThat(pathsOf(read(document))).containsExactly("/linux/resources/blockIO/weight");
        }
    }

    @Nested
    class Strings {

        @Test
        void takeTheEscapesOfJson() {
            assertThat(
                            processOf("\"cwd\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"")
                                    .cwd())
                    .isEqualTo("\"\\/\b\f\n\r\té\uD83D\uDE00");
        }

        @ParameterizedTest
        @CsvSource({
            "\\ud800, \uFFFD",
            "\\udc00x, \uFFFDx",
            "\\ud800\\ud800\\udc00, \uFFFD\uD800\uDC00",
            "a\\ud83d\\u0041, a\uFFFDA"
        })
        void haveAReplacementForHalvesOfSurrogatePairs(String json, String value) {
            assertThat(processOf("\"cwd\":\"" + json + "\"").cwd()).isEqualTo(value);
        }

        @Test
        void haveAReplacementForHalvesOfSurrogatePairsThatAreNotEscaped() {
            assertThat(processOf("\"cwd\":\"\uD800\"").cwd()).isEqualTo("\uFFFD");
        }

        @Test
        void ofMapsHaveReplacementsInTheirKeysToo() {
            assertThat(readValue(readAnnotations("{\"\\udfff\":\"\\ud800\"}")).annotations())
                    .isEqualTo(Map.of("\uFFFD", "\uFFFD"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\x41", "\\u12", "\\'", "a\tb", "a\nb", "a\u0000b", "\\", "\\u"})
        void withOtherEscapesOrControlCharactersAreRefused(String json) {
            assertThat(onlyProblemOf(readProcess("\"cwd\":\"" + json + "\"")).what())
                    .matches("this is not JSON: .*|the document ends in the middle");
        }

        @Test
        void mayHoldAnyOtherCharacter() {
            assertThat(processOf("\"cwd\":\"\u007F\u0085\u2028\uFEFF\uFFFF\"").cwd())
                    .isEqualTo("\u007F\u0085\u2028\uFEFF\uFFFF");
        }
    }

    @Nested
    class Bytes {

        private static Outcome<Spec> readLatin1(String bytes) {
            return SpecReader.read(bytes.getBytes(ISO_8859_1), "config.json");
        }

        @ParameterizedTest
        @CsvSource({
            "\u00FF\u00FE, \uFFFD\uFFFD",
            "\u0080, \uFFFD",
            "\u00C0\u0080, \uFFFD\uFFFD",
            "\u00E2\u0082, \uFFFD\uFFFD",
            "\u00E2\u0082x, \uFFFD\uFFFDx",
            "\u00ED\u00A0\u0080, \uFFFD\uFFFD\uFFFD",
            "\u00F4\u0090\u0080\u0080, \uFFFD\uFFFD\uFFFD\uFFFD",
            "\u00F0\u009F\u0098, \uFFFD\uFFFD\uFFFD",
            "\u00C3\u00A9\u00FF, é\uFFFD",
            "\u00F0\u009F\u0098\u0080\u00FF, \uD83D\uDE00\uFFFD",
            "\u00EF\u00BF\u00BD, \uFFFD"
        })
        void thatAreNotUtf8BecomeOneReplacementEach(String bytes, String value) {
            Outcome<Spec> outcome = readLatin1("{\"process\":{\"cwd\":\"" + bytes + "\"}}");

            assertThat(readValue(outcome).process().orElseThrow().cwd()).isEqualTo(value);
        }

        @Test
        void thatAreNotUtf8AreRefusedOutsideOfStrings() {
            assertThat(onlyProblemOf(readLatin1("{\"process\":{}\u00FF}")).where().describe())
                    .isEqualTo("config.json:1:14");
        }

        @Test
        void mayNotBeginWithAByteOrderMark() {
            assertThat(onlyProblemOf(readLatin1("\u00EF\u00BB\u00BF{\"process\":{}}")).what())
                    .isEqualTo("the document begins with a byte order mark");
        }

        @Test
        void areReadLikeTheirText() {
            for (String name : Documents.SAMPLES) {
                String text = Documents.sample(name);

                assertThat(SpecReader.read(text.getBytes(UTF_8), name))
                        .isEqualTo(SpecReader.read(text, name));
            }
        }
    }
}

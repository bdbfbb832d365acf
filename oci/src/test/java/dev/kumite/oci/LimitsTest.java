package dev.kumite.oci;

import static dev.kumite.oci.Problems.linesOf;
import static dev.kumite.oci.Problems.onlyProblemOf;
import static dev.kumite.oci.Problems.pathsOf;
import static dev.kumite.oci.Problems.readValue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

    private static Outcome<Spec> read(String json) {
        return SpecReader.readPlain(json, "c");
    }

    private static String entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + i + "\":\"\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String items(int count) {
        return "[" + "\"\",".repeat(count - 1) + "\"\"]";
    }

    @Nested
    class Length {

        @Test
        void ofADocumentMayBeTheLimit() {
            String json = "{}" + " ".repeat(Limits.MAX_DOCUMENT_LENGTH - 2);

            assertThat(readValue(read(json))).isEqualTo(Spec.empty());
        }

        @Test
        void ofADocumentMayNotBeMore() {
            byte[] bytes = new byte[Limits.MAX_DOCUMENT_LENGTH + 1];

            assertThat(linesOf(SpecReader.read(bytes, "c")))
                    .containsExactly(
                            "c: error: the document has 4194305 bytes: at most 4194304 are read; shorten it");
            assertThat(onlyProblemOf(read(" ".repeat(Limits.MAX_DOCUMENT_LENGTH + 1))).what())
                    .isEqualTo("the document has 4194305 characters");
        }

        @Test
        void ofAStringMayBeTheLimit() {
            String longest = "x".repeat(Limits.MAX_STRING_LENGTH);

            assertThat(readValue(read("{\"hostname\":\"" + longest + "\"}")).hostname())
                    .isEqualTo(longest);
        }

        @ParameterizedTest
        @ValueSource(strings = {"x", "\\n"})
        void ofAStringMayNotBeMore(String character) {
            String tooLong = character.repeat(Limits.MAX_STRING_LENGTH + 1);

            assertThat(linesOf(read("{\"hostname\":\"" + tooLong + "\"}")))
                    .containsExactly(
                            "c:1:13: error: /hostname has 1048577 characters: at most 1048576 characters are"
                                    + " read; shorten it");
        }

        @Test
        void ofAStringThatIsNotKeptMayBeMore() {
            readValue(read("{\"x\":\"" + "x".repeat(Limits.MAX_STRING_LENGTH + 1) + "\"}"));
        }

        @Test
        void ofAKeyMayBeTheLimit() {
            String longest = "x".repeat(Limits.MAX_NAME_LENGTH);

            assertThat(
                            readValue(read("{\"annotations\":{\"" + longest + "\":\"\"}}"))
                                    .annotations())
                    .containsOnlyKeys(longest);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"annotations\":{?:\"\"}}",
                    "{?:1}",
                    "{\"x\":[{?:1}]}",
                    "{\"linux\":{?:1}}"
                })
        void ofAKeyOrNameMayNotBeMore(String json) {
            String tooLong = '"' + "x".repeat(Limits.MAX_NAME_LENGTH + 1) + '"';

            assertThat(onlyProblemOf(read(json.replace("?", tooLong))).what())
                    .endsWith(" has a name of 4097 characters");
        }
    }

    @Nested
    class Count {

        @Test
        void ofItemsMayBeTheLimit() {
            String json = "{\"process\":{\"args\":" + items(Limits.MAX_LIST_ITEMS) + "}}";

            assertThat(readValue(read(json)).process().orElseThrow().args())
                    .hasSize(Limits.MAX_LIST_ITEMS);
        }

        @Test
        void ofItemsMayNotBeMore() {
            String json =
                    "{\"process\":{\"args\":"
                            + items(Limits.MAX_LIST_ITEMS + 2)
                            + "},\"hostname\":1}";

            assertThat(pathsOf(read(json))).containsExactly("/process/args/262144", "/hostname");
        }

        @Test
        void ofItemsOfAnyKindMayNotBeMore() {
            String json = "{\"mounts\":[" + "{},".repeat(Limits.MAX_LIST_ITEMS) + "{\"x\":[]}]}";

            assertThat(onlyProblemOf(read(json)).describe())
                    .isEqualTo(
                            "c:1:786444: error: /mounts/262144 is one too many: at most 262144 items of a list"
                                    + " are read; shorten it");
        }

        @Test
        void ofEntriesMayBeTheLimit() {
            String json = "{\"annotations\":" + entries(Limits.MAX_MAP_ENTRIES) + "}";

            assertThat(readValue(read(json)).annotations()).hasSize(Limits.MAX_MAP_ENTRIES);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"annotations\":?}", "{\"x\":?}", "{\"x\":[[?]]}"})
        void ofEntriesMayNotBeMore(String json) {
            String document = json.replace("?", entries(Limits.MAX_MAP_ENTRIES + 2));

            assertThat(onlyProblemOf(read(document)).what()).endsWith("too many");
        }
    }

    @Nested
    class Depth {

        @Test
        void mayBeTheLimit() {
            String json = "{\"x\":" + "[".repeat(9_999) + "]".repeat(9_999) + "}";

            assertThat(readValue(read(json))).isEqualTo(Spec.empty());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"x\":?}",
                    "{\"windows\":{\"credentialSpec\":?}}",
                    "{\"hostname\":?}",
                    "?"
                })
        void mayNotBeMore(String json) {
            String deep = "[".repeat(10_001) + "]".repeat(10_001);

            assertThat(read(json.replace("?", deep)).problems())
                    .extracting(Problem::what)
                    .contains("lists and objects are nested deeper than 10000 levels");
        }

        @Test
        void ofObjectsCountsToo() {
            assertThat(read("{\"x\":".repeat(20_000)).isRefused()).isTrue();
        }
    }

    @Nested
    class ProblemCount {

        @Test
        void mayBeTheLimit() {
            assertThat(read("{\"process\":{\"args\":[" + "1,".repeat(99) + "1]}}").problems())
                    .hasSize(100);
        }

        @Test
        void endsWithOneLineThatThereAreMore() {
            Outcome<Spec> outcome =
                    read("{\"process\":{\"args\":[" + "1,".repeat(500) + "1]},\"x\":");

            assertThat(outcome.problems()).hasSize(101);
            assertThat(outcome.problems().getLast().describe())
                    .isEqualTo(
                            "c: error: there are more than 100 problems: only the first ones are listed;"
                                    + " correct them and try again");
        }

        @Test
        void boundsTheSearchForFirstPlaces() {
            String filler = "\"" + "x".repeat(Limits.MAX_DOCUMENT_LENGTH - 2_000) + "\"";
            String json = "{\"x\":" + filler + ",\"y\":0" + ",\"y\":0".repeat(90) + "}";

            Outcome<Spec> outcome = read(json);

            assertThat(outcome.problems()).hasSize(90);
            assertThat(outcome.problems().getFirst().what())
                    .contains("the first is at line 1, column ");
            assertThat(outcome.problems().getLast().what()).endsWith("the first is earlier");
        }

        @Test
        void keepsPathsShort() {
            String name = "\"" + "n".repeat(4_000) + "\":";
            String json = ("{" + name).repeat(500) + "{\"a\":1,\"a\":2}" + "}".repeat(500);

            Location.Text where = (Location.Text) onlyProblemOf(read(json)).where();

            assertThat(where.path()).startsWith("…/nnn").endsWith("/a").hasSizeLessThan(3_000);
        }
    }
}

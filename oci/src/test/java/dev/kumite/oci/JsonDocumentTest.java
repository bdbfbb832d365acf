package dev.kumite.oci;

import static dev.kumite.oci.Problems.linesOf;
import static dev.kumite.oci.Problems.onlyProblemOf;
import static dev.kumite.oci.Problems.pathsOf;
import static dev.kumite.oci.Problems.readValue;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTest {

    private static Outcome<Spec> read(String json) {
        return SpecReader.read(json, "config.json");
    }

    private static Outcome<Spec> readAnnotations(String annotations) {
        return SpecReader.readPlain("{\"annotations\":" + annotations + "}", "config.json");
    }

    @Nested
    class TheDocument {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{",
                    "[",
                    "\"",
                    "{\"",
                    "{\"a\"",
                    "{\"a\":",
                    "{\"process\":{},}",
                    "{}x",
                    "{}{}",
                    "{} []",
                    "{\"process\":{}}}",
                    "{'process':{}}",
                    "{process:{}}",
                    "// c\n{}",
                    "{/* c */}",
                    "# c\n{}",
                    "{\"x\":01}",
                    "{\"x\":+1}",
                    "{\"x\":.5}",
                    "{\"x\":1.}",
                    "{\"x\":1e}",
                    "{\"x\":-}",
                    "{\"x\":NaN}",
                    "{\"x\":Infinity}",
                    "{\"x\":0x10}",
                    "{\"x\":True}",
                    "{\"x\":nul}",
                    "{\"x\":[1,]}",
                    "{\"x\":[,1]}",
                    "{\"x\":[1 2]}",
                    "{\"x\" 1}",
                    "{\"x\":1 \"y\":2}",
                    "{\"x\":1,,\"y\":2}",
                    "{\"x\":[}",
                    "\u00A0{}",
                    "{}\u0000",
                    "\u000B{}",
                    "",
                    " \n",
                    "x"
                })
        void isRefusedUnlessItIsJson(String json) {
            assertThat(SpecReader.readPlain(json, "config.json").isRefused()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"[]", "\"x\"", "5", "true", "[{\"process\":{}}]"})
        void isRefusedUnlessItIsAnObject(String json) {
            assertThat(onlyProblemOf(read(json)).why()).isEqualTo("an object is needed");
        }

        @Test
        void mayHaveSpaceAroundIt() {
            assertThat(readValue(read(" \t\r\n{\"process\":{}} \r\n"))).isNotNull();
        }

        @Test
        void hasAllItsProblemsNamedInItsOrder() {
            String json =
                    """
                    {
                      "ociVersion": 5,
                      "process": {"user": {"uid": "0"}, "args": "sh", "args": [], "env": [1, {}]},
                      "mounts": [{"destination": []}, 7],
                      "linux": {"resources": {"devices": {}}}
                    }
                    """;

            assertThat(linesOf(read(json)))
                    .containsExactly(
                            "config.json:2:17: error: /ociVersion is 5: a string is needed; write it in quotes",
                            "config.json:3:31: error: /process/user/uid is the string \"0\": a whole number from"
                                    + " 0 to 4294967295 is needed; write it in decimal digits, without quotes",
                            "config.json:3:45: error: /process/args is the string \"sh\": a list of strings is"
                                    + " needed; write it in square brackets",
                            "config.json:3:51: error: \"args\" is named a second time; the first is at line 3,"
                                    + " column 37: readers do not agree which of the two counts; remove one of"
                                    + " them",
                            "config.json:3:71: error: /process/env/0 is 1: a string is needed; write it in quotes",
                            "config.json:3:74: error: /process/env/1 is an object: a string is needed; write one"
                                    + " string",
                            "config.json:4:30: error: /mounts/0/destination is a list: a string is needed; write"
                                    + " one string",
                            "config.json:4:35: error: /mounts/1 is 7: an object is needed; write its members in"
                                    + " braces",
                            "config.json:5:38: error: /linux/resources/devices is an object: a list of objects is"
                                    + " needed; write it in square brackets");
        }

        @Test
        void hasTheProblemsBeforeASyntaxErrorNamedToo() {
            assertThat(linesOf(SpecReader.readPlain("{\"hostname\":5,\n\"x\":}", "c")))
                    .containsExactly(
                            "c:1:13: error: /hostname is 5: a string is needed; write it in quotes",
                            "c:2:5: error: this is not JSON: unexpected character ('}' (code 125)): a document"
                                    + " with an error in it cannot be understood in part; correct it here");
        }

        @Test
        void mayEndInTheMiddleWithAMessageOfItsOwn() {
            assertThat(onlyProblemOf(read("{\"process\":{\"args\":[\"a")).what())
                    .isEqualTo("the document ends in the middle");
        }
    }

    @Nested
    class NamesThatAreGivenTwice {

        // Differs from kata: there the last one counts, and lists keep parts of the first.

        @Test
        void areRefusedWithBothPlaces() {
            assertThat(linesOf(read("{\"process\":{},\n \"Process\":{\"args\":5}}")))
                    .containsExactly(
                            "config.json:2:2: error: \"Process\" is named a second time (it means \"process\");"
                                    + " the first is at line 1, column 2: readers do not agree which of the two"
                                    + " counts; remove one of them");
        }

        @Test
        void areTheSameInMapsOnlyIfSpelledAlike() {
            assertThat(readValue(readAnnotations("{\"a\":\"1\",\"A\":\"2\"}")).annotations())
                    .hasSize(2);
            assertThat(
                            onlyProblemOf(readAnnotations("{\"a\":\"1\",\"b\":\"\",\"a\":\"2\"}"))
                                    .what())
                    .isEqualTo("\"a\" is named a second time; the first is at line 1, column 17");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"x\":1,\"y\":2,\"x\":3}",
                    "{\"x\":{\"a\":[{\"b\":{},\"b\":1}]}}",
                    "{\"linux\":{\"x\":1,\"x\":2}}",
                    "{\"windows\":{\"devices\":[{\"id\":\"a\",\"ID\":\"b\"}]}}",
                    "{\"linux\":{\"resources\":{\"unified\":{\"a\":\"\",\"a\":\"\"}}}}",
                    "{\"linux\":{\"sysctl\":{\"a\":\"\",\"a\":\"\"}}}",
                    "{\"linux\":{\"timeOffsets\":{\"a\":{},\"a\":{}}}}",
                    "{\"windows\":{\"credentialSpec\":{\"a\":{},\"a\":{}}}}"
                })
        void areRefusedWhereverTheyStand(String json) {
            assertThat(onlyProblemOf(SpecReader.readPlain(json, "config.json")).what())
                    .contains(" is named a second time")
                    .contains("; the first is at line 1, column ");
        }

        @Test
        void areNoProblemInDifferentObjects() {
            readValue(
                    read(
                            "{\"process\":{},\"x\":{\"a\":1,\"b\":{\"a\":2}},\"mounts\":[{\"type\":\"a\"},{\"type\":\"b\"}]}"));
        }

        @Test
        void areAllNamed() {
            assertThat(
                            pathsOf(
                                    SpecReader.readPlain(
                                            "{\"x\":1,\"x\":{\"y\":1,\"y\":2},\"x\":3}", "c")))
                    .containsExactly("/x", "/x/y", "/x");
        }
    }
}

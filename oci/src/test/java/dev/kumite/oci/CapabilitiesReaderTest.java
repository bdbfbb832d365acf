package dev.kumite.oci;

import static dev.kumite.oci.Problems.pathsOf;
import static dev.kumite.oci.Problems.readValue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilitiesReaderTest {

    private static String document(String capabilities) {
        return "{\"process\":{\"capabilities\":" + capabilities + "}}";
    }

    @Nested
    class Compatible {

        private static Capabilities capabilitiesOf(String json) {
            return readValue(SpecReader.read(document(json), "config.json"))
                    .process()
                    .orElseThrow()
                    .capabilities()
                    .orElseThrow();
        }

        @Test
        void readsAListAsAllFiveSets() {
            assertThat(capabilitiesOf("[\"CAP_KILL\",\"\"]"))
                    .isEqualTo(Capabilities.ofAll(List.of("CAP_KILL", "")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "[]", "{}", "{\"Bounding\":[\"CAP_A\"]}", "{\"x\":[]}"})
        void hasEmptySetsIfThereIsNothing(String json) {
            assertThat(capabilitiesOf(json)).isEqualTo(Capabilities.empty());
        }

        @Test
        void hasEmptySetsIfTheMemberIsAbsent() {
            Spec spec = readValue(SpecReader.read("{\"process\":{}}", "config.json"));

            assertThat(spec.process().orElseThrow().capabilities()).hasValue(Capabilities.empty());
        }

        @Test
        void readsEachSet() {
            assertThat(
                            capabilitiesOf(
                                    "{\"ambient\":[\"a\"],\"permitted\":[\"p\"],\"inheritable\":[\"i\"],"
                                            + "\"effective\":[\"e\"],\"bounding\":[\"b\"]}"))
                    .isEqualTo(
                            new Capabilities(
                                    List.of("b"),
                                    List.of("e"),
                                    List.of("i"),
                                    List.of("p"),
                                    List.of("a")));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "'\"\"' | ''",
                    "5 | ''",
                    "1.5 | ''",
                    "true | ''",
                    "[null] | /0",
                    "['a',true] | /1",
                    "[{}] | /0",
                    "{'bounding':null} | /bounding",
                    "{'bounding':[1]} | /bounding/0",
                    "{'bounding':['a',null]} | /bounding/1",
                    "{'bounding':[['a']]} | /bounding/0",
                    "{'bounding':{}} | /bounding",
                    "{'effective':1e6} | /effective",
                    "{'Bounding':'x'} | /Bounding",
                    "{'x':null} | /x",
                    "{'x':[0]} | /x/0"
                })
        void refusesOtherShapes(String json, String path) {
            Outcome<Spec> outcome =
                    SpecReader.read(document(json.replace('\'', '"')), "config.json");

            assertThat(pathsOf(outcome)).containsExactly("/process/capabilities" + path);
        }

        @Test
        void namesAllProblems() {
            assertThat(
                            pathsOf(
                                    SpecReader.read(
                                            document("{\"bounding\":[1],\"effective\":5}"), "c")))
                    .containsExactly(
                            "/process/capabilities/bounding/0", "/process/capabilities/effective");
        }

        @Test
        void takesTheMemberItselfInAnyCase() {
            Outcome<Spec> outcome =
                    SpecReader.read("{\"process\":{\"CAPABILITIES\":[\"A\"]}}", "config.json");

            assertThat(readValue(outcome).process().orElseThrow().capabilities())
                    .hasValue(Capabilities.ofAll(List.of("A")));
        }
    }

    @Nested
    class Plain {

        @ParameterizedTest
        @ValueSource(strings = {"[\"a\"]", "[]", "5", "\"\""})
        void refusesAnythingButAnObject(String json) {
            assertThat(pathsOf(SpecReader.readPlain(document(json), "config.json")))
                    .containsExactly("/process/capabilities");
        }

        @Test
        void takesNamesInAnyCaseAndNullAsIfAbsent() {
            Outcome<Spec> outcome =
                    SpecReader.readPlain(
                            document("{\"Bounding\":[\"b\",null],\"effective\":null,\"x\":5}"),
                            "config.json");

            assertThat(readValue(outcome).process().orElseThrow().capabilities())
                    .hasValue(
                            new Capabilities(
                                    List.of("b", ""), List.of(), List.of(), List.of(), List.of()));
        }

        @Test
        void hasNoneIfThereAreNone() {
            Spec spec = readValue(SpecReader.readPlain(document("null"), "config.json"));

            assertThat(spec.process().orElseThrow().capabilities()).isEmpty();
        }
    }
}

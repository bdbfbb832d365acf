package dev.kumite.oci;

import static dev.kumite.oci.Problems.pathsOf;
import static dev.kumite.oci.Problems.readValue;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Documents.Piece;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonToken;

/** What holds for every single member of the specification. */
class EveryMemberTest {

    /** Maps, whose keys are not names of members. */
    private static final List<String> MAPS =
            List.of(
                    "/annotations/",
                    "/linux/sysctl/",
                    "/linux/resources/rdma/",
                    "/linux/resources/unified/",
                    "/linux/timeOffsets/");

    @Test
    void isReadAndWrittenUnderItsNameInTheOrderOfTheSpecification() {
        Spec spec = readValue(SpecReader.readPlain(Documents.everything(), "everything.json"));

        assertThat(SpecWriter.write(spec)).isEqualTo(Documents.minify(Documents.everything()));
    }

    @Test
    void isReadAlikeWithAndWithoutTheCompatibilityStep() {
        assertThat(SpecReader.read(Documents.everything(), "everything.json"))
                .isEqualTo(SpecReader.readPlain(Documents.everything(), "everything.json"));
    }

    static Stream<String> documents() {
        return Stream.of(Documents.everything(), Documents.otherSystems());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void mayNotHaveAValueOfAnotherType(String document) {
        for (Piece value : Documents.pieces(document)) {
            if (!value.isName()) {
                String wrong = value.token() == JsonToken.START_ARRAY ? "{\"x\":[1]}" : "[[\"x\"]]";

                var outcome =
                        SpecReader.readPlain(value.replacedIn(document, wrong), "config.json");

                assertThat(pathsOf(outcome)).as(value.pointer()).containsExactly(value.pointer());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void mayNotBeAStringInsteadOfANumberOrTruthValue(String document) {
        for (Piece value : Documents.pieces(document)) {
            if (value.token().isNumeric() || value.token().isBoolean()) {
                String quoted = value.replacedIn(document, '"' + value.textIn(document) + '"');

                var outcome = SpecReader.read(quoted, "config.json");

                assertThat(pathsOf(outcome)).as(value.pointer()).containsExactly(value.pointer());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void mayNotBeANumberInAnotherFormThanPlainDigits(String document) {
        for (Piece value : Documents.pieces(document)) {
            if (value.token().isNumeric()) {
                for (String ending : List.of(".0", "e0", "E+1", "00000000000000000000")) {
                    String odd = value.replacedIn(document, value.textIn(document) + ending);

                    var outcome = SpecReader.read(odd, "config.json");

                    assertThat(pathsOf(outcome))
                            .as(value.pointer())
                            .containsExactly(value.pointer());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void mayBeNull(String document) {
        for (Piece value : Documents.pieces(document)) {
            if (!value.isName()) {
                var outcome =
                        SpecReader.readPlain(value.replacedIn(document, "null"), "config.json");

                assertThat(outcome.problems()).as(value.pointer()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void mayBeNamedInAnyCase(String document) {
        Spec spec = readValue(SpecReader.readPlain(document, "config.json"));
        for (var spelling :
                List.<UnaryOperator<String>>of(
                        name -> name.toUpperCase(Locale.ROOT),
                        name -> name.toLowerCase(Locale.ROOT),
                        name -> name.replace('s', '\u017F').replace('k', '\u212A'))) {
            StringBuilder changed = new StringBuilder(document);
            for (Piece name : Documents.pieces(document).reversed()) {
                if (name.isName() && !isKey(name)) {
                    changed.replace(
                            name.begin(), name.end(), spelling.apply(name.textIn(document)));
                }
            }

            Outcome<Spec> outcome = SpecReader.readPlain(changed.toString(), "config.json");

            assertThat(readValue(outcome)).isEqualTo(spec);
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void mayNotBeNamedTwice(String document) {
        for (Piece name : Documents.pieces(document)) {
            if (name.isName()) {
                String twice =
                        name.replacedIn(
                                document, name.textIn(document) + ":null," + name.textIn(document));

                var outcome = SpecReader.readPlain(twice, "config.json");

                assertThat(outcome.problems())
                        .as(name.pointer())
                        .singleElement()
                        .satisfies(problem ->
                                assertThat(problem.what())
                                        .endsWith(
                                                "the first is at "
                                                        + place(document, name.begin())));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void standsWhereAProblemSaysItStands(String document) {
        for (Piece value : Documents.pieces(document)) {
            if (value.token().isScalarValue()) {
                var outcome = SpecReader.read(value.replacedIn(document, "[0]"), "config.json");

                assertThat(outcome.problems())
                        .as(value.pointer())
                        .singleElement()
                        .extracting(problem -> (Location.Text) problem.where())
                        .satisfies(where ->
                                assertThat("line " + where.line() + ", column " + where.column())
                                        .isEqualTo(place(document, value.begin())));
            }
        }
    }

    private static boolean isKey(Piece name) {
        Predicate<String> holdsIt =
                map ->
                        name.pointer().startsWith(map)
                                && name.pointer().indexOf('/', map.length()) < 0;
        return MAPS.stream().anyMatch(holdsIt);
    }

    private static String place(String document, int offset) {
        String before = document.substring(0, offset);
        long line = before.lines().count() + (before.endsWith("\n") ? 1 : 0);
        int column = offset - before.lastIndexOf('\n');
        return "line " + line + ", column " + column;
    }
}

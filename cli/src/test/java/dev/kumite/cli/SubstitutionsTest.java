package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SubstitutionsTest {

    private static String inJson(String json, String... assignments) {
        return new String(
                Substitutions.of(List.of(assignments)).inJson(json.getBytes(UTF_8)), UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"a":"X","X":1}       | X=yy   | {"a":"yy","yy":1}
                    {"a":"aXbXc"}         | X=     | {"a":"abc"}
                    {"a":true,"b":"true"} | true=1 | {"a":true,"b":"1"}
                    {"a":"\\"X\\\\"}      | X=y    | {"a":"\\"y\\\\"}
                    {"a":"XX"}            | X=XX   | {"a":"XXXX"}
                    {"a":"X"}             | X=é"   | {"a":"é\\""}
                    {"a":"b"}             | X=y    | {"a":"b"}
                    {"a":"X               | X=y    | {"a":"y
                    """)
    void replaceInStringsOnly(String json, String assignment, String replaced) {
        assertThat(inJson(json, assignment)).isEqualTo(replaced);
    }

    @Test
    void happenOneAfterTheOther() {
        assertThat(inJson("[\"A\"]", "A=B", "B=C")).isEqualTo("[\"C\"]");
        assertThat(Substitutions.of(List.of("A=B", "B=C=D")).inText("A")).isEqualTo("C=D");
    }

    @Test
    void leaveTheArrayAloneWhereThereIsNothingToReplace() {
        byte[] json = "{\"a\":\"b\"}".getBytes(UTF_8);

        assertThat(Substitutions.of(List.of("X=y")).inJson(json)).isSameAs(json);
    }

    @Test
    void knowTheRoot() {
        assertThat(Substitutions.of(List.of("A=b", "@ROOT@=/r")).root()).contains("/r");
        assertThat(Substitutions.of(List.of("A=b")).root()).isEmpty();
    }
}

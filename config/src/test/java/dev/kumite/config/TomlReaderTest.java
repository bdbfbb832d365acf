package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TomlReaderTest {

    private final List<Problem> problems = new ArrayList<>();

    private Optional<TomlNode.Table> read(String text) {
        return TomlReader.read(new ConfigurationText("f.toml", text), problems);
    }

    private TomlNode value(String text, String key) {
        TomlNode value = read(text).orElseThrow().entries().get(key);
        assertThat(problems).isEmpty();
        return value;
    }

    private Location.Text where(int index) {
        return (Location.Text) problems.get(index).where();
    }

    @Nested
    class AcceptsWhatTheOriginalAccepts {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "a = 007",
                    "a = 7",
                    "a = +7",
                    "a = 0_7",
                    "a = +0_0_7",
                    "a=00000000000000000000000007"
                })
        void leadingZeros(String text) {
            assertThat(value(text, "a"))
                    .isInstanceOfSatisfying(
                            TomlNode.Whole.class, w -> assertThat(w.number()).isEqualTo(7));
        }

        @Test
        void leadingZerosBehindASign() {
            assertThat(value("a = -007", "a"))
                    .isInstanceOfSatisfying(
                            TomlNode.Whole.class, w -> assertThat(w.number()).isEqualTo(-7));
            assertThat(value("a = 00", "a"))
                    .isInstanceOfSatisfying(
                            TomlNode.Whole.class, w -> assertThat(w.number()).isZero());
            assertThat(value("a = 01.5", "a"))
                    .isInstanceOfSatisfying(
                            TomlNode.Real.class, r -> assertThat(r.number()).isEqualTo(1.5));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"x\u0001\u007F\ty\"",
                    "'x\u0001\u007F\ty'",
                    "\"\"\"\nx\u0001\u007F\ty\"\"\"",
                    "'''x\u0001\u007F\ty'''"
                })
        void controlCharactersInStrings(String string) {
            assertThat(value("a = " + string, "a"))
                    .isInstanceOfSatisfying(
                            TomlNode.Text.class,
                            t -> assertThat(t.text()).isEqualTo("x\u0001\u007F\ty"));
        }

        @Test
        void controlCharactersBesidePrivateUseLetters() {
            TomlNode value = value("a = \"\uE000\\uE001\u0001\uE020\"", "a");

            assertThat(value)
                    .isInstanceOfSatisfying(
                            TomlNode.Text.class,
                            t -> assertThat(t.text()).isEqualTo("\uE000\uE001\u0001\uE020"));
        }

        @Test
        void carriageReturnsOfLongStrings() {
            TomlNode value = value("a = '''\r\nx\r\ny'''", "a");

            assertThat(value)
                    .isInstanceOfSatisfying(
                            TomlNode.Text.class, t -> assertThat(t.text()).isEqualTo("\r\nx\r\ny"));
        }

        @Test
        void controlCharactersInCommentsAndACarriageReturnForANewline() {
            TomlNode.Table table =
                    read("# \u0001\u0007\ra = 1\rb = [ 1, # \u0002\r 2 ]\r\n").orElseThrow();

            assertThat(table.entries().keySet()).containsExactly("a", "b");
        }

        @Test
        void aRepeatedKeyInAnInlineTableWhoseLastValueCounts() {
            TomlNode value = value("t = {a = 1, b = 2, \"a\" = \"x\", a = 3,}", "t");

            assertThat(value)
                    .isInstanceOfSatisfying(
                            TomlNode.Table.class,
                            t -> {
                                assertThat(t.entries().keySet())
                                        .containsExactlyInAnyOrder("a", "b");
                                assertThat(t.entries().get("a").written()).isEqualTo("3");
                            });
        }

        @Test
        void keysInTripleQuotes() {
            assertThat(value("\"\"\"a b\"\"\" = 1", "a b")).isInstanceOf(TomlNode.Whole.class);
            assertThat(value("['''t''']", "t")).isInstanceOf(TomlNode.Table.class);
        }
    }

    @Nested
    class RefusesWhatTheOriginalRefuses {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "a = 0x10",
                    "a = 0o7",
                    "a = 0b1",
                    "a = inf",
                    "a = -inf",
                    "a = +nan",
                    "a = 07:32:00",
                    "a = 2022-05-01t00:00:00z",
                    "a = 2022-05-01 00:00:00Z",
                    "a.b = 1",
                    "a . \"b\" = 1",
                    "t = {a.b = 1}",
                    "a = [1, \"x\"]",
                    "a = [1, 1.5]",
                    "a = [[1], 1]",
                    "a = \"\"\"x\"\"\"\"",
                    "a = '''x'''''",
                    "a = \"\"\"x \\  \n y\"\"\"",
                    "a = \"\"\"x \\\r\n y\"\"\"",
                    "\uFEFFa = 1",
                    "t = {a = 1\n}",
                    "t = { # c\n}",
                    "a = \"\\ud800\"",
                    "a = \"\\e\"",
                    "a = \"\\x41\"",
                    "a = 1.",
                    "a = .5",
                    "a = 1__0",
                    "a = 1_",
                    "a = True",
                    "a = [,]",
                    "a = [1,,2]",
                    "a = 9223372036854775808",
                    "a = 1e400",
                    "[]",
                    "[a",
                    "[a]]",
                    "[[a]",
                    "a = 1 b = 2",
                    "a = \"x",
                    "a = 'x\n'",
                    "= 1",
                    "a",
                    "é = 1",
                    "a = {b = ,}",
                    "a = 1\u0000",
                    "\u0000",
                    "[a]\n[a]",
                    "a = 1\na = 2"
                })
        void assertIsRefused(String text) {
            assertThat(read(text)).isEmpty();

            assertThat(problems)
                    .isNotEmpty()
                    .allSatisfy(problem -> {
                        assertThat(problem.isError()).isTrue();
                        assertThat(problem.what()).isNotEmpty();
                        assertThat(problem.fix()).isNotEmpty();
                        assertThat(problem.describe()).startsWith("f.toml:");
                    });
        }

        @Test
        void tellsOfAllLinesAtOnce() {
            read("a = 0x1\nb = ?\nc = 1\nd.e = 2\nf = [1, 'x']\n");

            assertThat(problems)
                    .extracting(problem -> ((Location.Text) problem.where()).line())
                    .containsExactlyInAnyOrder(1, 2, 4, 5);
        }

        @Test
        void tellsOfALineOnce() {
            read("a = \"\"\"x\n\"\"\"\"\n");

            assertThat(problems).hasSize(1);
        }

        @Test
        void boundsTheDepthOfNesting() {
            assertThat(read("a = " + "[".repeat(100_000))).isEmpty();
            assertThat(read("a = " + "{a=".repeat(100_000))).isEmpty();
            assertThat(read("[a" + ".a".repeat(100_000) + "]")).isEmpty();
            assertThat(read("a" + ".a".repeat(100_000) + " = 1")).isEmpty();
        }
    }

    @Nested
    class KeepsPositions {

        @Test
        void ofKeysBehindRewrittenText() {
            TomlNode.Table table =
                    read("\r\n# \u0001\n[t]\n  a = 007\n  b = \"\u0001\"\n").orElseThrow();

            TomlNode.Table t = (TomlNode.Table) table.entries().get("t");
            assertThat(t.where()).isEqualTo(new Location.Text("f.toml", 3, 1, "t"));
            assertThat(t.entries().get("a").where())
                    .isEqualTo(new Location.Text("f.toml", 4, 3, "t.a"));
            assertThat(t.entries().get("b").where())
                    .isEqualTo(new Location.Text("f.toml", 5, 3, "t.b"));
        }

        @Test
        void inUtf16CodeUnits() {
            read("a = 1\n'😀' = 'y' z\n");

            assertThat(where(0)).isEqualTo(new Location.Text("f.toml", 2, 12, ""));
        }

        @Test
        void ofRefusals() {
            read("a = 1\n  b = 0x1\n");

            assertThat(where(0)).isEqualTo(new Location.Text("f.toml", 2, 7, ""));
        }
    }

    @Test
    void readsDatesThatNothingWants() {
        assertThat(value("a = 2022-05-01T00:00:00.5+01:00", "a")).isInstanceOf(TomlNode.Time.class);
        assertThat(value("a = 2022-05-01", "a").kind()).isEqualTo("a date");
    }

    @Test
    void readsAnEmptyText() {
        assertThat(read("").orElseThrow().entries()).isEmpty();
        assertThat(read("# nothing").orElseThrow().entries()).isEmpty();
    }
}

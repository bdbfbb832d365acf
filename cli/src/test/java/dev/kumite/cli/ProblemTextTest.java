package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProblemTextTest {

    private static final Location WHERE = new Location.Text("a.toml", 3, 1, "x");

    @Test
    void coloursTheSeverityOnly() {
        assertThat(ProblemText.line(Problem.error(WHERE, "what", "why", "fix"), Colours.ANSI))
                .isEqualTo("a.toml:3:1: \u001b[1;31merror:\u001b[0m what: why; fix");
        assertThat(ProblemText.line(Problem.warning(WHERE, "what", "", ""), Colours.ANSI))
                .isEqualTo("a.toml:3:1: \u001b[1;33mwarning:\u001b[0m what");
        assertThat(ProblemText.line(Problem.warning(WHERE, "what", "", ""), Colours.NONE))
                .isEqualTo("a.toml:3:1: warning: what");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\r",
                "\t",
                "\u0000",
                "\u001b[2J",
                "\u007f",
                "\u009b",
                "\u202e",
                "\u2028",
                "\u2066",
                "\u200f"
            })
    void showsWhatCouldDisturbATerminal(String text) {
        String shown = ProblemText.printable("é" + text + "😀");

        assertThat(shown).startsWith("é\\u").endsWith("😀").doesNotContain(text);
    }

    @Test
    void leavesOrdinaryTextAlone() {
        String text = "grüße, \"世界\" 😀";

        assertThat(ProblemText.printable(text)).isSameAs(text);
    }

    @Test
    void writesEachKindOfPlaceAsJson() {
        List<Problem> problems =
                List.of(
                        Problem.error(WHERE, "a", "b", "c"),
                        Problem.warning(new Location.Annotation("k"), "a", "", ""),
                        Problem.warning(new Location.Argument("--x"), "a", "", ""),
                        Problem.warning(new Location.Text("f", 0, 0, ""), "a", "", ""));

        assertThat(ProblemJson.document(problems))
                .isEqualTo(
                        "{\"problems\":["
                                + "{\"severity\":\"error\",\"where\":{\"source\":\"a.toml\",\"line\":3,\"column\":1,\"path\":\"x\"},"
                                + "\"what\":\"a\",\"why\":\"b\",\"fix\":\"c\"},"
                                + "{\"severity\":\"warning\",\"where\":{\"annotation\":\"k\"},\"what\":\"a\",\"why\":\"\",\"fix\":\"\"},"
                                + "{\"severity\":\"warning\",\"where\":{\"argument\":\"--x\"},\"what\":\"a\",\"why\":\"\",\"fix\":\"\"},"
                                + "{\"severity\":\"warning\",\"where\":{\"source\":\"f\"},\"what\":\"a\",\"why\":\"\",\"fix\":\"\"}]}");
    }
}

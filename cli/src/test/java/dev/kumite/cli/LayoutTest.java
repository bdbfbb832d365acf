package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.vectors.JsonTree;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class LayoutTest {

    /** Texts that some reader of YAML could take for something else. */
    private static final String[] TEXTS = {
        "",
        " ",
        "a",
        "a\u007f",
        "\u009b31m",
        "\u202eabc\u2066",
        "\u200b\u2028\u0085",
        "\ufeff",
        "yes",
        "NO",
        "on",
        "y",
        "null",
        "~",
        "true",
        "False",
        "1",
        "-1",
        "1.5",
        "1e3",
        "0x1f",
        "0o17",
        ".inf",
        ".NaN",
        "12:30:00",
        "2001-12-14",
        "1_000",
        "=",
        "<<",
        "- a",
        "a: b",
        "a #b",
        "#",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "{",
        "[a]",
        "'",
        "\"",
        "\\",
        "|",
        ">",
        "a\nb",
        "a\n",
        "\ta",
        "\u0000",
        "\u0085",
        "\u2028",
        "\uFEFF",
        "é",
        "😀",
        "---",
        "...",
        "/usr/bin",
        "a=b",
        "https://x/y?z",
        "very long ".repeat(50)
    };

    private final Random random = new Random(7);

    private String json(int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 6)) {
            case 0 -> Integer.toString(random.nextInt(-1000, 1000));
            case 1 -> random.nextBoolean() ? "true" : "null";
            case 2, 3 -> text();
            case 4 -> list(depth);
            default -> object(depth);
        };
    }

    private String text() {
        String text = TEXTS[random.nextInt(TEXTS.length)];
        return '"'
                + new String(JsonBytes.quoted(text), java.nio.charset.StandardCharsets.UTF_8)
                + '"';
    }

    private String list(int depth) {
        StringBuilder json = new StringBuilder("[");
        for (int i = random.nextInt(4); i > 0; i--) {
            json.append(json(depth + 1)).append(i > 1 ? "," : "");
        }
        return json.append(']').toString();
    }

    private String object(int depth) {
        StringBuilder json = new StringBuilder("{");
        for (int i = random.nextInt(4); i > 0; i--) {
            json.append("\"k")
                    .append(i)
                    .append("\":")
                    .append(json(depth + 1))
                    .append(i > 1 ? "," : "");
        }
        return json.append('}').toString();
    }

    @Test
    void indentsByTwo() {
        assertThat(JsonLayout.indented("{\"a\":[1,{\"b\":\"x:,{\\\"\"}],\"c\":{},\"d\":[]}"))
                .isEqualTo(
                        """
                        {
                          "a": [
                            1,
                            {
                              "b": "x:,{\\""
                            }
                          ],
                          "c": {},
                          "d": []
                        }\
                        """);
    }

    @Test
    void keepsTheMeaningOfJson() {
        for (int i = 0; i < 2000; i++) {
            String json = object(0);

            assertThat(JsonTree.parse(JsonLayout.indented(json))).isEqualTo(JsonTree.parse(json));
        }
    }

    @Test
    void keepsTheMeaningInYaml() {
        Load reader = new Load(LoadSettings.builder().build());
        for (int i = 0; i < 2000; i++) {
            String json = object(0);

            Object read = reader.loadFromString(YamlLayout.of(json));

            assertThat(String.valueOf(read))
                    .as(json)
                    .isEqualTo(String.valueOf(JsonTree.parse(json)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "no",
                "on",
                "off",
                "y",
                "N",
                "0o17",
                "1_000",
                "12:30:00",
                "0x1f",
                "~",
                "2001-12-14"
            })
    void quotesWhatOlderReadersMistake(String text) {
        assertThat(YamlLayout.of("{\"a\":\"" + text + "\"}")).isEqualTo("a: \"" + text + "\"\n");
    }

    @Test
    void keepsNumbersOf64Bits() {
        assertThat(YamlLayout.of("{\"a\":18446744073709551615}"))
                .isEqualTo("a: 18446744073709551615\n");
    }

    @Test
    void alignsColumns() {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        Output to = Output.of(out);

        TextTable.of("A", "B", "C")
                .row("long", "1", "x\u001by")
                .row("😀", "22", "")
                .write(to, Colours.NONE);
        to.flush();

        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("A     B   C\nlong  1   x\\u001by\n😀     22  \n");
    }
}

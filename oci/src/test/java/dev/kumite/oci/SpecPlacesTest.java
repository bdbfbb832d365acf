package dev.kumite.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecPlacesTest {

    private static final String DOCUMENT =
            """
            {
              "process": {"env": ["A=1",
                                  "B"]},
              "Linux": {"devices": [{}, {"type": "x"}]}
            }
            """;

    @ParameterizedTest
    @CsvSource({
        "'', 1, 1",
        "/process, 2, 14",
        "/process/env/1, 3, 23",
        "/linux/devices/1/type, 4, 38",
        "/linux/devices/0/path, 4, 25",
        "/linux/devices/7, 4, 24",
        "/root, 1, 1"
    })
    void findsTheValueOrWhatIsNearestAboveIt(String pointer, int line, int column) {
        assertThat(SpecPlaces.of(DOCUMENT.getBytes(UTF_8), "config.json").find(pointer))
                .isEqualTo(new Location.Text("config.json", line, column, pointer));
    }

    @ParameterizedTest
    @CsvSource({"'{', /a", "'', ''", "'[[', /0/0/0"})
    void answersForBrokenDocumentsToo(String document, String pointer) {
        assertThat(SpecPlaces.of(document.getBytes(UTF_8), "x").find(pointer).path())
                .isEqualTo(pointer);
    }
}

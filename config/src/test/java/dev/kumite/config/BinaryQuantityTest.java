package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryQuantityTest {

    @ParameterizedTest
    @CsvSource({
        "64Mi, 67108864",
        "1Ki, 1024",
        "+2Gi, 2147483648",
        "-1Ki, -1024",
        "007Ki, 7168",
        "Ki, 0",
        "1.Ki, 1024",
        "99999Gi, 107373108658176",
        "99Ti, 108851651149824"
    })
    void readsWholeNumbers(String text, long bytes) {
        assertThat(BinaryQuantity.parse(text)).contains(new BinaryQuantity(bytes, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5Mi", "0.5Ki", "100Ti", "1Pi", "1Ei", "100000Gi"})
    void takesForZeroWhatTheOriginalTakesForZero(String text) {
        assertThat(BinaryQuantity.parse(text)).contains(new BinaryQuantity(0, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "0", "1", "1M", "1k", "1E", "1e3", "Mi1", "1 Mi", " 1Mi", "1mi", "1MI", "--1Ki",
                "1..0Ki", "i", "x1Ki", "1Xi", "Pi", "Ei", "+Ei", ".Pi"
            })
    void refusesOtherTexts(String text) {
        assertThat(BinaryQuantity.parse(text)).isEmpty();
    }

    @Test
    void neverFailsOnVeryLongDigits() {
        assertThat(BinaryQuantity.parse("9".repeat(10_000) + "Ki"))
                .contains(new BinaryQuantity(0, false));
    }
}

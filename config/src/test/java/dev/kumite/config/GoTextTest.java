package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Uint64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"1", "t", "T", "TRUE", "true", "True"})
    void readsTrue(String text) {
        assertThat(GoText.parseBool(text)).contains(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "f", "F", "FALSE", "false", "False"})
    void readsFalse(String text) {
        assertThat(GoText.parseBool(text)).contains(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " true", "true ", "yes", "tRUE", "2", "on", "\u0000"})
    void refusesOtherBooleans(String text) {
        assertThat(GoText.parseBool(text)).isEmpty();
    }

    @Test
    void readsTheWholeRangeOfUnsignedNumbers() {
        assertThat(GoText.parseUint64("0")).contains(Uint64.ZERO);
        assertThat(GoText.parseUint64("007")).contains(Uint64.of(7));
        assertThat(GoText.parseUint64("18446744073709551615")).contains(Uint64.of(-1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+1",
                "-1",
                " 1",
                "1 ",
                "1_0",
                "0x1",
                "1.0",
                "18446744073709551616",
                "١"
            })
    void refusesOtherUnsignedNumbers(String text) {
        assertThat(GoText.parseUint64(text)).isEmpty();
    }

    @Test
    void readsSignedNumbersWithASign() {
        assertThat(GoText.parseInt64("-9223372036854775808")).hasValue(Long.MIN_VALUE);
        assertThat(GoText.parseInt64("+5")).hasValue(5);
        assertThat(GoText.parseInt64("--5")).isEmpty();
        assertThat(GoText.parseInt64("-")).isEmpty();
        assertThat(GoText.parseInt64("9223372036854775808")).isEmpty();
    }

    @Test
    void splitsAtUnicodeWhiteSpaceOnly() {
        assertThat(GoText.fields("\u00a0a\u0085b\u3000c\u200bd\u2003e "))
                .containsExactly("a", "b", "c\u200bd", "e");
        assertThat(GoText.fields(" \t\n")).isEmpty();
    }
}

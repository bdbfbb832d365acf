package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnprintableTest {

    @Test
    void escapesWhatDisturbsTerminals() {
        assertThat(Unprintable.escaped("{\"a\": \"\u007f\u009b\u202e\u2028\u200b\ufeff\"}"))
                .isEqualTo("{\"a\": \"\\u007f\\u009b\\u202e\\u2028\\u200b\\ufeff\"}");
    }

    @Test
    void leavesWhatPeopleReadAlone() {
        String text = "{\n  \"ü\": \"日本 \uD834\uDD1E – é\"\n}";

        assertThat(Unprintable.escaped(text)).isSameAs(text);
    }
}

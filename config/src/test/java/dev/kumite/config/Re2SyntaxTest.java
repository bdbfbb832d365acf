package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Re2SyntaxTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "(a|b)*",
                "a{2}",
                "a{1000}",
                "(a{10}){100}",
                "[](?<]",
                "\\Q(?<\\E",
                "[[:alpha:](?<]",
                "\\(\\?<",
                "(?P<n>a)",
                "(?i)[\\x{80}-\\x{1000}]",
                "[\\x{80}-\\x{10FFFF}]",
                "(?i)a(?-i:\u1c80)",
                "a{,2}",
                "{",
                "{?",
                "x{*",
                "a{01}",
                "\\x{1c80}",
                "\\pL",
                "\\p{Greek}",
                "(?i-s:a)",
                "\\x41"
            })
    void isValidInGo(String pattern) {
        assertThat(Re2Syntax.compile(pattern)).as(pattern).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "[",
                "a**",
                "(?<n>a)",
                "(?=a)",
                "\\é",
                "a{1001}",
                "(a{1000}){2}",
                "((a{100}){10}){2}",
                "(a{0,1000}){0,1000}",
                "((a{1000}){1000}){1000}",
                "(?:(?:x{1000})*){1000}",
                "a{2,1}",
                "[\\é]",
                "[a-\\é]",
                "\\",
                "\\Z"
            })
    void isInvalidInGo(String pattern) {
        assertThat(Re2Syntax.compile(pattern)).as(pattern).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i)\u1c80",
                "(?i)[\\x{80}-\\x{10FFFF}]",
                "(?i:[\u1c00-\u1cff])",
                "(?i)\\x{1c85}",
                "(?i)\\Q\u1c88\\E"
            })
    void isRefusedBecauseItWouldNeverEnd(String pattern) {
        assertThat(Re2Syntax.compile(pattern)).isEmpty();
    }

    @Test
    void isBoundedInDepthAndSize() {
        assertThat(Re2Syntax.compile("(".repeat(900) + ")".repeat(900))).isPresent();
        assertThat(Re2Syntax.compile("(".repeat(5000) + ")".repeat(5000))).isEmpty();
        assertThat(Re2Syntax.compile("a{1000}".repeat(100))).isEmpty();
    }

    @Test
    void takesABraceForABrace() {
        assertThat(Re2Syntax.compile("^a{?b$").orElseThrow().matcher("a{b").find()).isTrue();
        assertThat(Re2Syntax.compile("^a{?b$").orElseThrow().matcher("ab").find()).isTrue();
        assertThat(Re2Syntax.compile("^a{x}$").orElseThrow().matcher("a{x}").find()).isTrue();
    }
}

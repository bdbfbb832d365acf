package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LexicalPathTest {

    @ParameterizedTest
    @CsvSource({
        "'', .",
        "/, /",
        "//, /",
        "a, a",
        "a/, a",
        "a//b/./c, a/b/c",
        "a/../b, b",
        "../a, ../a",
        "a/../.., ..",
        "/.., /",
        "/../a, /a",
        "/a/b/../.., /",
        "./a, a",
        "a/./.., ."
    })
    void cleansLikeGo(String path, String cleaned) {
        assertThat(LexicalPath.clean(path)).isEqualTo(cleaned);
    }

    @ParameterizedTest
    @CsvSource({
        "/b, rootfs, /b/rootfs",
        "/b/, ./r, /b/r",
        "/b, ../../etc, /etc",
        "'', r, r",
        "'', '', ''",
        "/b, '', /b",
        "b, .., ."
    })
    void joinsLikeGo(String directory, String path, String joined) {
        assertThat(LexicalPath.join(directory, path)).isEqualTo(joined);
    }
}

package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnabledAnnotationsTest {

    @Test
    void matchesAnywhereInTheNameLikeTheOriginal() {
        EnabledAnnotations enabled = of(AnnotationPolicy.KATA, "path");

        assertThat(enabled.admits("path")).isTrue();
        assertThat(enabled.admits("jailer_path")).isTrue();
        assertThat(enabled.admits("kernel")).isFalse();
    }

    @Test
    void matchesWholeNamesUnderTheStrictPolicy() {
        EnabledAnnotations enabled = of(AnnotationPolicy.STRICT, "path", "kernel.*");

        assertThat(enabled.admits("path")).isTrue();
        assertThat(enabled.admits("jailer_path")).isFalse();
        assertThat(enabled.admits("kernel_params")).isTrue();
    }

    @Test
    void admitsNothingWithoutPatterns() {
        assertThat(of(AnnotationPolicy.KATA).admits("path")).isFalse();
    }

    @Test
    void admitsEverythingByTheEmptyPattern() {
        assertThat(of(AnnotationPolicy.KATA, "").admits("")).isTrue();
        assertThat(of(AnnotationPolicy.KATA, "").admits("anything")).isTrue();
    }

    @Test
    void followsRe2AndNotJava() {
        assertThat(of(AnnotationPolicy.KATA, "(?=path)").invalidPatterns())
                .containsExactly("(?=path)");
        assertThat(of(AnnotationPolicy.KATA, "p(?>at)h").admits("path")).isFalse();
        assertThat(of(AnnotationPolicy.KATA, "(?P<n>path)").admits("path")).isTrue();
        assertThat(of(AnnotationPolicy.KATA, "path$").admits("path\n")).isFalse();
        assertThat(of(AnnotationPolicy.KATA, "[[:alpha:]]+_params").admits("kernel_params"))
                .isTrue();
    }

    @Test
    void namedGroupsNeedTheirP() {
        assertThat(of(AnnotationPolicy.KATA, "(?<n>path)").invalidPatterns()).hasSize(1);
        assertThat(of(AnnotationPolicy.KATA, "[](?<]path").invalidPatterns()).isEmpty();
        assertThat(of(AnnotationPolicy.KATA, "\\Q(?<\\E|[[:alpha:](?<]|\\(\\?<").invalidPatterns())
                .isEmpty();
    }

    @Test
    void forgetsNothingWhenAskedForManyNames() {
        EnabledAnnotations enabled = of(AnnotationPolicy.KATA, "^a[0-9]+$");

        for (int i = 0; i < 5000; i++) {
            assertThat(enabled.admits("a" + i)).isTrue();
            assertThat(enabled.admits("b" + i)).isFalse();
        }
    }

    private static EnabledAnnotations of(AnnotationPolicy policy, String... patterns) {
        return EnabledAnnotations.of(List.of(patterns), policy, TestRuntime.LINE);
    }
}

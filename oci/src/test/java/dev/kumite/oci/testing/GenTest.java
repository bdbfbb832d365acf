package dev.kumite.oci.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GenTest {

    @Test
    void givesTheSameValuesForTheSameSeed() {
        assertThat(Gen.of(7).json(6)).isEqualTo(Gen.of(7).json(6));
        assertThat(GenSpec.spec(Gen.of(7))).isEqualTo(GenSpec.spec(Gen.of(7)));
    }

    @Test
    void givesOtherValuesForOtherSeeds() {
        assertThat(GenSpec.spec(Gen.of(7))).isNotEqualTo(GenSpec.spec(Gen.of(8)));
    }

    @Test
    void namesTheSeedOfACaseThatFails() {
        assertThatThrownBy(() ->
                        Gen.forAll(
                                10,
                                gen -> {
                                    throw new IllegalStateException("boom");
                                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("case 0 fails, seed \\d+: repeat it with -Dkumite.seed=\\d+")
                .hasRootCauseMessage("boom");
    }

    @Test
    void staysWithinBounds() {
        Gen.forAll(
                1_000,
                gen -> {
                    assertThat(gen.below(3)).isBetween(0, 2);
                    assertThat(gen.upTo(65_535)).isBetween(0L, 65_535L);
                    assertThat(gen.upTo(Long.MAX_VALUE)).isNotNegative();
                    assertThat(gen.bytes(5)).hasSizeLessThanOrEqualTo(5);
                });
    }
}

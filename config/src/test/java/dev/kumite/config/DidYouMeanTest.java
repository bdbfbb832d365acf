package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DidYouMeanTest {

    private static final List<String> KEYS =
            List.of(
                    "default_vcpus",
                    "default_maxvcpus",
                    "default_memory",
                    "kernel",
                    "kernel_params",
                    "path",
                    "image");

    @ParameterizedTest
    @CsvSource({
        "default_vcpu, default_vcpus",
        "defualt_vcpus, default_vcpus",
        "Default-VCPUs, default_vcpus",
        "kernal, kernel",
        "kernel_param, kernel_params",
        "kernelparams, kernel_params",
        "paht, path",
        "imgae, image",
    })
    void findsTheWordThatWasMeant(String word, String meant) {
        assertThat(DidYouMean.closest(word, KEYS)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "zzz", "memory_of_the_machine", "x", "p"})
    void findsNothingWhereNothingIsClose(String word) {
        assertThat(DidYouMean.closest(word, KEYS)).isEmpty();
    }

    @Test
    void takesTheFirstOfEquallyCloseWords() {
        assertThat(DidYouMean.closest("cat", List.of("bat", "hat"))).contains("bat");
    }

    @Test
    void doesNotLookAtVeryLongWords() {
        assertThat(DidYouMean.closest("k".repeat(100_000), KEYS)).isEmpty();
        assertThat(DidYouMean.closest("path", List.of("p".repeat(100_000)))).isEmpty();
    }
}

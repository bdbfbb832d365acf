package dev.kumite.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes are: a configuration, or problems. Without Jazzer's fuzzing mode the seeds are
 * all that is tried; {@code JAZZER_FUZZ=1} goes on from them.
 */
class ConfigurationFuzzTest {

    static Stream<Arguments> configurations() {
        return Stream.of(
                        ConfigurationFiles.builtIn().text(),
                        "",
                        "a = {b = ,}",
                        "[hypervisor.qemu]\ndefault_vcpus = 02\nx = {a = 1, a = 2,}\ny = \"\u0001\"\n",
                        "[[hypervisor]]\n[runtime]\nvfio_mode = 5\n")
                .map(text -> Arguments.of((Object) text.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("configurations")
    @FuzzTest
    void readsAnyConfiguration(byte[] bytes) {
        ConfigurationPropertyTest.assertIsReadOrRefused(bytes);
    }
}

package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a configuration file holds: a value, or problems; never an exception. */
class ConfigurationPropertyTest {

    private static final int RUNS = 3000;
    private static final String PIECES =
            "\"'[]{},=.#\\ \n\r\t_0159-+eEaTZ:\u0000\u0001\u007F\uFEFF\u00A0é😀";

    static void assertIsReadOrRefused(byte[] bytes) {
        FakeHost host = new FakeHost();
        List<ConfigurationText> texts =
                List.of(
                        new ConfigurationText(
                                "random.toml", new String(bytes, StandardCharsets.UTF_8)));
        for (LoadOptions options :
                List.of(new LoadOptions(false, true), new LoadOptions(true, false))) {
            Outcome<RuntimeConfig> outcome =
                    ConfigurationLoader.load(texts, host, BuildConstants.PACKAGED, options);
            assertThat(outcome.isRefused()).isEqualTo(!outcome.errors().isEmpty());
            for (Problem problem : outcome.problems()) {
                assertThat(problem.describe()).doesNotContain("\n");
            }
        }
    }

    @Test
    void readsOrRefusesChangedConfigurations() {
        String template = ConfigurationFiles.builtIn().text();
        long seed = 4711;
        Random random = new Random(seed);

        for (int run = 0; run < RUNS; run++) {
            StringBuilder text = new StringBuilder(template);
            for (int change = random.nextInt(5); change >= 0; change--) {
                change(text, random);
            }
            assertIsReadOrRefused(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void change(StringBuilder text, Random random) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
            case 2 ->
                    text.insert(
                            at,
                            text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
            default -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
        }
        if (text.isEmpty()) {
            text.append('a');
        }
    }

    @Test
    void readsOrRefusesRandomBytes() {
        Random random = new Random(4712);

        for (int run = 0; run < RUNS; run++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertIsReadOrRefused(bytes);
        }
    }
}

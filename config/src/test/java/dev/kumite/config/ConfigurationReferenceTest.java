package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.ConfigurationKey.Rule;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {

    @Test
    void namesEveryKeyOnce() {
        String page = ConfigurationReference.markdown();

        for (ConfigurationKey row : ConfigurationTable.all()) {
            assertThat(page).as(row.name()).contains("| `" + row.name() + "` |");
        }
        assertThat(page).doesNotContain(" .").doesNotContain("..").contains("Never shown.");
    }

    @Test
    void hasTablesWithoutHoles() {
        for (String line : ConfigurationReference.markdown().lines().toList()) {
            if (line.startsWith("|")) {
                assertThat(line).endsWith("|");
                assertThat(line.replace("\\|", "").chars().filter(c -> c == '|').count())
                        .isBetween(4L, 7L);
            }
        }
    }

    @Test
    void isMadeFromATableWhoseKeysDiffer() {
        Set<String> seen = new HashSet<>();
        for (ConfigurationKey row : ConfigurationTable.all()) {
            assertThat(seen.add(ConfigurationTable.table(row.place()) + "." + row.name()))
                    .as(row.name())
                    .isTrue();
            boolean silent = row.rule() instanceof Rule.NotRead;
            assertThat(row.meaning().isEmpty()).as(row.name()).isEqualTo(silent);
        }
    }

    @Test
    void knowsWhatMustNotBeShown() {
        assertThat(ConfigurationTable.isSecret(RuntimeFields.JAEGER_PASSWORD)).isTrue();
        assertThat(ConfigurationTable.isSecret(RuntimeFields.JAEGER_USER)).isFalse();
        assertThat(ConfigurationTable.find("runtime", "jaeger_password").orElseThrow().isSecret())
                .isTrue();
    }
}

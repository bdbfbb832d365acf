package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnnotationTableTest {

    @Test
    void everyKeyHasOneRowThatIsFound() {
        Set<String> keys = new HashSet<>();
        for (AnnotationKey row : AnnotationTable.all()) {
            assertThat(keys.add(row.key())).as(row.key()).isTrue();
            assertThat(AnnotationTable.find(row.key())).contains(row);
            assertThat(row.meaning()).isNotBlank();
        }
        assertThat(AnnotationTable.find("io.katacontainers.config.hypervisor.")).isEmpty();
    }

    @Test
    void allHypervisorAnnotationsAreGated() {
        for (AnnotationKey row : AnnotationTable.all()) {
            boolean hypervisor = row.key().startsWith(AnnotationTable.HYPERVISOR);

            assertThat(row.gate() == AnnotationKey.Gate.ENABLED)
                    .as(row.key())
                    .isEqualTo(hypervisor);
        }
    }

    @Test
    void everyAssetCanHaveAHash() {
        for (AnnotationKey row : AnnotationTable.all()) {
            if (row.kind() instanceof AnnotationKey.Kind.Asset) {
                assertThat(AnnotationTable.find(row.key() + "_hash")).isPresent();
            }
        }
    }

    @Test
    void namesHaveNoPrefix() {
        assertThat(AnnotationTable.hypervisorNames())
                .contains("default_vcpus", "kernel_hash", "path")
                .allMatch(name -> !name.contains("."));
    }
}

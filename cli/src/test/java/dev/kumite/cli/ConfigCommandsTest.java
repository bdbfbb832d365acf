package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.AnnotationKey;
import dev.kumite.config.AnnotationTable;
import dev.kumite.vectors.JsonTree;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigCommandsTest {

    @TempDir private Path directory;

    private String configuration(String more) throws IOException {
        return TestBundle.configuration(directory, TestBundle.CONFIGURATION + more).toString();
    }

    @Nested
    final class Check {

        @Test
        void saysThatAllIsWell() throws IOException {
            String file = configuration("");

            Ran ran = Ran.of("config", "check", "--assume-files", file);

            assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.DONE);
            assertThat(ran.out()).startsWith("OK: " + file + ": ").contains("warning");
        }

        @Test
        void namesThePlaceOfEachProblem() throws IOException {
            String file = configuration("nonsense = 1\ninternetworking_modl = \"x\"\n");

            Ran ran = Ran.of("config", "check", "--assume-files", "--strict", file);

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .contains(file + ":15:1: error: ")
                    .contains(file + ":16:1: error: ");
            assertThat(ran.err()).contains("2 errors, ");
        }

        @Test
        void writesProblemsAsJsonWhereAskedTo() throws IOException {
            Ran ran = Ran.of("config", "check", "--format=json", configuration("[["));

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(JsonTree.object(JsonTree.parse(ran.err()))).containsOnlyKeys("problems");
        }

        @Test
        void checksTheBuiltInOneWhereThereIsNoOther() {
            Ran ran = Ran.of("config", "check");

            assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.DONE);
            assertThat(ran.err()).contains("the built-in configuration is used");
        }
    }

    @Nested
    final class Show {

        @Test
        void listsValuesAndMasksSecrets() throws IOException {
            Ran ran = Ran.of("config", "show", "--assume-files", configuration(""));

            assertThat(ran.outLines())
                    .anyMatch(line -> line.matches("HypervisorConfig.MemorySize +512"));
            assertThat(ran.outLines())
                    .anyMatch(line -> line.matches("RuntimeConfig.JaegerPassword +\\*{8}"));
            assertThat(ran.out() + ran.err()).doesNotContain("hunter2");
        }

        @Test
        void namesOriginsWhereAskedTo() throws IOException {
            String file = configuration("");

            Ran ran = Ran.of("config", "show", "--origins", "--assume-files", file);

            assertThat(ran.outLines().getFirst()).matches("FIELD +VALUE +ORIGIN");
            assertThat(ran.out()).contains(file + ":7 ");
        }

        @Test
        void writesJsonWhereAskedTo() throws IOException {
            Ran ran =
                    Ran.of(
                            "config",
                            "show",
                            "--format",
                            "json",
                            "--assume-files",
                            configuration(""));

            assertThat(JsonTree.object(JsonTree.parse(ran.out())).toString())
                    .contains("MemorySize=512")
                    .contains("JaegerPassword=" + dev.kumite.config.Explanation.MASK);
        }
    }

    @Test
    void referenceIsMarkdown() {
        assertThat(Ran.of("config", "reference").out()).startsWith("#").contains("default_memory");
    }

    @Nested
    final class Annotations {

        @Test
        void areListedForPeople() {
            Ran ran = Ran.of("annotations");

            assertThat(ran.outLines()).hasSize(AnnotationTable.all().size() + 1);
            assertThat(Ran.of("annotations", "list")).isEqualTo(ran);
        }

        @Test
        void areShownOneByOne() {
            Ran ran = Ran.of("annotations", AnnotationTable.HYPERVISOR + "default_memory");

            assertThat(ran.outLines())
                    .containsExactly(
                            "io.katacontainers.config.hypervisor.default_memory",
                            "  meaning   memory at boot, in MiB",
                            "  value     whole number",
                            "  limits    256 to 4294967295",
                            "  admitted  by enable_annotations",
                            "  sets      HypervisorConfig.MemorySize");
            for (AnnotationKey row : AnnotationTable.all()) {
                assertThat(Ran.of("annotations", row.key()).outLines()).contains(row.key());
            }
            assertThat(Ran.of("annotations", "x").exitCode()).isEqualTo(ExitCode.USAGE);
        }

        @Test
        void areDescribedInMarkdown() {
            String page = Ran.of("annotations", "reference").out();

            for (AnnotationKey row : AnnotationTable.all()) {
                assertThat(page).contains(row.name() + "`").contains(row.meaning());
            }
            assertThat(page)
                    .contains(
                            "| `default_memory` | whole number | 256 to 4294967295 | by `enable_annotations` |"
                                    + " `HypervisorConfig.MemorySize` | memory at boot, in MiB |");
            assertThat(page.lines().filter(line -> line.startsWith("| `")))
                    .hasSize(AnnotationTable.all().size())
                    .allMatch(line -> line.chars().filter(c -> c == '|').count() == 7);
        }
    }
}

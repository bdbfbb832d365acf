package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.kumite.config.BuildConstants;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Documents that programs wrote, planned and explained with the built-in configuration: containerd
 * 1.6.20 and podman 4.3.1 on Debian 12, recorded at {@code create}.
 */
final class SamplesPlanTest {

    private static final Map<String, String> DOCUMENTS = documents();

    static final Set<String> SAMPLES = DOCUMENTS.keySet();

    /** Each binds a directory of podman's to /dev/shm; it exists on the recorded host only. */
    private static final Set<String> BIND_SHM =
            Set.of(
                    "podman-pod-infra",
                    "podman-run",
                    "podman-run-bridge",
                    "podman-run-it",
                    "podman-run-manyopts",
                    "podman-run-privileged");

    @TempDir private Path directory;

    @BeforeEach
    void needsTheBuiltInConfiguration() {
        assumeFalse(
                Files.exists(Path.of(BuildConstants.PACKAGED.sysconfPath()))
                        || Files.exists(Path.of(BuildConstants.PACKAGED.configPath())),
                "this host has a configuration");
    }

    private static Map<String, String> documents() {
        Map<String, String> documents = new TreeMap<>();
        InputStream file = SamplesPlanTest.class.getResourceAsStream("/samples.zip");
        try (ZipInputStream zip = new ZipInputStream(requireNonNull(file, "no samples.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                documents.put(
                        entry.getName().replace(".config.json", ""),
                        new String(zip.readAllBytes(), UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return documents;
    }

    private Ran run(String command, String sample, String... more) throws IOException {
        Path bundle = TestBundle.create(directory, sample, DOCUMENTS.get(sample));
        List<String> words = new ArrayList<>(List.of(command, "--bundle", bundle.toString()));
        words.addAll(List.of(more));
        return Ran.of(words.toArray(String[]::new));
    }

    private static List<String> errors(Ran ran) {
        return ran.err().lines().filter(line -> line.contains(": error: ")).toList();
    }

    @Test
    void areAllThere() {
        assertThat(SAMPLES).hasSize(15).containsAll(BIND_SHM);
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void arePlannedOrLackOnlyTheirShm(String sample) throws IOException {
        Ran plan = run("plan", sample);

        if (BIND_SHM.contains(sample)) {
            assertThat(plan.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(plan.out()).isEmpty();
            assertThat(errors(plan)).singleElement().asString().contains("/dev/shm");
        } else {
            assertThat(errors(plan)).isEmpty();
            assertThat(plan.exitCode()).isEqualTo(ExitCode.DONE);
            assertThat(plan.out()).startsWith("{");
        }
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void areExplainedLikewise(String sample) throws IOException {
        Ran explain = run("explain", sample);

        assertThat(explain.out()).startsWith(sample + ": ");
        if (BIND_SHM.contains(sample)) {
            assertThat(explain.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(explain.out()).contains("/dev/shm");
        } else {
            assertThat(explain.exitCode()).as(explain.err()).isEqualTo(ExitCode.DONE);
        }
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void arePlannedAndExplainedForAHostThatHasTheirFiles(String sample) throws IOException {
        for (String command : List.of("plan", "explain")) {
            Ran ran = run(command, sample, "--assume-files");

            assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.DONE);
            assertThat(errors(ran)).isEmpty();
        }
    }
}

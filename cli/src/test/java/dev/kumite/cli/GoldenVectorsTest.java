package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumite.vectors.JsonTree;
import dev.kumite.vectors.VectorExpectation;
import dev.kumite.vectors.VectorSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden vector, through {@code kumite plan --batch}, in one run. */
class GoldenVectorsTest {

    private static final VectorSet SET = VectorSet.open();

    /** How many cases each file holds: a copy that lost some must not pass. */
    private static final Map<String, Integer> COUNTS =
            Map.ofEntries(
                    Map.entry("cases/annotations.jsonl", 891),
                    Map.entry("cases/combo.jsonl", 520),
                    Map.entry("cases/create.jsonl", 82),
                    Map.entry("cases/cri.jsonl", 86),
                    Map.entry("cases/gating.jsonl", 322),
                    Map.entry("cases/json.jsonl", 61),
                    Map.entry("cases/order.jsonl", 90),
                    Map.entry("cases/paths.jsonl", 198),
                    Map.entry("cases/real.jsonl", 101),
                    Map.entry("cases/sizing.jsonl", 268),
                    Map.entry("cases/spec.jsonl", 230),
                    Map.entry("cases/toml.jsonl", 833),
                    Map.entry("cases/upstream.jsonl", 176));

    @TempDir Path directory;

    static List<String> files() {
        return SET.caseFiles();
    }

    @Test
    void theCopyIsComplete() {
        assertThat(SET.caseFiles()).containsExactlyInAnyOrderElementsOf(COUNTS.keySet());
    }

    @ParameterizedTest
    @MethodSource("files")
    void answersAsTheOriginal(String file) throws IOException {
        Path root = Files.createDirectory(directory.toRealPath().resolve("root"));
        SET.buildFixture(root);
        SET.writeConfigs(directory.resolve("set"));
        List<String> cases = SET.cases(file);
        List<Map<String, Object>> vectors = new ArrayList<>();
        cases.forEach(line -> vectors.add(JsonTree.object(JsonTree.parse(line))));

        List<String> answers = replay(cases, root);

        List<String> differences = new ArrayList<>();
        long shmBytes = root.toFile().getTotalSpace();
        for (int i = 0; i < answers.size(); i++) {
            Map<String, Object> vector = vectors.get(i);
            Optional<String> difference =
                    new VectorExpectation(vector, root.toString(), shmBytes)
                            .difference(answers.get(i));
            difference.ifPresent(text -> differences.add(vector.get("name") + ": " + text));
        }
        System.out.println(
                file + ": " + answers.size() + " cases, " + differences.size() + " different");
        assertThat(differences).isEmpty();
        assertThat(answers).hasSize(COUNTS.get(file));
    }

    private List<String> replay(List<String> cases, Path root) throws IOException {
        Path input = directory.resolve("input.jsonl");
        Files.writeString(input, String.join("\n", cases) + "\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] arguments = {
            "plan",
            "--batch",
            input.toString(),
            "--substitute",
            "@ROOT@=" + root,
            "--config-dir",
            directory.resolve("set").toString(),
            "--host-cpus",
            "2"
        };
        int exit =
                Main.run(
                        arguments,
                        new PrintStream(out, false, UTF_8),
                        new PrintStream(err, false, UTF_8));
        assertThat(err.toString(UTF_8)).isEmpty();
        assertThat(exit).isZero();
        return List.of(out.toString(UTF_8).stripTrailing().split("\n"));
    }

    @Test
    void theCopyIsCurrentWhereTheOriginalIsAtHand() throws IOException {
        Optional<Path> original = original();
        assumeTrue(original.isPresent(), "no ../shared/vectors beside the project");

        Map<String, String> ours = new LinkedHashMap<>();
        Map<String, String> theirs = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> file : SET.files().entrySet()) {
            ours.put(file.getKey(), new String(file.getValue(), UTF_8));
            theirs.put(file.getKey(), Files.readString(original.get().resolve(file.getKey())));
        }

        assertThat(ours).isEqualTo(theirs);
        try (var originals = Files.list(original.get().resolve("cases"))) {
            assertThat(originals.map(path -> "cases/" + path.getFileName()))
                    .allMatch(ours::containsKey);
        }
    }

    private static Optional<Path> original() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path vectors = at.resolve("shared/vectors");
            if (Files.isDirectory(vectors.resolve("cases"))) {
                return Optional.of(vectors);
            }
        }
        return Optional.empty();
    }
}

package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.vectors.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlanCommandTest {

    @TempDir private Path directory;

    private Path bundle;
    private String config;

    @BeforeEach
    void makeBundle() throws IOException {
        bundle = TestBundle.create(directory, "web", TestBundle.SPEC);
        config = TestBundle.configuration(directory, TestBundle.CONFIGURATION).toString();
    }

    private Ran plan(String... more) {
        List<String> words =
                new java.util.ArrayList<>(
                        List.of(
                                "plan",
                                "--bundle",
                                bundle.toString(),
                                "--config",
                                config,
                                "--assume-files"));
        words.addAll(List.of(more));
        return Ran.of(words.toArray(String[]::new));
    }

    private static Map<String, Object> object(Ran ran) {
        assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.DONE);
        return JsonTree.object(JsonTree.parse(ran.out()));
    }

    @Nested
    final class Answers {

        @Test
        void printsTheSandboxOfASingleContainer() {
            Map<String, Object> sandbox = object(plan());

            assertThat(sandbox).containsEntry("ID", "web").containsEntry("Hostname", "true");
            assertThat(sandbox.get("HypervisorConfig").toString()).contains("MemorySize=512");
            assertThat(plan().out()).startsWith("{\n  \"").endsWith("\n}\n");
        }

        @Test
        void printsTheSandboxOfAPod() throws IOException {
            bundle =
                    TestBundle.create(
                            directory,
                            "pod",
                            TestBundle.spec("\"io.kubernetes.cri.container-type\":\"sandbox\""));

            assertThat(object(plan()))
                    .containsEntry("ID", "pod")
                    .doesNotContainKey("ContainerType");
        }

        @Test
        void printsTheContainerThatJoinsAPod() throws IOException {
            bundle =
                    TestBundle.create(
                            directory,
                            "second",
                            TestBundle.spec(
                                    "\"io.kubernetes.cri.container-type\":\"container\","
                                            + "\"io.kubernetes.cri.sandbox-id\":\"pod1\""));

            assertThat(object(plan()))
                    .containsEntry("ContainerType", "pod_container")
                    .containsEntry("SandboxID", "pod1")
                    .containsKey("Container");
        }

        @Test
        void passesOnWhatTheCommandLineSays() {
            Map<String, Object> sandbox =
                    object(
                            plan(
                                    "--id",
                                    "other",
                                    "--console",
                                    "/dev/pts/7",
                                    "--detach",
                                    "--systemd-cgroup"));

            assertThat(sandbox).containsEntry("ID", "other").containsEntry("SystemdCgroup", true);
            assertThat(sandbox.toString()).contains("Console=/dev/pts/7").contains("Detach=true");
        }

        @Test
        void keepsTextsInYaml() {
            String yaml = plan("--format", "yaml").out();

            assertThat(yaml).contains("\nHostname: \"true\"\n").contains("    User: \"0\"\n");
        }

        @Test
        void listsValuesWithTheirOriginsInATable() {
            List<String> lines = plan("--format", "table").outLines();

            assertThat(lines.getFirst()).matches("FIELD +VALUE +ORIGIN");
            assertThat(lines)
                    .anyMatch(line ->
                            line.matches(
                                    "HypervisorConfig.MemorySize +512 .*configuration.toml:7 .*default_memory"));
            assertThat(lines).anyMatch(line -> line.contains("config.json /process/args"));
        }

        @Test
        void findsTheBundleThroughLinks() throws IOException {
            Path link = Files.createSymbolicLink(directory.resolve("link"), bundle);
            Path real = bundle;
            bundle = link;

            assertThat(object(plan()).toString())
                    .contains("Target=" + real + "/rootfs")
                    .contains("ID=web");
        }
    }

    @Nested
    final class Configurations {

        @Test
        void takesTheFileOfTheEnvironment() {
            Ran ran =
                    Ran.with(
                            Map.of("KATA_CONF_FILE", config),
                            "",
                            "plan",
                            "--bundle",
                            bundle.toString(),
                            "--assume-files");

            assertThat(object(ran).get("HypervisorConfig").toString()).contains("MemorySize=512");
        }

        @Test
        void refusesAFileThatIsNotThere() {
            config = directory.resolve("absent.toml").toString();

            Ran ran = plan();

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).contains("absent.toml").contains("error");
            assertThat(ran.out()).isEmpty();
        }

        @Test
        void refusesUnknownKeysWhereAskedTo() throws IOException {
            config =
                    TestBundle.configuration(
                                    directory, TestBundle.CONFIGURATION + "default_memroy = 1\n")
                            .toString();

            assertThat(plan().exitCode()).isEqualTo(ExitCode.DONE);
            assertThat(plan().err()).contains("warning").contains("default_memroy");
            assertThat(plan("--strict").exitCode()).isEqualTo(ExitCode.REFUSED);
        }
    }

    @Nested
    final class Refusals {

        @Test
        void namesEveryProblem() throws IOException {
            String prefix = "\"io.katacontainers.config.hypervisor.";
            bundle =
                    TestBundle.create(
                            directory,
                            "bad",
                            TestBundle.spec(
                                    prefix
                                            + "default_memory\":\"7\","
                                            + prefix
                                            + "kernel_params\":\"x\""));

            Ran ran = plan();

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .contains("default_memory")
                    .contains("kernel_params")
                    .doesNotContain("\tat ");
        }

        @Test
        void writesProblemsAsJsonWhereAskedTo() {
            Ran ran =
                    Ran.of(
                            "plan",
                            "--bundle",
                            "/no/such",
                            "--config",
                            config,
                            "--assume-files",
                            "--format",
                            "json");

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            Map<String, Object> first =
                    JsonTree.object(
                            JsonTree.list(
                                            JsonTree.object(JsonTree.parse(ran.err()))
                                                    .get("problems"))
                                    .getFirst());
            assertThat(first)
                    .containsEntry("severity", "error")
                    .containsEntry("where", Map.of("argument", "--bundle"))
                    .containsKeys("what", "why", "fix");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        {                    | config.json
                        []                   | config.json
                        {"process": 5}       | process
                        {"root":{"path":"r"}} | process
                        """)
        void saysWhatIsWrongWithASpecification(String spec, String word) throws IOException {
            bundle = TestBundle.create(directory, "bad", spec);

            Ran ran = plan();

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).contains(": error: ").contains(word);
        }

        @Test
        void saysThatABundleIsNone() throws IOException {
            bundle = Files.createDirectory(directory.resolve("empty"));
            assertThat(plan().err()).contains("empty/config.json: error: ");

            bundle = Files.createFile(directory.resolve("file"));
            assertThat(plan().err()).contains("that is no directory");
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "-ab", "a/b", "ä12", "a b", "..", ".ab", "_ab", "", "a\n"})
        void refusesIdsThatKataRefuses(String id) {
            Ran ran = plan("--id=" + id);

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).startsWith("--id: error: ").contains("two characters or more");
        }

        @ParameterizedTest
        @ValueSource(strings = {"ab", "0b", "A-_.", "0123456789abcdef"})
        void takesIdsThatKataTakes(String id) {
            assertThat(plan("--id", id).exitCode()).isEqualTo(ExitCode.DONE);
        }

        @Test
        void asksForAnIdWhereTheDirectoryHasNoUsableName() throws IOException {
            bundle = TestBundle.create(directory, "ü", TestBundle.SPEC);

            assertThat(plan().err()).contains("so give --id");
        }
    }
}

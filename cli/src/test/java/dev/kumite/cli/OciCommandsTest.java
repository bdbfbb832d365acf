package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kumite.oci.SpecReader;
import dev.kumite.vectors.JsonTree;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What container engines call. */
final class OciCommandsTest {

    @TempDir private Path directory;

    private void supervised(String id, String status) throws IOException {
        Path container = Files.createDirectories(directory.resolve(".oci").resolve(id));
        Files.writeString(
                container.resolve("state"),
                status
                        + " 7 8 box notty 0\n{\"ociVersion\":\"1.0.2\",\"id\":\""
                        + id
                        + "\",\"status\":\""
                        + status
                        + "\",\"pid\":7,\"bundle\":\"/b\",\"annotations\":{\"k\":\"v\"}}\n");
    }

    @Test
    void featuresAreADocumentOfTheSpecification() {
        String out = Ran.of("features").out();

        assertThat(JsonTree.object(JsonTree.parse(out)))
                .containsEntry("ociVersionMax", "1.2.0")
                .containsKeys("hooks", "mountOptions", "linux", "annotations");
    }

    @Test
    void theFirstSpecificationIsOneThatCanBeRead() throws IOException {
        Path file = directory.resolve("config.json");

        assertThat(Ran.of("spec", "--bundle", directory.toString()))
                .isEqualTo(new Ran(ExitCode.DONE, "", ""));
        assertThat(SpecReader.read(Files.readAllBytes(file), "config.json").value()).isPresent();
        Ran again = Ran.of("spec", "-b", directory.toString());
        assertThat(again.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(again.err()).contains("is there already");
        assertThat(Ran.of("spec", "-b", directory.resolve("none").toString()).err())
                .contains("cannot write");
    }

    @Test
    void listsWhatTheSupervisorHasWrittenDown() throws IOException {
        supervised("one", "running");
        supervised("two", "stopped");
        Files.createDirectories(directory.resolve(".oci/broken"));

        assertThat(Ran.of("--root", directory.toString(), "list", "-q").outLines())
                .containsExactly("one", "two");
        Object all = JsonTree.parse(Ran.of("--root=" + directory, "list", "-f", "json").out());
        assertThat(JsonTree.object(JsonTree.list(all).getFirst()))
                .containsEntry("id", "one")
                .containsEntry("status", "running")
                .containsEntry("bundle", "/b")
                .containsEntry("machine", "-");
        assertThat(Ran.of("list", "--root", directory.toString()).outLines())
                .element(2)
                .asString()
                .startsWith("two ")
                .contains("stopped");
    }

    @Test
    void optionsBeforeTheCommandAreThoseOfAnyRuntime() throws IOException {
        Path log = directory.resolve("log");
        String[] failing = {
            "--log",
            log.toString(),
            "--log-format=json",
            "--systemd-cgroup",
            "spec",
            "-b",
            directory.resolve("none").toString()
        };

        assertThat(Ran.of(failing).err()).startsWith("kumite: error: cannot write");
        assertThat(JsonTree.object(JsonTree.parse(Files.readString(log))))
                .containsEntry("level", "error")
                .containsKeys("msg", "time");

        failing[2] = "--log-format=text";
        Ran.of(failing);
        assertThat(Files.readString(log)).contains("level=error msg=\"error: cannot write");
        assertThat(Ran.of("--debug", "--version").out()).startsWith("kumite version ");
        assertThat(Ran.of("-v").out()).endsWith("spec: 1.2.0\n");
        assertThat(Ran.of("--root").err()).contains("unknown option \"--root\"");
        assertThat(Ran.of("--log", "/nowhere/log", "spec", "x").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatIsForTheSupervisorSaysSo() {
        assertThat(Ran.of("state", "web").err()).contains("is answered by the supervisor");
        assertThat(Ran.of("install").err()).contains("the launcher does this");
    }

    /** The supervisor has a table of its own, which needs no start of a JVM with this one. */
    @Test
    void theHelpNamesWhatTheSupervisorUnderstands() throws Exception {
        Method parse =
                Class.forName("dev.kumite.supervisor.CommandLine")
                        .getDeclaredMethod("parse", List.class);
        parse.setAccessible(true);
        for (Command command : OciCommands.all()) {
            List<String> words = new ArrayList<>(List.of(command.name()));
            for (Syntax.Option option : command.syntax().options()) {
                if (!option.name().equals(EngineInput.ROOT)) {
                    words.add("--" + option.name() + (option.value().isPresent() ? "=0" : ""));
                    if (!option.letter().isEmpty()) {
                        words.add("-" + option.letter());
                        option.value().ifPresent(value -> words.add("0"));
                    }
                }
            }
            words.add("web");
            if (command.name().equals("kill")) {
                words.add("TERM");
            }
            assertThatCode(() -> parse.invoke(null, words))
                    .as("%s", words)
                    .doesNotThrowAnyException();
        }
    }
}

package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumite.config.AnnotationKey;
import dev.kumite.config.AnnotationTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion scripts, in the shells that they are for. */
final class CompletionTest {

    @TempDir private Path directory;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createFile(directory.resolve("a file.toml"));
        Files.createDirectory(directory.resolve("a directory"));
        Files.writeString(directory.resolve("bash"), Ran.of("completion", "bash").out());
        Files.writeString(directory.resolve("zsh"), Ran.of("completion", "zsh").out());
    }

    /** {@return what bash offers for the last of the words, as readline splits them} */
    private List<String> offered(String... words) throws IOException, InterruptedException {
        StringBuilder line = new StringBuilder("COMP_WORDS=(kumite");
        for (String word : words) {
            line.append(" '").append(word).append('\'');
        }
        line.append(")\nCOMP_CWORD=").append(words.length);
        // compopt works only while readline asks
        String script =
                "source ./bash\ncompopt() { :; }\n"
                        + line
                        + "\n_kumite\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
        return run(script, "bash", "--norc");
    }

    private List<String> run(String script, String... command)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().write(script.getBytes(UTF_8));
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.lines().filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void offersCommands() throws IOException, InterruptedException {
        assertThat(offered("")).containsAll(Commands.firstWords()).contains("--help", "--version");
        assertThat(offered("co")).containsExactly("config", "completion");
        assertThat(offered("config", ""))
                .containsExactly("check", "show", "reference", "template", "--help");
        assertThat(offered("config", "c")).containsExactly("check");
    }

    @Test
    void offersOptions() throws IOException, InterruptedException {
        for (Command command : Commands.all()) {
            List<String> words = new java.util.ArrayList<>(List.of(command.name().split(" ")));
            words.add("--");
            List<String> offered = offered(words.toArray(String[]::new));
            assertThat(offered).hasSize(command.syntax().options().size() + 1).contains("--help");
            command.syntax()
                    .options()
                    .forEach(option -> assertThat(offered).contains("--" + option.name()));
        }
    }

    @Test
    void offersValues() throws IOException, InterruptedException {
        assertThat(offered("plan", "--format", "")).containsExactly("json", "yaml", "table");
        assertThat(offered("plan", "--format", "=", "y")).containsExactly("yaml");
        assertThat(offered("plan", "--format", "=")).containsExactly("json", "yaml", "table");
        assertThat(offered("completion", "")).containsExactly("bash", "zsh");
        assertThat(offered("annotations", "r")).containsExactly("reference");
        assertThat(offered("annotations", AnnotationTable.AGENT))
                .hasSameElementsAs(
                        AnnotationTable.all().stream()
                                .map(AnnotationKey::key)
                                .filter(key -> key.startsWith(AnnotationTable.AGENT))
                                .toList());
        assertThat(offered("plan", "--id", "")).isEmpty();
    }

    @Test
    void offersFiles() throws IOException, InterruptedException {
        assertThat(offered("config", "check", "a"))
                .containsExactlyInAnyOrder("a file.toml", "a directory");
        assertThat(offered("plan", "--config", "a f")).containsExactly("a file.toml");
        assertThat(offered("plan", "--bundle", "a")).containsExactly("a directory");
    }

    @Test
    void isRegisteredInBash() throws IOException, InterruptedException {
        assertThat(run("source ./bash\ncomplete -p kumite\n", "bash", "--norc"))
                .containsExactly("complete -F _kumite kumite");
    }

    @Test
    void isSoundZsh() throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/zsh"))
                        || Files.isExecutable(Path.of("/bin/zsh")),
                "no zsh");

        assertThat(run("", "zsh", "-n", "zsh")).isEmpty();
    }

    @Test
    void namesEverythingToZsh() {
        String script = Ran.of("completion", "zsh").out();

        assertThat(script).startsWith("#compdef kumite\n");
        AnnotationTable.all().forEach(row -> assertThat(script).contains(row.key()));
        for (Command command : Commands.all()) {
            command.syntax()
                    .options()
                    .forEach(option -> assertThat(script).contains("--" + option.name()));
        }
    }
}

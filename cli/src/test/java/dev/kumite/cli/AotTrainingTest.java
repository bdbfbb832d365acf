package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AotTrainingTest {

    private final List<List<String>> calls = new ArrayList<>();

    @TempDir private Path directory;

    @Test
    void runsEveryCommandWhateverTheOneBeforeAnswered() throws IOException {
        train("# a comment\n\n--no-such-option\nplan  --help\n");

        assertThat(calls).containsExactly(List.of("--no-such-option"), List.of("plan", "--help"));
    }

    @Test
    void putsTheDirectoryOfTheFileForTheAtSign() throws IOException {
        train("plan --bundle @/bundle\n");

        assertThat(calls).containsExactly(List.of("plan", "--bundle", directory + "/bundle"));
    }

    @Test
    void loadsClassesThatThereAre() throws IOException {
        Path file = directory.resolve("classes");
        Files.writeString(file, "# a comment\n\njava.util.List\nno.such.Class\n");

        assertThat(AotTraining.load(file)).isEqualTo(1);
    }

    private void train(String commands) throws IOException {
        Path file = directory.resolve("commands");
        Files.writeString(file, commands);

        AotTraining.train(file, words -> calls.add(List.of(words)));
    }
}

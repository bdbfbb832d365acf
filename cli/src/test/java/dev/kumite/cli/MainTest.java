package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void printsTheVersionOfTheProject() {
        String projectVersion = System.getProperty("project.version");

        int exitCode = run("--version");

        assertThat(exitCode).isZero();
        assertThat(out.toString(UTF_8))
                .isEqualTo(
                        "kumite version "
                                + projectVersion.replace("-SNAPSHOT", "")
                                + "\nspec: 1.2.0\n");
        assertThat(err.size()).isZero();
    }

    private int run(String... arguments) {
        return Main.run(
                arguments, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}

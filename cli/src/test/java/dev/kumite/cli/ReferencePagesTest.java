package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The pages in {@code docs} are what the commands print; each says in its first lines which one.
 */
class ReferencePagesTest {

    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void configurationReferenceIsCurrent() throws IOException {
        assertThat(Files.readString(DOCS.resolve("configuration-reference.md")))
                .as("run: ./kumite config reference > docs/configuration-reference.md")
                .isEqualTo(Ran.of("config", "reference").out());
    }

    @Test
    void annotationReferenceIsCurrent() throws IOException {
        assertThat(Files.readString(DOCS.resolve("annotation-reference.md")))
                .as("run: ./kumite annotations reference > docs/annotation-reference.md")
                .isEqualTo(Ran.of("annotations", "reference").out());
    }
}

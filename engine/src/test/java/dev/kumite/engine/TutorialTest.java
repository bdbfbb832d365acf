package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TutorialTest {

    private static final Path SOURCES = Path.of("src");

    @Test
    void everySnippetOfTheDocumentationIsCompiled() throws IOException {
        String documentation =
                Files.readString(SOURCES.resolve("main/java/dev/kumite/engine/package-info.java"));
        String tutorial =
                Files.readString(SOURCES.resolve("test/java/dev/kumite/engine/Tutorial.java"));

        List<String> regions =
                Pattern.compile("region = \"(\\w+)\"")
                        .matcher(documentation)
                        .results()
                        .map((MatchResult match) -> match.group(1))
                        .toList();

        assertThat(regions).hasSize(6);
        assertThat(regions).allMatch(name -> tutorial.contains("@start region=\"" + name + "\""));
    }
}

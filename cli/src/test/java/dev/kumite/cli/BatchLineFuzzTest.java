package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumite.config.LoadOptions;
import dev.kumite.config.SystemHost;
import dev.kumite.vectors.JsonTree;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One line of a batch, made of any bytes. */
final class BatchLineFuzzTest {

    private static final BatchAnswers ANSWERS =
            new BatchAnswers(
                    new Batch(
                            SystemHost.open(),
                            "/nonexistent",
                            Substitutions.of(List.of("@ROOT@=/r")),
                            Optional.empty(),
                            new LoadOptions(false, true)));

    @FuzzTest(maxDuration = "2m")
    void isAnsweredWithAResultOrAnError(byte[] line) {
        String answer = new String(ANSWERS.answer(line, 1), UTF_8);

        Map<String, Object> members = JsonTree.object(JsonTree.parse(answer));
        assertThat(answer).doesNotContain("\n").doesNotContain("internal error");
        assertThat(members.containsKey("result")).isNotEqualTo(members.containsKey("error"));
    }
}

package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.vectors.JsonTree;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every batch, on random ones; the seed is the test's name. */
final class BatchPropertiesTest {

    private static final String[] MEMBERS = {
        "\"name\":\"n\"",
        "\"op\":\"container\"",
        "\"op\":\"create\"",
        "\"op\":\"sandbox\"",
        "\"op\":\"loadConfig\"",
        "\"op\":\"sandboxID\"",
        "\"spec\":" + TestBundle.SPEC,
        "\"spec\":{}",
        "\"spec\":[[]]",
        "\"specText\":\"{\\\"a\\\"\"",
        "\"specBase64\":\"e30=\"",
        "\"toml\":\"\"",
        "\"toml\":\"[hypervisor.qemu]\\n\"",
        "\"config\":\"x\"",
        "\"configPath\":\"\"",
        "\"numCPU\":3",
        "\"numCPU\":1e99",
        "\"id\":\"x\"",
        "\"bundle\":\"/b\"",
        "\"bundle\":7",
        "\"features\":[{}]",
        "\"features\":[1]",
        "\"defaults\":{\"a\":\"b\"}",
        "\"parse\":\"plain\"",
        "\"note\":[[[]]]",
        "\"terminal\":true",
        "\"sandboxCPUs\":4294967295",
        "\"sandboxMemMB\":-1",
        "\"detach\":null",
        "\"x\":{\"y\":[1,2]}"
    };

    private static byte[] randomLine(Random random) {
        StringBuilder json = new StringBuilder("{");
        for (int i = random.nextInt(6); i > 0; i--) {
            json.append(MEMBERS[random.nextInt(MEMBERS.length)]).append(i > 1 ? "," : "");
        }
        byte[] line = json.append('}').toString().getBytes(UTF_8);
        for (int i = random.nextInt(8) - 5; i > 0; i--) {
            int at = random.nextInt(line.length);
            line[at] = (byte) random.nextInt(256);
        }
        for (int i = 0; i < line.length; i++) {
            line[i] = line[i] == '\n' ? (byte) ' ' : line[i];
        }
        return line;
    }

    private static List<String> answers(List<byte[]> lines, int begin, int end) {
        ByteArrayOutputStream in = new ByteArrayOutputStream();
        for (byte[] line : lines.subList(begin, end)) {
            in.writeBytes(line);
            in.write('\n');
        }
        Ran ran =
                Ran.with(
                        Map.of(),
                        in.toByteArray(),
                        "plan",
                        "--batch",
                        "-",
                        "--substitute",
                        "@ROOT@=/r",
                        "--assume-files");
        assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(ran.err()).isEmpty();
        return ran.outLines();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void oneAnswerPerLineWhateverTheLineIs(long seed) {
        Random random = new Random(seed);
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            lines.add(randomLine(random));
        }

        List<String> together = answers(lines, 0, lines.size());

        assertThat(together).hasSize(lines.size());
        for (String answer : together) {
            Map<String, Object> members = JsonTree.object(JsonTree.parse(answer));
            assertThat(members).containsKey("name");
            assertThat(members.containsKey("result")).isNotEqualTo(members.containsKey("error"));
            assertThat(answer).doesNotContain("internal error");
        }
    }

    private static String withoutNumber(String answer, int number) {
        return answer.replace("\"name\":\"line " + number + "\"", "#")
                .replace("<batch>:" + number + ":", "#")
                .replace("\"<batch>\",\"line\":" + number, "#");
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void sameAnswersOneByOne(long seed) {
        Random random = new Random(seed);
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lines.add(randomLine(random));
        }

        List<String> together = answers(lines, 0, lines.size());

        for (int i = 0; i < lines.size(); i++) {
            String alone = answers(lines, i, i + 1).getFirst();
            assertThat(withoutNumber(alone, 1)).isEqualTo(withoutNumber(together.get(i), i + 1));
        }
    }
}

package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.Feature;
import dev.kumite.vectors.JsonTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class BatchTest {

    @TempDir private Path directory;

    private static Map<String, Object> answer(String line, String... more) {
        List<Map<String, Object>> answers = answers(line + "\n", more);
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private static List<Map<String, Object>> answers(String in, String... more) {
        List<String> words = new ArrayList<>(List.of("plan", "--batch", "--assume-files"));
        words.addAll(List.of(more));
        Ran ran = Ran.with(Map.of(), in, words.toArray(String[]::new));
        assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(ran.err()).isEmpty();
        List<Map<String, Object>> answers = new ArrayList<>();
        ran.outLines().forEach(line -> answers.add(JsonTree.object(JsonTree.parse(line))));
        return answers;
    }

    private static String line(String name, String members) {
        return "{\"name\":\""
                + name
                + "\",\"spec\":"
                + TestBundle.SPEC
                + ",\"bundle\":\"/b\",\"id\":\"x1\""
                + members
                + "}";
    }

    private static String quoted(String text) {
        return '"' + new String(JsonBytes.quoted(text), StandardCharsets.UTF_8) + '"';
    }

    @Nested
    final class Lines {

        @Test
        void areAnsweredInOrder() {
            StringBuilder in = new StringBuilder();
            for (int i = 0; i < 5000; i++) {
                in.append(line("n" + i, ",\"op\":\"container\"")).append('\n');
            }

            List<Map<String, Object>> answers = answers(in.toString());

            assertThat(answers).hasSize(5000);
            for (int i = 0; i < 5000; i++) {
                assertThat(answers.get(i)).containsEntry("name", "n" + i).containsKey("result");
            }
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        garbage                         | line 2 | the line is no JSON
                        {                               | line 2 | the line is no JSON
                        []                              | line 2 | no JSON object
                        {} {}                           | line 2 | more on the line
                        {"name":5}                      | line 2 | "name" is not a string
                        {"name":"a","name":"b"}         | b      | "name" is given twice
                        {"name":"a","op":"plan"}        | a      | op is "plan"
                        {"name":"a","speck":{}}         | a      | no member "speck"
                        {"name":"a","numCPU":0}         | a      | "numCPU" is not a whole number from 1
                        {"name":"a","numCPU":1.5}       | a      | "numCPU" is not a whole number
                        {"name":"a","detach":"yes"}     | a      | "detach" is not true or false
                        {"name":"a","defaults":{"kernelPath":1}} | a | "defaults.kernelPath" is not a string
                        {"name":"a","defaults":[]}      | a      | "defaults" is not an object of strings
                        {"name":"a","features":{}}      | a      | "features" is not a list
                        {"name":"a","specBase64":"*"}   | a      | specBase64 is no base64
                        {"name":"a","spec":{},"specText":"{}"} | a | as spec and specText
                        {"name":"a","spec":{},"specBase64":"e30="} | a | given more than once
                        {"name":"a","specText":"{}","specBase64":""} | a | given more than once
                        {"name":"a","op":"container","specBase64":""} | a | config.json
                        {"name":"a","parse":"Plain"}    | a      | parse is "Plain"
                        {"name":"a","op":"container"}   | a      | has no specification
                        {"name":"a","op":"container","spec":null} | a | process
                        {"name":"a","op":"container","spec":"x"} | a | config.json
                        {"name":"a","op":"container","spec":[{]} | a | error
                        {"name":"a","op":"container","spec":{},"spec":{}} | a | "spec" is given twice
                        """)
        void thatAreBadDoNotDisturbTheOthers(String bad, String name, String complaint) {
            String good = line("good", ",\"op\":\"containerType\"");

            List<Map<String, Object>> answers = answers(good + "\n" + bad + "\n" + good);

            assertThat(answers).hasSize(3);
            assertThat(answers.get(0))
                    .isEqualTo(answers.get(2))
                    .containsEntry("result", "single_container");
            assertThat(answers.get(1)).containsEntry("name", name).doesNotContainKey("result");
            assertThat(answers.get(1).get("error").toString()).contains(complaint);
            assertThat(JsonTree.list(answers.get(1).get("problems"))).isNotEmpty();
        }

        @Test
        void mayBeBlankAtTheEndOnly() {
            assertThat(answers("")).isEmpty();
            assertThat(answers("\n")).hasSize(1);
        }

        @Test
        void thatAreTooLongAreRefusedAndLeftBehind() {
            String good = line("good", ",\"op\":\"containerType\"");
            String longest = "{\"name\":\"" + "x".repeat(BatchLines.MAX_LINE_BYTES) + "\"}";

            List<Map<String, Object>> answers = answers(longest + "\n" + good + "\n" + longest);

            assertThat(answers).hasSize(3);
            assertThat(answers.get(0).get("error").toString())
                    .startsWith("<batch>:1: error: the line is longer than");
            assertThat(answers.get(1)).containsEntry("result", "single_container");
            assertThat(answers.get(2)).containsEntry("name", "line 3").containsKey("error");
        }

        @Test
        void areAnsweredWhileTheInputStaysOpen() throws IOException, InterruptedException {
            PipedInputStream in = new PipedInputStream();
            PipedOutputStream question = new PipedOutputStream(in);
            PipedInputStream answer = new PipedInputStream();
            PipedOutputStream out = new PipedOutputStream(answer);
            Console console =
                    new Console(
                            in,
                            Output.of(out),
                            Output.of(OutputStream.nullOutputStream()),
                            name -> null);
            Thread run =
                    Thread.ofPlatform()
                            .start(() -> Dispatcher.run(new String[] {"plan", "--batch"}, console));

            for (int i = 0; i < 3; i++) {
                question.write(
                        (line("n" + i, ",\"op\":\"isCRIO\"") + "\n")
                                .getBytes(StandardCharsets.UTF_8));
                question.flush();
                assertThat(readLine(answer))
                        .isEqualTo("{\"name\":\"n" + i + "\",\"result\":{\"IsCRIO\":false}}");
            }
            question.close();
            run.join();
        }

        private String readLine(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                line.append((char) c);
            }
            return line.toString();
        }

        @Test
        void comeFromAFileToo() throws IOException {
            Path file =
                    Files.writeString(directory.resolve("cases"), line("a", ",\"op\":\"isCRIO\""));

            Ran ran = Ran.of("plan", "--batch", file.toString());

            assertThat(ran.out()).isEqualTo("{\"name\":\"a\",\"result\":{\"IsCRIO\":false}}\n");
            Ran none = Ran.of("plan", "--batch=" + directory.resolve("none"));
            assertThat(none.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(none.err()).contains("the batch cannot be read: there is no such file");
        }

        @Test
        void endWhereTheInputBreaks() {
            InputStream in =
                    new InputStream() {
                        @Override
                        public int read() throws IOException {
                            throw new IOException("Input/output error");
                        }

                        @Override
                        public int read(byte[] bytes, int offset, int length) throws IOException {
                            throw new IOException("Input/output error");
                        }
                    };
            java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
            Console console =
                    new Console(
                            in,
                            Output.of(OutputStream.nullOutputStream()),
                            Output.of(err),
                            name -> null);

            Exit code = Dispatcher.run(new String[] {"plan", "--batch"}, console);

            assertThat(code).isEqualTo(ExitCode.REFUSED);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("Input/output error");
        }
    }

    @Nested
    final class Failures {

        /** Some good lines, then whatever is thrown. */
        private InputStream failing(Throwable failure) {
            byte[] good = (line("a", ",\"op\":\"isCRIO\"") + "\n").getBytes(StandardCharsets.UTF_8);
            return new SequenceInputStream(
                    new ByteArrayInputStream(good),
                    new InputStream() {
                        @Override
                        public int read() {
                            throw sneaky(failure);
                        }

                        @Override
                        public int read(byte[] bytes, int offset, int length) {
                            throw sneaky(failure);
                        }
                    });
        }

        private static RuntimeException sneaky(Throwable failure) {
            if (failure instanceof Error error) {
                throw error;
            }
            return (RuntimeException) failure;
        }

        static Stream<Throwable> failures() {
            return Stream.of(
                    new IllegalStateException("broken"),
                    new OutOfMemoryError("broken"),
                    new StackOverflowError("broken"));
        }

        private Ran run(InputStream in, OutputStream out) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Console console = new Console(in, Output.of(out), Output.of(err), name -> null);
            Exit code = Dispatcher.run(new String[] {"plan", "--batch"}, console);
            return new Ran(code, out.toString(), err.toString(StandardCharsets.UTF_8));
        }

        @ParameterizedTest
        @MethodSource("failures")
        @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void ofTheInputEndTheBatch(Throwable failure) {
            Ran ran = run(failing(failure), new ByteArrayOutputStream());

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.outLines()).hasSize(1);
            assertThat(ran.err())
                    .startsWith("kumite: error: the batch cannot go on: ")
                    .contains("broken")
                    .hasLineCount(1);
        }

        @ParameterizedTest
        @MethodSource("failures")
        @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void ofTheOutputEndTheBatchThoughTheInputGoesOn(Throwable failure) {
            byte[] good = (line("a", ",\"op\":\"isCRIO\"") + "\n").getBytes(StandardCharsets.UTF_8);
            InputStream endless =
                    new InputStream() {
                        private int at;

                        @Override
                        public int read() {
                            return good[at++ % good.length];
                        }

                        @Override
                        public int read(byte[] bytes, int offset, int length) {
                            for (int i = 0; i < length; i++) {
                                bytes[offset + i] = good[at];
                                at = (at + 1) % good.length;
                            }
                            return length;
                        }
                    };
            OutputStream once =
                    new ByteArrayOutputStream() {
                        private boolean failed;

                        @Override
                        public synchronized void write(byte[] bytes, int offset, int length) {
                            if (!failed) {
                                failed = true;
                                throw sneaky(failure);
                            }
                        }
                    };

            Ran ran = run(endless, once);

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).contains("the batch cannot go on: ").hasLineCount(1);
        }
    }

    @Nested
    final class Operations {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        containerType   | "single_container"
                        isCRIO          | {"IsCRIO":false}
                        configPath      | {"ConfigPath":""}
                        sandboxSizing   | {"CPUs":0,"MemMB":0}
                        containerSizing | {"CPUs":0,"MemMB":0}
                        """)
        void thatNeedNoConfiguration(String operation, String result) {
            Ran ran =
                    Ran.with(
                            Map.of(),
                            line("a", ",\"op\":\"" + operation + "\""),
                            "plan",
                            "--batch",
                            "-");

            assertThat(ran.out()).isEqualTo("{\"name\":\"a\",\"result\":" + result + "}\n");
        }

        @Test
        void loadsAConfiguration() {
            Map<String, Object> answer =
                    answer(
                            "{\"name\":\"a\",\"op\":\"loadConfig\",\"toml\":"
                                    + quoted(TestBundle.CONFIGURATION)
                                    + "}");

            assertThat(answer.get("result").toString()).contains("MemorySize=512");
            assertThat(answer.get("resolved").toString()).endsWith("/configs/case.toml");
        }

        @Test
        void plansAsTheShimUnlessSaidOtherwise() {
            String toml = ",\"toml\":" + quoted(TestBundle.CONFIGURATION);

            Map<String, Object> created = JsonTree.object(answer(line("a", toml)).get("result"));
            Map<String, Object> sized =
                    JsonTree.object(
                            answer(
                                            line(
                                                    "a",
                                                    toml
                                                            + ",\"op\":\"sandbox\",\"sandboxCPUs\":3"
                                                            + ",\"sandboxMemMB\":4294967295"))
                                    .get("result"));

            assertThat(created)
                    .containsEntry("ContainerType", "single_container")
                    .containsKey("Sandbox");
            assertThat(sized.get("SandboxResources").toString())
                    .contains("WorkloadCPUs=3", "WorkloadMemMB=4294967295");
        }

        @ParameterizedTest
        @ValueSource(strings = {"true", "false"})
        void detachesWhereNobodyAskedForTheTerminal(String terminal) {
            String spec = TestBundle.SPEC.replace("\"terminal\":false", "\"terminal\":true");
            String asked =
                    "{\"spec\":"
                            + spec
                            + ",\"id\":\"x1\",\"bundle\":\"/b\",\"terminal\":"
                            + terminal
                            + ",\"toml\":"
                            + quoted(TestBundle.CONFIGURATION)
                            + "}";

            boolean detached = answer(asked).toString().contains("Detach=true");

            assertThat(detached).isEqualTo(terminal.equals("false"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        "console":"/dev/pts/1" | Console=/dev/pts/1
                        "systemdCgroup":true   | SystemdCgroup=true
                        "detach":true          | Detach=true
                        """)
        void createsAsTheLineSays(String member, String planned) {
            String rest = ",\"toml\":" + quoted(TestBundle.CONFIGURATION);

            assertThat(answer(line("a", rest)).toString()).doesNotContain(planned);
            assertThat(answer(line("a", rest + "," + member)).toString()).contains(planned);
        }

        @Test
        void staysAttachedWhereTheLineSaysSo() {
            String asked =
                    line("a", ",\"detach\":false,\"toml\":" + quoted(TestBundle.CONFIGURATION))
                            .replace("\"terminal\":false", "\"terminal\":true");

            assertThat(answer(asked).toString()).doesNotContain("Detach=true");
        }

        @Test
        void readsASpecificationInEachOfItsForms() {
            String base64 =
                    java.util.Base64.getEncoder()
                            .encodeToString(TestBundle.SPEC.getBytes(StandardCharsets.UTF_8));
            String rest = ",\"name\":\"a\",\"op\":\"container\",\"bundle\":\"/b\",\"id\":\"x1\"}";

            Object direct = answer("{\"spec\" : " + TestBundle.SPEC + rest);

            assertThat(answer("{\"specText\":" + quoted(TestBundle.SPEC) + rest)).isEqualTo(direct);
            assertThat(answer("{\"specBase64\":\"" + base64 + "\"" + rest)).isEqualTo(direct);
        }
    }

    @Nested
    final class ConfigurationFiles {

        @Test
        void lieBelowTheGivenDirectory() throws IOException {
            TestBundle.configuration(directory, TestBundle.CONFIGURATION);

            Map<String, Object> answer =
                    answer(
                            line("a", ",\"config\":\"configuration.toml\""),
                            "--config-dir",
                            directory.toString());

            assertThat(answer.get("result").toString()).contains("MemorySize=512");
        }

        @Test
        void areSaidToLieBelowTheRootWhereOneIsGiven() throws IOException {
            TestBundle.configuration(
                    directory, TestBundle.CONFIGURATION.replace("/boot/", "@ROOT@/boot/"));

            Map<String, Object> answer =
                    answer(
                            "{\"op\":\"loadConfig\",\"config\":\"configuration.toml\"}",
                            "--config-dir=" + directory,
                            "--substitute=@ROOT@=/nowhere/at all");

            assertThat(answer).containsEntry("resolved", "/nowhere/at all/configuration.toml");
            assertThat(answer.get("result").toString())
                    .contains("KernelPath=/nowhere/at all/boot/kernel");
        }

        @Test
        void thatAreMissingAreAProblemOfTheirLine() {
            Map<String, Object> answer =
                    answer(line("a", ",\"config\":\"none.toml\""), "--config-dir=" + directory);

            assertThat(answer.get("error").toString()).contains("none.toml");
        }

        @Test
        void mayBeOneForAllLines() throws IOException {
            Path file = TestBundle.configuration(directory, TestBundle.CONFIGURATION);

            assertThat(answer(line("a", ""), "--config", file.toString()).get("result").toString())
                    .contains("MemorySize=512");
        }

        @Test
        void areNotReplacedByABuiltInOneWhereThePathIsEmpty() {
            Map<String, Object> answer =
                    answer(
                            "{\"op\":\"loadConfig\",\"configPath\":\"\","
                                    + "\"defaults\":{\"sysconfPath\":\"/no/1\",\"configPath\":\"/no/2\"}}");

            assertThat(answer.get("error").toString()).contains("/no/1").contains("/no/2");
        }

        @Test
        void areNotKeptWhereTheirDescriptionIsLong() {
            String member = "\"toml\":" + quoted(TestBundle.CONFIGURATION);
            BatchCase.Configuration asked =
                    new BatchCase.Configuration(
                            Optional.empty(),
                            Optional.of(TestBundle.CONFIGURATION),
                            Optional.empty(),
                            Map.of("kernelPath", "x".repeat(1000), "none", "x"),
                            Optional.of(List.of(new Feature("", "", ""))),
                            1);

            assertThat(asked.length()).isGreaterThan(TestBundle.CONFIGURATION.length() + 1000L);
            StringBuilder in = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                in.append("{\"op\":\"loadConfig\",\"defaults\":{\"none")
                        .append(i)
                        .append("\":\"")
                        .append("x".repeat(1 << 20))
                        .append("\"},")
                        .append(member)
                        .append("}\n");
            }
            assertThat(answers(in.toString())).hasSize(20).allMatch(a -> a.containsKey("result"));
        }

        @Test
        void areKeptInBoundedNumber() {
            StringBuilder in = new StringBuilder();
            for (int i = 0; i < 2 * BatchConfigurations.MAX_KEPT; i++) {
                String toml = TestBundle.CONFIGURATION.replace("= 512", "= " + (512 + i));
                in.append("{\"op\":\"loadConfig\",\"toml\":").append(quoted(toml)).append("}\n");
            }

            List<Map<String, Object>> answers = answers(in.toString());

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get("result").toString())
                        .contains("MemorySize=" + (512 + i));
            }
        }
    }
}

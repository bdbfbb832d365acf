package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DispatcherTest {

    @Nested
    final class Usage {

        @Test
        void namesTheCommandsWhereNoneIsGiven() {
            Ran ran = Ran.of();

            assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err()).contains("no command given").contains("plan, explain, config");
            assertThat(ran.out()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        plann                     | unknown command "plann", did you mean plan?
                        --hepl                    | unknown option "--hepl"
                        config                    | "config" needs a second word, one of check, show, reference, template
                        config chek               | one of check, show, reference, template, did you mean check?
                        plan --bundel x           | unknown option --bundel, did you mean --bundle?
                        plan --bundle             | --bundle needs a value
                        plan --detach=yes         | --detach takes no value
                        plan --id a --id b        | --id is given twice
                        plan --detach --detach    | --detach is given twice
                        plan --host-cpus 0        | --host-cpus is "0", which is no number from 1 to 8192
                        plan --host-cpus many     | --host-cpus is "many", which is no number
                        plan --format jsn         | none of json, yaml, table, did you mean json?
                        plan stray                | unexpected argument "stray"
                        plan --substitute A=b     | means something only with --batch
                        plan --batch --id x       | --id means nothing with --batch: each line says it
                        plan --batch --substitute A  | which is not of the form TEXT=VALUE
                        plan --batch --substitute é=b | only printable ASCII
                        completion                | SHELL is missing, one of bash, zsh
                        completion fish           | SHELL is "fish", which is none of bash, zsh
                        help config chek          | unknown command "config chek"
                        help plan now             | unexpected argument "now"
                        config show --origins --format json | --origins is for tables only
                        """)
        void saysWhatIsNotUnderstood(String words, String complaint) {
            Ran ran = Ran.of(words.split(" "));

            assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err())
                    .startsWith("kumite: ")
                    .contains(complaint)
                    .contains("see: kumite");
            assertThat(ran.err().lines()).hasSizeLessThanOrEqualTo(2);
            assertThat(ran.out()).isEmpty();
        }

        @Test
        void keepsControlCharactersFromTheTerminal() {
            Ran ran = Ran.of("pl\u001b[31man");

            assertThat(ran.err()).contains("\\u001b[31m").doesNotContain("\u001b");
        }

        @Test
        void takesWhatFollowsTwoDashesForAnOperand() {
            Ran ran = Ran.of("config", "check", "--", "--strict");

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).contains("--strict");
        }
    }

    @Nested
    final class Helping {

        @ParameterizedTest
        @ValueSource(strings = {"--help", "-h", "help"})
        void listsAllCommands(String word) {
            Ran ran = Ran.of(word);

            assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
            for (Command command : Commands.all()) {
                assertThat(ran.out())
                        .contains("  " + command.name() + " ")
                        .contains(command.summary());
            }
            assertThat(ran.out()).contains("exit codes:");
        }

        @Test
        void showsAllThereIsToKnowAboutACommand() {
            for (Command command : Commands.all()) {
                String[] words = (command.name() + " --help").split(" ");
                Ran ran = Ran.of(words);

                assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
                assertThat(ran.out())
                        .contains("usage: kumite " + command.name())
                        .contains("exit codes:");
                assertThat(ran.out()).contains("example");
                for (Syntax.Option option : command.syntax().options()) {
                    String typed =
                            option.letter().isEmpty()
                                    ? "  --" + option.name()
                                    : "  -" + option.letter() + ", --" + option.name();
                    assertThat(ran.out()).contains(typed);
                }
                assertThat(Ran.of(("help " + command.name()).split(" ")).out())
                        .isEqualTo(ran.out());
            }
        }

        @Test
        void fitsTheTerminal() {
            for (Command command : Commands.all()) {
                assertThat(Ran.of((command.name() + " -h").split(" ")).outLines())
                        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
            }
        }

        @Test
        void listsTheCommandsOfAGroup() {
            assertThat(Ran.of("config", "--help").out())
                    .contains("config check")
                    .contains("config show");
            assertThat(Ran.of("help", "config").out()).isEqualTo(Ran.of("config", "-h").out());
        }

        @Test
        void hasAnExampleForEachCommandThatItUnderstands() {
            for (Command command : Commands.all()) {
                assertThat(command.syntax().examples()).isNotEmpty();
                for (Syntax.Example example : command.syntax().examples()) {
                    String arguments = example.arguments().replaceAll(" > .*", "");
                    assertThat(Commands.find(java.util.List.of(arguments.split(" "))))
                            .contains(command);
                    String rest = arguments.substring(command.name().length()).strip();
                    java.util.List<String> words =
                            rest.isEmpty()
                                    ? java.util.List.of()
                                    : java.util.List.of(rest.split(" "));
                    assertThat(ArgumentParser.parse(command.syntax(), words).verdict())
                            .isEqualTo(ArgumentParser.Verdict.UNDERSTOOD);
                }
            }
        }
    }

    @Nested
    final class Ending {

        private final ByteArrayOutputStream err = new ByteArrayOutputStream();

        private Exit run(OutputStream out, Map<String, String> environment) {
            Console console =
                    new Console(
                            java.io.InputStream.nullInputStream(),
                            Output.of(out),
                            Output.of(err),
                            environment::get);
            return Dispatcher.run(new String[] {"annotations"}, console);
        }

        @Test
        void isQuietWhereNobodyReads() {
            Exit code = run(FailingStreams.full("Broken pipe"), Map.of());

            assertThat(code).isEqualTo(ExitCode.NO_READER);
            assertThat(err.size()).isZero();
        }

        @Test
        void isNotQuietWhereTheDiskIsFull() {
            Exit code = run(FailingStreams.full("No space left on device"), Map.of());

            assertThat(code).isEqualTo(ExitCode.REFUSED);
            assertThat(err.toString(UTF_8))
                    .contains("cannot be written")
                    .contains("No space left on device");
        }

        @Test
        void saysADefectInOneLine() {
            Exit code = run(FailingStreams.broken(), Map.of());

            assertThat(code).isEqualTo(ExitCode.DEFECT);
            assertThat(err.toString(UTF_8).lines()).hasSize(1);
            assertThat(err.toString(UTF_8))
                    .startsWith("kumite: internal error: ")
                    .contains("KUMITE_DEBUG=1");
        }

        @Test
        void givesTheTraceWhereItIsAskedFor() {
            run(FailingStreams.broken(), Map.of("KUMITE_DEBUG", "1"));

            assertThat(err.toString(UTF_8)).contains("\tat dev.kumite.cli.");
        }
    }

    /** Streams that fail. */
    private static final class FailingStreams {

        static OutputStream full(String reason) {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException(reason);
                }
            };
        }

        static OutputStream broken() {
            return new OutputStream() {
                private boolean thrown;

                @Override
                public void write(int b) {
                    if (!thrown) {
                        thrown = true;
                        throw new IllegalStateException("a\nb");
                    }
                }
            };
        }
    }

    @Test
    void worksWithPrintStreamsToo() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int code =
                Main.run(
                        new String[] {"--help"},
                        new PrintStream(out, false, UTF_8),
                        new PrintStream(out, false, UTF_8));

        assertThat(code).isZero();
        assertThat(out.toString(UTF_8)).contains("commands:");
    }
}

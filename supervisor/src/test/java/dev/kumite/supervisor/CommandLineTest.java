package dev.kumite.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {

    @Test
    void understandsWhatConmonWritesToCreate() {
        CommandLine line =
                parse(
                        "--log-format=json --log /run/oci-log create --bundle /b/userdata --pid-file /b/pidfile"
                                + " --console-socket /tmp/conmon-term.X --no-pivot --no-new-keyring abc");

        assertThat(line)
                .isEqualTo(
                        new CommandLine(
                                Optional.of("/run/oci-log"),
                                true,
                                false,
                                new Verb.Create(
                                        "abc",
                                        "/b/userdata",
                                        Optional.of("/b/pidfile"),
                                        Optional.of("/tmp/conmon-term.X"))));
    }

    @Test
    void understandsWhatContainerdsShimWrites() {
        String globals =
                "--root /run/containerd/runc/default --log /b/log.json --log-format json --systemd-cgroup ";

        assertThat(parse(globals + "create --bundle /b --pid-file /b/init.pid x").verb())
                .isEqualTo(
                        new Verb.Create("x", "/b", Optional.of("/b/init.pid"), Optional.empty()));
        assertThat(parse(globals + "kill --all x 9").verb()).isEqualTo(new Verb.Kill("x", 9, true));
        assertThat(parse(globals + "update --resources - x").verb())
                .isEqualTo(new Verb.Update("x", Optional.of("-"), List.of()));
        assertThat(parse(globals + "ps --format json x").verb()).isEqualTo(new Verb.Ps("x", true));
        assertThat(parse(globals + "delete --force x").verb())
                .isEqualTo(new Verb.Delete("x", true));
        assertThat(parse(globals + "start x").systemdCgroup()).isTrue();
    }

    @Test
    void understandsWhatPodmanWrites() {
        assertThat(parse("kill abc 15").verb()).isEqualTo(new Verb.Kill("abc", 15, false));
        assertThat(parse("update --resources=/var/tmp/podman1 abc").verb())
                .isEqualTo(new Verb.Update("abc", Optional.of("/var/tmp/podman1"), List.of()));
        assertThat(
                        parse(
                                        "exec --pid-file /p --process /j --detach --tty --console-socket /s abc")
                                .verb())
                .isEqualTo(
                        new Verb.Exec(
                                "abc",
                                new Verb.Program.Described("/j", true),
                                Optional.of("/p"),
                                Optional.of("/s"),
                                true));
        assertThat(parse("state abc").verb()).isEqualTo(new Verb.State("abc"));
        assertThat(parse("pause abc").verb()).isEqualTo(new Verb.Pause("abc"));
        assertThat(parse("resume abc").verb()).isEqualTo(new Verb.Resume("abc"));
    }

    @Test
    void leavesTheOptionsOfAProgramToTheProgram() {
        assertThat(parse("exec -e A=1 --cwd=/tmp -u 1:2 abc ls -d --process").verb())
                .isEqualTo(
                        new Verb.Exec(
                                "abc",
                                new Verb.Program.Named(
                                        List.of("ls", "-d", "--process"),
                                        List.of("A=1"),
                                        Optional.of("/tmp"),
                                        Optional.of("1:2"),
                                        false),
                                Optional.empty(),
                                Optional.empty(),
                                false));
    }

    @Test
    void takesSignalsByNameAndTermWhereNoneIsGiven() {
        assertThat(parse("kill abc SIGUSR1").verb()).isEqualTo(new Verb.Kill("abc", 10, false));
        assertThat(parse("kill -s usr1 abc").verb()).isEqualTo(new Verb.Kill("abc", 10, false));
        assertThat(parse("kill abc").verb()).isEqualTo(new Verb.Kill("abc", 15, false));
    }

    @Test
    void takesAFlagThatIsSwitchedOff() {
        assertThat(parse("delete --force=false abc").verb())
                .isEqualTo(new Verb.Delete("abc", false));
        assertThat(parse("events --stats abc").verb()).isEqualTo(new Verb.Events("abc"));
    }

    @Test
    void collectsSingleLimits() {
        Verb verb =
                parse("update --memory 1000 --pids-limit 5 --cpu-quota=20000 --cpuset-cpus 0-1 x")
                        .verb();

        assertThat(LimitOptions.json(((Verb.Update) verb).limits()))
                .isEqualTo(
                        "{\"pids\":{\"limit\":5},\"cpu\":{\"quota\":20000,\"cpus\":\"0-1\"},\"memory\":{\"limit\":1000}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--root",
                "frobnicate x",
                "create",
                "create a b",
                "create --no-such-option a",
                "create --preserve-fds 2 a",
                "create --config other.json a",
                "create --bundle",
                "kill",
                "kill a NOSIG",
                "kill a 99",
                "kill a 1 2",
                "exec",
                "exec a",
                "holder-signal 1",
                "holder-signal a b",
                "ps"
            })
    void refusesWhatItDoesNotUnderstand(String line) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOfSatisfying(
                        SupervisorException.class,
                        e ->
                                assertThat(e.category())
                                        .isEqualTo(SupervisorException.Category.USAGE));
    }

    @Test
    void refusesLimitsThatAreNone() {
        assertThatThrownBy(() -> LimitOptions.json(List.of(new Verb.Limit("memory", "much"))))
                .hasMessage("update: --memory \"much\" is no number");
        assertThatThrownBy(() -> LimitOptions.json(List.of(new Verb.Limit("cpuset-cpus", "\"}"))))
                .hasMessageContaining("is no list");
    }

    @Test
    void knowsWhereErrorsGoEvenIfTheRestIsWrong() {
        assertThat(CommandLine.logging(words("--log /l --log-format json nonsense --x")))
                .isEqualTo(new CommandLine.Logging(Optional.of("/l"), true));
        assertThat(CommandLine.logging(words("--what")))
                .isEqualTo(new CommandLine.Logging(Optional.empty(), false));
    }

    private static CommandLine parse(String line) {
        return CommandLine.parse(words(line));
    }

    private static List<String> words(String line) {
        return line.isEmpty() ? List.of() : List.of(line.split(" "));
    }
}

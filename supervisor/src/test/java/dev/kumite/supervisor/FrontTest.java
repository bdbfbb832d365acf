package dev.kumite.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumite.linux.Children;
import dev.kumite.linux.Fd;
import dev.kumite.linux.Pipe;
import dev.kumite.linux.Signals;
import dev.kumite.linux.Terminal;
import dev.kumite.linux.UnixServer;
import dev.kumite.supervisor.FrontHarness.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FrontTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;
    private FrontHarness front;

    @BeforeEach
    void open() throws IOException {
        front = new FrontHarness(directory);
    }

    @AfterEach
    void close() throws InterruptedException {
        front.close();
    }

    @Test
    void aContainerGoesFromCreatedToRemoved() throws Exception {
        Path bundle = front.bundle("b", "read line; echo out $line; echo err >&2; exit 3", false);
        Path input = Files.writeString(directory.resolve("input"), "text\n");
        Path pid = directory.resolve("pid");
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");

        Process create =
                front.start(
                        input,
                        out,
                        err,
                        "create",
                        "-b",
                        bundle.toString(),
                        "--pid-file",
                        "pid",
                        "c");
        assertThat(create.waitFor()).isZero();
        assertThat(front.run("state", "c").out())
                .contains("\"status\":\"created\"", "\"pid\":" + Files.readString(pid), "\"key\"");
        assertThat(front.run("start", "c")).isEqualTo(new Result(0, "", ""));

        assertThat(FrontHarness.reap(pid)).isEqualTo(3);
        assertThat(front.run("state", "c").out()).contains("\"status\":\"stopped\"");
        assertThat(out).hasContent("out text");
        assertThat(err).hasContent("err");
        assertThat(front.run("kill", "c", "9"))
                .isEqualTo(new Result(1, "", "container not running\n"));
        assertThat(front.run("kill", "--all", "c", "9").code()).isZero();
        assertThat(front.run("delete", "c")).isEqualTo(new Result(0, "", ""));
        assertThat(front.run("state", "c"))
                .isEqualTo(new Result(1, "", "container \"c\" does not exist\n"));
        assertThat(front.run("delete", "--force", "c")).isEqualTo(new Result(0, "", ""));
        assertThat(front.run("delete", "c").code()).isEqualTo(1);
    }

    @Test
    void signalsReachTheProgramThroughCommandsAndThroughTheHolder() throws Exception {
        Path out = directory.resolve("out");
        Path pid =
                started(
                        "c",
                        "trap 'echo usr1' USR1; trap 'echo int' INT; trap 'exit 7' TERM; echo up;"
                                + " while :; do sleep 0.05; done",
                        out);

        assertThat(front.run("kill", "c", "USR1").code()).isZero();
        FrontHarness.await(out, "usr1");
        FrontHarness.signal(pid, Signals.INT);
        FrontHarness.await(out, "int");
        FrontHarness.signal(pid, Signals.TERM);
        assertThat(FrontHarness.reap(pid)).isEqualTo(7);
    }

    @Test
    void theDeathOfTheHolderEndsTheProgram() throws Exception {
        Path out = directory.resolve("out");
        Path pid = started("c", "echo up; exec sleep 1000", out);

        FrontHarness.signal(pid, Signals.KILL);

        assertThat(FrontHarness.reap(pid)).isEqualTo(128 + Signals.KILL);
        FrontHarness.await(front.root.resolve(".oci/c/state"), "stopped");
        assertThat(front.run("delete", "c").code()).isZero();
    }

    @Test
    void theDeathOfTheHolderEndsAlsoWhatWasNotStarted() throws Exception {
        Path bundle = front.bundle("b", "true", false);
        Path nothing = Path.of("/dev/null");
        Process create =
                front.start(
                        nothing,
                        nothing,
                        nothing,
                        "create",
                        "-b",
                        bundle.toString(),
                        "--pid-file",
                        "pid",
                        "c");
        assertThat(create.waitFor()).isZero();

        FrontHarness.signal(directory.resolve("pid"), Signals.KILL);

        FrontHarness.await(front.root.resolve(".oci/c/state"), "stopped");
        assertThat(front.run("start", "c").err()).contains("it is stopped, not created");
    }

    private Path created(String id, String network) throws Exception {
        Path config = front.bundle(id, "exec sleep 1000", false).resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(
                                "\"root\":",
                                "\"linux\": {\"namespaces\": [{\"type\": \"network\""
                                        + network
                                        + "}]}, \"root\":"));
        Result create = front.run("create", "-b", id, "--pid-file", id + ".pid", id);
        assertThat(create).isEqualTo(new Result(0, "", ""));
        return Path.of("/proc/" + Files.readString(directory.resolve(id + ".pid")) + "/ns/net");
    }

    @Test
    void holdersAreInTheContainersNetwork() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "needs root: it makes a namespace");
        Path own = Path.of("/proc/self/ns/net");

        Path first = created("first", "");
        Path second = created("second", ", \"path\": \"" + first + "\"");
        Path third =
                created(
                        "third",
                        ", \"path\": \"/proc/" + ProcessHandle.current().pid() + "/ns/net" + "\"");

        assertThat(Files.readSymbolicLink(first)).isNotEqualTo(Files.readSymbolicLink(own));
        assertThat(Files.readSymbolicLink(second)).isEqualTo(Files.readSymbolicLink(first));
        assertThat(Files.readSymbolicLink(third)).isEqualTo(Files.readSymbolicLink(own));
        // It still does what holders do.
        assertThat(front.run("start", "second").code()).isZero();
        FrontHarness.signal(directory.resolve("second.pid"), Signals.TERM);
        assertThat(FrontHarness.reap(directory.resolve("second.pid")))
                .isEqualTo(128 + Signals.TERM);
    }

    @Test
    void furtherProgramsHaveHoldersOfTheirOwn() throws Exception {
        Path out = directory.resolve("out");
        started("c", "echo up; exec sleep 1000", out);

        Result exec = front.run("exec", "c", "sh", "-c", "echo more; exit 5");
        assertThat(exec).isEqualTo(new Result(5, "more\n", ""));

        Files.writeString(
                directory.resolve("process.json"),
                "{\"args\": [\"sleep\", \"1000\"], \"cwd\": \"/\", \"user\": {\"uid\": 0, \"gid\": 0}}");
        Path nothing = Path.of("/dev/null");
        Process detached =
                front.start(
                        nothing,
                        nothing,
                        nothing,
                        "exec",
                        "--process",
                        "process.json",
                        "--detach",
                        "--pid-file",
                        "exec.pid",
                        "c");
        assertThat(detached.waitFor()).isZero();
        String pid = Files.readString(directory.resolve("exec.pid"));
        assertThat(front.run("ps", "--format", "json", "c").out()).endsWith("," + pid + "]\n");
        assertThat(front.run("ps", "c").out()).startsWith("PID\n").endsWith("\n" + pid + "\n");
        FrontHarness.signal(directory.resolve("exec.pid"), Signals.TERM);
        assertThat(FrontHarness.reap(directory.resolve("exec.pid"))).isEqualTo(128 + Signals.TERM);

        assertThat(front.run("exec", "c", "/no/such/program").err())
                .contains("executable file `/no/such/program` not found");
        assertThat(front.run("delete", "--force", "c").code()).isZero();
    }

    @Test
    void aContainerThatIsBeingMadeCanBeRemoved() throws Exception {
        front.machines.booted = new CountDownLatch(1);
        front.bundle("c", "echo up", false);
        Path nothing = Path.of("/dev/null");
        Path words = directory.resolve("words");
        Process create = front.start(nothing, nothing, words, "create", "--bundle", "c", "c");
        FrontHarness.await(front.root.resolve(".oci/c/state"), "creating");

        assertThat(front.run("delete", "--force", "c").code()).isZero();

        assertThat(create.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(create.exitValue()).isEqualTo(1);
        assertThat(words).hasContent("the container was deleted");
        assertThat(front.root.resolve(".oci/c")).doesNotExist();
    }

    @Test
    void theDeathOfACommandEndsTheProgramThatItWaitsFor() throws Exception {
        Path out = directory.resolve("out");
        started("c", "echo up; exec sleep 1000", out);
        Path words = directory.resolve("words");
        Process exec =
                front.start(
                        Path.of("/dev/null"),
                        words,
                        Path.of("/dev/null"),
                        "exec",
                        "c",
                        "sh",
                        "-c",
                        "echo in; exec sleep 1000");
        FrontHarness.await(words, "in");
        List<String> pids = front.run("ps", "c").out().lines().toList();

        exec.destroyForcibly().waitFor();

        assertThat(Children.reap(Integer.parseInt(pids.getLast()), Duration.ofSeconds(60)))
                .map(Children.Exit::shellCode)
                .contains(128 + Signals.KILL);
        assertThat(front.run("state", "c").out()).contains("running");
        assertThat(front.run("delete", "--force", "c").code()).isZero();
    }

    @Test
    void aTerminalIsSentToWhoeverListensAndChangesOfItsSizeArePassedOn() throws Exception {
        Path out = directory.resolve("sizes");
        Path bundle =
                front.bundle(
                        "b", "read x; stty size > " + out + "; read x; stty size >> " + out, true);
        Path nothing = Path.of("/dev/null");
        try (UnixServer console = UnixServer.listen(directory.resolve("console"), 0600)) {
            Process create =
                    front.start(
                            nothing,
                            nothing,
                            directory.resolve("err"),
                            "create",
                            "-b",
                            bundle.toString(),
                            "--pid-file",
                            "pid",
                            "--console-socket",
                            "console",
                            "c");
            try (Fd master = Terminal.receive(console, PATIENCE)) {
                assertThat(create.waitFor()).isZero();
                Terminal.resize(master, new Terminal.Size(20, 70));
                assertThat(front.run("start", "c")).isEqualTo(new Result(0, "", ""));
                LocalMachines.LocalProcess process =
                        (LocalMachines.LocalProcess) front.machines.guests.get("c").process();
                awaitSize(process, new Terminal.Size(20, 70));
                master.write(enter());
                FrontHarness.await(out, "20 70");
                Terminal.resize(master, new Terminal.Size(30, 90));
                awaitSize(process, new Terminal.Size(30, 90));
                master.write(enter());
                FrontHarness.await(out, "30 90");
                assertThat(FrontHarness.reap(directory.resolve("pid"))).isZero();
            }
        }
    }

    private static ByteBuffer enter() {
        return ByteBuffer.wrap("\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static void awaitSize(LocalMachines.LocalProcess process, Terminal.Size size) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (Pipe never = Pipe.open()) {
            while (!Terminal.size(process.master()).equals(size) && System.nanoTime() < end) {
                never.reader().awaitReadable(Duration.ofMillis(20));
            }
        }
    }

    @Test
    void pausedContainersAreNotEntered() throws Exception {
        started("c", "echo up; exec sleep 1000", directory.resolve("out"));

        assertThat(front.run("pause", "c").code()).isZero();
        assertThat(front.run("state", "c").out()).contains("\"status\":\"paused\"");
        assertThat(front.run("exec", "c", "true").err())
                .isEqualTo("cannot exec in container c: it is paused, not running\n");
        assertThat(front.run("resume", "c").code()).isZero();
        assertThat(front.run("resume", "c").code()).isEqualTo(1);
        assertThat(front.run("update", "--memory", "1000000", "c"))
                .isEqualTo(new Result(0, "", ""));
        Files.writeString(directory.resolve("limits"), "{\"pids\":{\"limit\":7}}");
        assertThat(front.run(directory.resolve("limits"), "update", "--resources", "-", "c").code())
                .isZero();
        assertThat(front.run("update", "--resources", "limits", "c").code()).isZero();
        assertThat(front.run("delete", "c").err())
                .isEqualTo("cannot delete container c that is not stopped: running\n");
    }

    @Test
    void aFailureIsOneRecordInTheLogAndALineOnStandardError() throws Exception {
        Result result =
                front.run(
                        "--log",
                        "log",
                        "--log-format",
                        "json",
                        "create",
                        "--bundle",
                        "/no/such",
                        "c");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("/no/such").endsWith("\n").hasLineCount(1);
        assertThat(Files.readString(directory.resolve("log")))
                .startsWith("{\"level\":\"error\",\"msg\":\"")
                .endsWith("Z\"}\n")
                .hasLineCount(1);
        assertThat(front.run("--log", "other", "--log-format=json", "start", "gone").code())
                .isEqualTo(1);
        assertThat(Files.readString(directory.resolve("other")))
                .startsWith(
                        "{\"level\":\"error\",\"msg\":\"container \\\"gone\\\" does not exist\"");
    }

    @Test
    void namesAndTerminalsThatCannotBeAreRefused() throws Exception {
        Path plain = front.bundle("plain", "true", false);
        Path terminal = front.bundle("terminal", "true", true);

        assertThat(front.run("create", "-b", plain.toString(), "a b").err())
                .contains("invalid container id \"a b\"");
        assertThat(front.run("create", "-b", terminal.toString(), "c").err())
                .contains("cannot allocate tty");
        assertThat(front.run("create", "-b", plain.toString(), "--console-socket", "s", "c").err())
                .contains("has no terminal");
        assertThat(
                        front.run(
                                        "create",
                                        "-b",
                                        plain.toString(),
                                        "--pid-file",
                                        "/no/such/pid",
                                        "c")
                                .err())
                .contains("cannot write the pid");
        started("c", "echo up; exec sleep 1000", directory.resolve("out"));
        assertThat(front.run("create", "-b", plain.toString(), "c").err())
                .isEqualTo("container with id exists: c\n");
    }

    /** Starts a container and waits until it has written "up". */
    private Path started(String id, String script, Path out) throws Exception {
        Path bundle = front.bundle("bundle-" + id, script, false);
        Path pid = directory.resolve("pid-" + id);
        Process create =
                front.start(
                        Path.of("/dev/null"),
                        out,
                        directory.resolve("err-" + id),
                        "create",
                        "-b",
                        bundle.toString(),
                        "--pid-file",
                        pid.toString(),
                        id);
        assertThat(create.waitFor()).isZero();
        assertThat(front.run("start", id)).isEqualTo(new Result(0, "", ""));
        FrontHarness.await(out, "up");
        return pid;
    }
}

package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.ttrpc.StatusCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SmallThingsTest {

    @Nested
    final class Mounting {

        private static final Path PLACE = Path.of("/place");

        @Test
        void isOneCommandForAFileSystem() {
            assertThat(MountRequest.of("tag", PLACE, "virtiofs", List.of("nodev", "")).commands())
                    .containsExactly(
                            List.of("mount", "-t", "virtiofs", "-o", "nodev", "tag", "/place"));
            assertThat(MountRequest.of("", PLACE, "tmpfs", List.of()).commands())
                    .containsExactly(List.of("mount", "-t", "tmpfs", "tmpfs", "/place"));
        }

        @Test
        void needsASecondOneForTheFlagsOfABind() {
            assertThat(
                            MountRequest.of("/a", PLACE, "bind", List.of("rbind", "ro", "nosuid"))
                                    .commands())
                    .containsExactly(
                            List.of("mount", "-o", "rbind", "/a", "/place"),
                            List.of("mount", "-o", "remount,bind,ro,nosuid", "/a", "/place"));
            assertThat(MountRequest.of("/a", PLACE, "", List.of("bind")).commands()).hasSize(1);
        }
    }

    @Nested
    final class MessagesOfCrun {

        @Test
        void becomeThoseOfRunc() {
            assertThat(
                            Crun.translate(
                                    "executable file `x` not found in $PATH: No such file or"
                                            + " directory"))
                    .hasMessage("exec: \"x\": executable file not found in $PATH")
                    .satisfies(e -> assertThat(e.status()).isEqualTo(StatusCode.NOT_FOUND));
            assertThat(Crun.translate("executable file `/x` not found in $PATH: No"))
                    .hasMessage("exec: \"/x\": stat /x: no such file or directory");
        }

        @Test
        void tellWhatIsForbidden() {
            assertThat(Crun.translate("open executable: Permission denied").status())
                    .isEqualTo(StatusCode.PERMISSION_DENIED);
            assertThat(Crun.translate("mount `x`: Invalid argument"))
                    .hasMessage("mount `x`: Invalid argument");
        }

        @Test
        void areTheLastLineOfItsLog(@TempDir Path directory) throws IOException {
            Path log = Files.writeString(directory.resolve("log"), "warning\nit\tfailed\n\n");

            assertThat(Crun.failure(log, 1)).hasMessage("it failed");
            assertThat(Crun.failure(directory.resolve("none"), 7))
                    .hasMessage("crun exited with code 7 and did not say why");
        }
    }

    @Test
    void knowsWhichSignalsAProcessCatches() {
        String status = "Name:\tx\nSigCgt:\t0000000000004002\nCapInh:\t0\n";

        assertThat(Signalling.catches(status, 15)).isTrue();
        assertThat(Signalling.catches(status, 2)).isTrue();
        assertThat(Signalling.catches(status, 1)).isFalse();
        assertThat(Signalling.catches("", 15)).isTrue();
    }

    @Test
    void writesPermissionsAsLetters() {
        assertThat(Modes.text("0750")).isEqualTo("rwxr-x---");
        assertThat(Modes.text(0777)).isEqualTo("rwxrwxrwx");
        assertThatThrownBy(() -> Modes.text("x")).hasMessageContaining("octal");
    }

    @Test
    void makesOneLineOfMany() {
        assertThat(OneLine.of(" a\n\tb\u0001c  ")).isEqualTo("a b c");
        assertThat(OneLine.of("x".repeat(10_000))).hasSizeLessThan(5000);
    }

    @Test
    void readsFilesOfKeysAndNumbers() {
        assertThat(Keyed.value("oom 1\noom_kill 2\n", "oom")).isEqualTo(1);
        assertThat(Keyed.value("oom 1\noom_kill 2", "oom_kill")).isEqualTo(2);
        assertThat(Keyed.value("a b\n", "a")).isZero();
        assertThat(Keyed.value("", "a")).isZero();
        assertThat(Keyed.number("max")).isEqualTo(Long.MAX_VALUE);
        assertThat(Keyed.colonValue("A: 1\nB: 2 kB\n", "B")).isEqualTo(2);
        assertThat(Keyed.colonValue("A: 1\n", "A")).isEqualTo(1);
        assertThat(Keyed.colonValue("A: 1\n", "C")).isZero();
    }

    @Test
    void namesAreCheckedBeforeTheyBecomePaths() {
        assertThat(Names.container("a1-b_c.d+e")).isEqualTo("a1-b_c.d+e");
        for (String bad : new String[] {"", ".", "../a", "a/b", "-a", "a b", "x".repeat(241)}) {
            assertThatThrownBy(() -> Names.process(bad)).hasMessageContaining("exec id");
        }
    }

    @Test
    void logsWhatTheLevelAllows() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Log log = new Log(Log.Level.WARN, new PrintStream(bytes, true, StandardCharsets.UTF_8));

        log.error("e");
        log.warn("w\nx");
        log.info("i");
        log.debug("d");

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .matches("\\[\\d+\\.\\d{3}\\] agent: error: e\n\\[.*\\] agent: warning: w x\n");
        assertThat(log.isDebug()).isFalse();
    }

    @Test
    void findsTheHooksOfTheGuest(@TempDir Path directory) throws IOException {
        Path prestart = Files.createDirectories(directory.resolve("prestart"));
        Files.createFile(prestart.resolve("notes"));
        for (String name : List.of("b", "a")) {
            Files.setAttribute(Files.createFile(prestart.resolve(name)), "unix:mode", 0755);
        }

        assertThat(GuestHooks.in(directory.toString()).getPrestartList())
                .extracting(hook -> hook.getPath())
                .containsExactly(prestart + "/a", prestart + "/b");
        assertThat(GuestHooks.in("").getPrestartList()).isEmpty();
    }

    @Test
    void refusesKernelParametersThatLeadElsewhere() {
        assertThatThrownBy(() -> GuestSetup.setKernelParameters(java.util.Map.of("net.../x", "1")))
                .hasMessageContaining("no kernel parameter");
    }

    @Test
    void trainsWithoutPrivileges(@TempDir Path directory) throws IOException {
        Training.run(directory, new Log(Log.Level.ERROR, System.err));

        assertThat(directory.resolve("run/training")).doesNotExist();
    }

    @Test
    void tellsTheEndsOfPipes() throws IOException {
        ProcessPipe pipe = ProcessPipe.open();

        Files.writeString(pipe.writeEnd().toPath(), "through");
        pipe.channels().sink().close();

        assertThat(Files.readString(pipe.readEnd().toPath())).isEqualTo("through");
        pipe.channels().source().close();
    }

    @Test
    void killsToolsThatTakeTooLong() {
        assertThatThrownBy(() -> Command.run(List.of("/bin/sleep", "50"), 0))
                .hasMessageContaining("did not end");
        assertThatThrownBy(() -> Command.require(List.of("/bin/false"), 9, "cannot x"))
                .hasMessage("cannot x: /bin/false exited with code 1");
        assertThatThrownBy(() -> Command.run(List.of("/nonexistent"), 9))
                .hasMessageContaining("cannot start /nonexistent");
    }
}

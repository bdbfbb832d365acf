package dev.kumite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumite.guestimage.GuestManifest;
import dev.kumite.vectors.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands around machines do where there is none. */
final class EngineCommandsTest {

    @TempDir private Path directory;

    private Ran kumite(String... words) {
        return Ran.with(Map.of("KUMITE_GUEST", "", "HOME", directory.toString()), "", words);
    }

    private String root() {
        return directory.resolve("root").toString();
    }

    @Nested
    final class WithoutAnySandbox {

        @Test
        void listsNone() {
            assertThat(kumite("list", "--root", root()).outLines())
                    .singleElement()
                    .asString()
                    .startsWith("ID ");
            assertThat(kumite("list", "--root", root(), "-q").out()).isEmpty();
            assertThat(kumite("list", "--root", root(), "--format", "json").out())
                    .isEqualTo("[]\n");
        }

        @Test
        void releasesNothing() {
            Ran ran = kumite("gc", "--root", root());

            assertThat(ran).isEqualTo(new Ran(ExitCode.DONE, "", ""));
        }

        @Test
        void countsNothing() {
            Ran ran = kumite("metrics", "--root", root());

            assertThat(ran.out())
                    .isEqualTo(
                            """
                            # TYPE kata_monitor_running_shim_count gauge
                            kata_monitor_running_shim_count 0
                            """);
        }

        @ParameterizedTest
        @CsvSource({"logs,1", "ps,1", "exec,255"})
        void saysThatThereIsNoneOfThatName(String command, int code) {
            Ran ran =
                    command.equals("exec")
                            ? kumite(command, "--root", root(), "nobody", "true")
                            : kumite(command, "--root", root(), "nobody");

            assertThat(ran.exitCode().number()).isEqualTo(code);
            assertThat(ran.err()).startsWith("kumite: error: ").contains("nobody");
            assertThat(ran.out()).isEmpty();
        }
    }

    @Nested
    final class Exec {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        exec web                         | COMMAND is missing, or --process
                        exec --process p web true        | --process says what is run
                        exec --process p -u 1 web        | --process says all
                        exec -u nobody web true          | --user is "nobody", which is not of the form UID[:GID]
                        exec -u 1: web true              | --user is "1:"
                        exec -e A web true               | which is not of the form NAME=VALUE
                        exec                             | ID is missing
                        exec ../x true                   | ID is "../x", but an id has
                        """)
        void saysWhatIsNotUnderstood(String words, String complaint) {
            Ran ran = kumite(words.split(" "));

            assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err()).contains(complaint);
        }

        @Test
        void leavesTheProgramsOwnOptionsAlone() {
            Ran ran =
                    kumite(
                            "exec", "--root", root(), "-e", "A=b", "-u", "1:2", "web", "ls",
                            "--help");

            assertThat(ran.exitCode().number()).isEqualTo(255);
            assertThat(ran.err()).contains("web");
        }

        @Test
        void refusesAProcessThatItCannotRead() throws IOException {
            Path file = directory.resolve("process.json");

            assertThat(exec(file).err()).contains("cannot be read");
            Files.writeString(file, "{\"args\":1}");
            assertThat(exec(file).err()).contains("process.json:1:").contains("args");
            Files.writeString(file, "{\"cwd\":\"/\"}");
            assertThat(exec(file).err()).contains("args is empty");
            Files.writeString(file, "{\"args\":[\"true\"],\"cwd\":\"/\"}");
            assertThat(exec(file).err()).contains("web");
        }

        private Ran exec(Path file) {
            Ran ran = kumite("exec", "--root", root(), "-t", "--process", file.toString(), "web");
            assertThat(ran.exitCode().number()).isEqualTo(255);
            return ran;
        }
    }

    @Nested
    final class Run {

        @Test
        void refusesWhatCannotBePlanned() throws IOException {
            Path bundle =
                    TestBundle.create(
                            directory,
                            "bundle",
                            TestBundle.spec(
                                    "\"io.katacontainers.config.hypervisor.default_vcpus\":\"x\""));

            assertThat(kumite("run", "-b", directory + "/none").err())
                    .contains("no such directory");
            Ran ran = kumite("run", "-b", bundle.toString(), "--root", root(), "web");

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).contains("default_vcpus").contains(": error: ");
            assertThat(Path.of(root())).doesNotExist();
        }

        @Test
        void saysThatTheGuestIsNotThere() throws IOException {
            Path bundle = TestBundle.create(directory, "bundle", TestBundle.SPEC);

            Ran ran = kumite("run", "-b", bundle.toString(), "--guest", root(), "--root", root());

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).contains("there is no guest").contains("kumite guest build");
        }

        @Test
        void saysWhichStepOfAStartFailedAndKeepsTheRecord() throws IOException {
            assumeTrue(
                    Files.isWritable(Path.of("/proc/sysrq-trigger")),
                    "files are bound by root only");
            Path bundle = TestBundle.create(directory, "bundle", TestBundle.SPEC);
            Files.createDirectory(bundle.resolve("rootfs"));
            Path kernel = Files.writeString(directory.resolve("kernel"), "no kernel");
            Path toml =
                    TestBundle.configuration(
                            directory,
                            TestBundle.CONFIGURATION
                                    .replace("/usr/bin/qemu-system-x86_64", "/bin/false")
                                    .replace("/boot/kernel", kernel.toString())
                                    .replace("/boot/image", kernel.toString()));

            Ran ran =
                    kumite(
                            "run",
                            "-b",
                            bundle.toString(),
                            "--config",
                            toml.toString(),
                            "--root",
                            root(),
                            "--timings",
                            "web");

            assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err())
                    .contains("the start failed in step \"")
                    .contains("kumite logs --root " + root() + " web");
            Ran logs = kumite("logs", "--root", root(), "-f", "web");
            assertThat(logs.exitCode()).isEqualTo(ExitCode.DONE);
            assertThat(logs.out()).contains(" runtime ");
            assertThat(kumite("list", "--root", root(), "-q").out()).isEmpty();
        }

        @Test
        void refusesAPlaceForThePidThatIsNone() throws IOException {
            Path bundle = TestBundle.create(directory, "bundle", TestBundle.SPEC);

            Ran ran = kumite("run", "-b", bundle.toString(), "--pid-file", directory + "/no/pid");

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).contains("/no/pid: there is no directory that can be written");
        }

        @Test
        void takesAnIdThatCanBeOne() {
            assertThat(kumite("run", "../web").err()).contains("ID is \"../web\", but an id has");
        }
    }

    @Nested
    final class Check {

        @Test
        void saysWhatIsMissingAndWhatToDo() throws IOException {
            Path toml =
                    TestBundle.configuration(
                            directory,
                            TestBundle.CONFIGURATION.replace(
                                    "/usr/bin/qemu-system-x86_64", "/no/such/qemu"));

            Ran ran = kumite("check", "--config", toml.toString());

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.out()).contains("missing qemu").contains("install qemu-system-x86");
        }

        @Test
        void tellsPrograms() {
            Object lines = JsonTree.parse(kumite("check", "--format", "json").out());

            assertThat((List<?>) lines)
                    .allSatisfy(line ->
                            assertThat(((Map<?, ?>) line).get("state"))
                                    .isIn("ok", "limited", "missing"));
        }

        @Test
        void knowsThatTheGuestIsBuiltOnNeed() {
            Ran ran = kumite("check");

            assertThat(ran.out()).doesNotContain("missing guest");
        }
    }

    @Nested
    final class Guest {

        @Test
        void isShown() throws IOException {
            Files.writeString(directory.resolve("vmlinuz"), "k");
            GuestManifest manifest =
                    new GuestManifest(
                            "amd64",
                            "6.1.0-1-cloud-amd64",
                            "25.0.3",
                            List.of(new GuestManifest.PackageEntry("crun", "1.8.1", "amd64", "ab")),
                            List.of(
                                    new GuestManifest.FileEntry(
                                            "vmlinuz",
                                            1,
                                            "8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a")),
                            List.of());
            Files.writeString(directory.resolve(GuestManifest.FILE_NAME), manifest.toJson());

            Ran ran = kumite("guest", "show", directory.toString());

            assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.DONE);
            assertThat(ran.out())
                    .contains("6.1.0-1-cloud-amd64")
                    .contains("crun")
                    .contains("vmlinuz  1 KiB");
            assertThat(
                            kumite("guest", "show", "--format", "json", directory.toString())
                                    .out()
                                    .strip())
                    .isEqualTo(manifest.toJson().strip());

            Files.writeString(directory.resolve("vmlinuz"), "other");
            Ran damaged = kumite("guest", "show", directory.toString());
            assertThat(damaged.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(damaged.err()).contains("vmlinuz is missing or not as it was built");
        }

        @Test
        void isMissed() {
            Ran ran = kumite("guest", "show", root());

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).contains("kumite guest build");
        }

        @Test
        void isNotBuiltWithoutItsParts() {
            Ran ran = kumite("guest", "build", "--output", root());

            assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
            assertThat(ran.err()).contains("kumite: error: ");
        }
    }
}

package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.oci.Capabilities;
import dev.kumite.oci.Process;
import dev.kumite.oci.User;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes of containers: streams, exit codes, signals, terminals. */
@Tag("vm")
@ExtendWith(SharedMachine.Extension.class)
class ProcessVmTest {

    private static final int BIG_BYTES = 64 << 20;

    private final SharedMachine machine;

    ProcessVmTest(SharedMachine machine) {
        this.machine = machine;
    }

    @ParameterizedTest
    @CsvSource({"exit 0,0", "exit 1,1", "exit 42,42"})
    void passesTheExitCodeOn(String script, int code) {
        assertThat(machine.run(machine.shell(script)).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"kill -TERM $$,143", "kill -KILL $$,137"})
    void turnsASignalIntoAnExitCode(String script, int code) {
        // Not the first process: the kernel keeps signals of its own from that.
        ContainerProcess process =
                machine.sandbox().container().exec(ProcessSpec.command("sh", "-c", script));

        assertThat(VmFixture.finish(process, SharedMachine.NOTHING).code()).isEqualTo(code);
    }

    @Test
    void keepsOutputAndErrorsApart() {
        VmFixture.Result result = machine.run(machine.shell("echo out; echo err >&2"));

        assertThat(result.stdout()).isEqualTo("out\n");
        assertThat(result.stderr()).isEqualTo("err\n");
    }

    @Test
    void endsTheInputOfTheProgram() {
        VmFixture.Result result =
                machine.run(
                        machine.shell("cat; echo end").build(),
                        "line\n".getBytes(StandardCharsets.UTF_8));

        assertThat(result.stdout()).isEqualTo("line\nend\n");
    }

    @Test
    void keepsAThousandLinesInOrder() {
        String script =
                "i=0; while [ $i -lt 1000 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done 2>&1";

        String[] lines = machine.run(machine.shell(script)).stdout().split("\n", -1);

        assertThat(lines).hasSize(2001);
        for (int i = 0; i < 1000; i++) {
            assertThat(lines[2 * i]).isEqualTo("o" + i);
            assertThat(lines[2 * i + 1]).isEqualTo("e" + i);
        }
    }

    @Test
    void passesSixtyFourMebibytesBothWaysUnchanged() throws Exception {
        try (Container container = machine.sandbox().create(machine.shell("cat").build())) {
            ContainerProcess process = container.start();
            CompletableFuture<String> received = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            MessageDigest digest = MessageDigest.getInstance("SHA-256");
                            try (var in = new DigestInputStream(process.stdout(), digest)) {
                                in.transferTo(OutputStream.nullOutputStream());
                            }
                            received.complete(hex(digest));
                        } catch (Exception e) {
                            received.completeExceptionally(e);
                        }
                    });
            MessageDigest sent = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[1 << 20];
            Random random = new Random(7);
            try (var out = new DigestOutputStream(process.stdin(), sent)) {
                for (int i = 0; i < BIG_BYTES / chunk.length; i++) {
                    random.nextBytes(chunk);
                    out.write(chunk);
                }
            }

            assertThat(received.get(VmFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(hex(sent));
            assertThat(process.await(VmFixture.PATIENCE).code()).isZero();
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void givesATerminalAndItsSize() throws Exception {
        ContainerRequest request =
                machine.shell("stty size; read line; stty size; exit 3").terminal().build();
        try (Container container = machine.sandbox().create(request)) {
            ContainerProcess process = container.start();
            CompletableFuture<byte[]> output = VmFixture.read(process.stdout());
            process.resize(33, 77);
            process.stdin().write('\n');

            assertThat(process.await(VmFixture.PATIENCE).code()).isEqualTo(3);
            assertThat(VmFixture.text(output)).contains("33 77").contains("\r\n");
        }
    }

    @Test
    void givesTheProgramItsEnvironmentDirectoryAndUser() {
        VmFixture.Result result =
                machine.run(
                        machine.shell("echo \"$A|$(pwd)|$(id -u)|$(id -g)|$(id -G)\"")
                                .env("A", "b=c")
                                .cwd("/tmp")
                                .user(new User(1000, 1001, Optional.empty(), List.of(5L, 7L), "")));

        assertThat(result.stdout()).isEqualTo("b=c|/tmp|1000|1001|1001 5 7\n");
    }

    @Test
    void givesFewCapabilitiesAndNoWayToMore() {
        VmFixture.Result result =
                machine.run(machine.shell("grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status"));

        // CAP_KILL 5, CAP_NET_BIND_SERVICE 10, CAP_AUDIT_WRITE 29
        assertThat(result.stdout())
                .contains("CapEff:\t0000000020000420")
                .contains("CapBnd:\t0000000020000420")
                .contains("NoNewPrivs:\t1");
    }

    @Test
    void runsAFurtherProgram() {
        ContainerProcess process =
                machine.sandbox()
                        .container()
                        .exec(
                                ProcessSpec.builder()
                                        .command("sh", "-c", "echo $X; pwd; exit 5")
                                        .env("X", "y")
                                        .cwd("/tmp")
                                        .build());

        VmFixture.Result result = VmFixture.finish(process, SharedMachine.NOTHING);

        assertThat(result).isEqualTo(new VmFixture.Result("y\n/tmp\n", "", 5, false));
    }

    @Test
    void saysThatAProgramIsNotThere() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(
                        () -> machine.sandbox().container().exec(ProcessSpec.command("/no/such")))
                .matches(e -> e.category() == EngineException.Category.GUEST);
    }

    @Test
    void sendsSignalsToTheProgram() {
        ContainerRequest request =
                machine.shell("trap 'exit 9' USR1; echo ready; while :; do sleep 0.1; done")
                        .build();
        try (Container container = machine.sandbox().create(request)) {
            ContainerProcess process = container.start();
            CompletableFuture<byte[]> output = VmFixture.read(process.stdout());
            awaitReady(container);

            container.signal(10);

            assertThat(process.await(VmFixture.PATIENCE).code()).isEqualTo(9);
            assertThat(VmFixture.text(output)).isEqualTo("ready\n");
            assertThat(container.state().status()).isEqualTo("stopped");
            container.signal(15);
        }
    }

    private static void awaitReady(Container container) {
        // The trap is set before the first program is started.
        VmFixture.Result result =
                VmFixture.finish(
                        container.exec(
                                ProcessSpec.command(
                                        "sh",
                                        "-c",
                                        "while ! grep -q sleep /proc/[0-9]*/comm; do sleep 0.1; done")),
                        SharedMachine.NOTHING);
        assertThat(result.code()).isZero();
    }

    @Test
    void hasSpecificationsOfItsOwnForFurtherPrograms() {
        Process process =
                new Process(
                        false,
                        Optional.empty(),
                        new User(33, 44, Optional.empty(), List.of(), ""),
                        List.of("id"),
                        "",
                        List.of("PATH=/bin"),
                        "/",
                        Optional.of(Capabilities.empty()),
                        List.of(),
                        true,
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        Optional.empty());

        VmFixture.Result result =
                VmFixture.finish(
                        machine.sandbox().container().exec(ProcessSpec.of(process)),
                        SharedMachine.NOTHING);

        assertThat(result.stdout()).contains("uid=33").contains("gid=44");
    }
}

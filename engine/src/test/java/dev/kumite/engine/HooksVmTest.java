package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kumite.oci.Hooks;
import dev.kumite.oci.Hooks.Hook;
import dev.kumite.oci.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hooks, on the host and in the container. */
@Tag("vm")
@ExtendWith(SharedMachine.Extension.class)
class HooksVmTest {

    private final SharedMachine machine;
    private final Path log;
    private final Path inside;

    HooksVmTest(SharedMachine machine) {
        this.machine = machine;
        this.log = machine.files().resolve("hooks.log");
        this.inside = machine.rootfs().resolve("hooks.log");
    }

    @BeforeEach
    @AfterEach
    void clear() throws IOException {
        Files.deleteIfExists(log);
        Files.deleteIfExists(inside);
    }

    private static Hook shell(String script, Long... timeout) {
        return new Hook(
                "/bin/sh",
                List.of("sh", "-c", script),
                List.of("PATH=/bin:/usr/bin", "HOOK=yes"),
                timeout.length == 0 ? Optional.empty() : Optional.of(timeout[0]));
    }

    private List<Hook> noting(String point) {
        return List.of(shell("echo " + point + " >>" + log));
    }

    private static Hooks inContainer(Hook... hooks) {
        return new Hooks(List.of(), List.of(), List.of(), List.of(hooks), List.of(), List.of());
    }

    private ContainerRequest request(String script, Hooks hooks) {
        ContainerRequest plain = machine.shell(script).build();
        Spec spec = plain.spec();
        Spec hooked =
                new Spec(
                        spec.ociVersion(),
                        spec.process(),
                        spec.root(),
                        "",
                        "",
                        spec.mounts(),
                        Optional.of(hooks),
                        spec.annotations(),
                        spec.linux(),
                        Optional.empty());
        return new ContainerRequest(hooked, plain.bundle(), plain.id());
    }

    @Test
    void runsHooksOnTheHostInTheirOrder() throws IOException {
        Hooks hooks =
                new Hooks(
                        noting("prestart"),
                        noting("createRuntime"),
                        noting("createContainer"),
                        List.of(),
                        noting("poststart"),
                        noting("poststop"));

        VmFixture.Result result = machine.run(request("exit 0", hooks), SharedMachine.NOTHING);

        assertThat(result.code()).isZero();
        assertThat(Files.readAllLines(log))
                .containsExactly(
                        "prestart", "createRuntime", "createContainer", "poststart", "poststop");
    }

    @Test
    void makesNothingWhenAHookFails() {
        Hook failing = new Hook("/bin/false", List.of("false"), List.of(), Optional.empty());
        ContainerRequest request =
                request(
                        "exit 0",
                        new Hooks(
                                List.of(failing),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of()));

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> machine.sandbox().create(request))
                .withMessageContaining("prestart hook \"/bin/false\"");
        assertThat(machine.sandbox().container(request.id())).isEmpty();
        assertThat(machine.sandbox().directory().resolve("tree").resolve(request.id()))
                .doesNotExist();
    }

    @Test
    void runsHooksInTheContainerBetweenItsStartAndItsProgram() throws IOException {
        ContainerRequest request =
                request(
                        "echo program $HOOK >>/hooks.log; echo said; exit 7",
                        inContainer(
                                shell("echo first $HOOK $(hostname) >>/hooks.log"),
                                shell("cat >>/hooks.log; echo >>/hooks.log")));

        try (Container container = machine.sandbox().create(request)) {
            assertThat(inside).doesNotExist();
            VmFixture.Result result = VmFixture.finish(container.start(), SharedMachine.NOTHING);

            assertThat(result.stdout()).isEqualTo("said\n");
            assertThat(result.code()).isEqualTo(7);
        }
        List<String> lines = Files.readAllLines(inside);
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).startsWith("first yes");
        assertThat(lines.get(1))
                .contains(
                        "\"id\":\"" + request.id() + "\"",
                        "\"status\":\"created\"",
                        "\"pid\":1,",
                        "\"bundle\":\"" + request.bundle() + "\"");
        assertThat(lines.getLast()).isEqualTo("program");
    }

    @Test
    void startsNothingWhenAHookInTheContainerFails() {
        ContainerRequest request =
                request(
                        "echo program >>/hooks.log",
                        inContainer(shell("echo no such thing >&2; exit 3")));

        try (Container container = machine.sandbox().create(request)) {
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(container::start)
                    .withMessageContaining(
                            "startContainer hook \"/bin/sh\" failed with exit code 3")
                    .withMessageContaining("no such thing");
            assertThat(container.state().status()).isEqualTo("stopped");
        }
        assertThat(inside).doesNotExist();
        assertThat(machine.run(machine.shell("echo well")).stdout()).isEqualTo("well\n");
    }

    @Test
    void endsAHookInTheContainerThatTakesTooLong() {
        ContainerRequest request =
                request("echo program >>/hooks.log", inContainer(shell("sleep 1000", 2L)));

        try (Container container = machine.sandbox().create(request)) {
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(container::start)
                    .withMessageContaining(
                            "startContainer hook \"/bin/sh\" still ran after 2 s and was killed");
        }
        assertThat(inside).doesNotExist();
    }
}

package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.agentprotocol.messages.Hook;
import dev.kumite.agentprotocol.messages.Hooks;
import dev.kumite.agentprotocol.messages.Process;
import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.Spec;
import dev.kumite.agentprotocol.messages.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class StartHooksTest {

    private static AgentFixture agent;
    private Path log;

    @BeforeAll
    static void start() throws IOException {
        agent = AgentFixture.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (agent != null) {
            agent.close();
        }
    }

    @BeforeEach
    void clear() throws IOException {
        Path directory = agent.directory.resolve("rootfs/tmp");
        Files.setAttribute(directory, "unix:mode", 0777);
        log = directory.resolve("log");
        Files.deleteIfExists(log);
    }

    private static Hook.Builder shell(String script) {
        return Hook.newBuilder()
                .setPath("/bin/sh")
                .addAllArgs(List.of("a-name", "-c", script))
                .addEnv("PATH=/bin");
    }

    private static Spec.Builder spec(String script, Hook.Builder... hooks) {
        Hooks.Builder all = Hooks.newBuilder();
        for (Hook.Builder hook : hooks) {
            all.addStartContainer(hook);
        }
        return agent.spec(agent.process("sh", "-c", script)).toBuilder()
                .setHooks(all)
                .putAnnotations("io.katacontainers.pkg.oci.bundle_path", "/the/bundle")
                .putAnnotations("color", "\"blue\"");
    }

    private String log() throws IOException {
        return Files.readString(log);
    }

    @Test
    void runsHooksInOrderBetweenTheStartAndTheProgram() throws IOException {
        String id =
                agent.create(
                        spec(
                                        "echo program >>/tmp/log; echo said; exit 7",
                                        shell("echo first >>/tmp/log; echo lost"),
                                        shell("echo second >>/tmp/log"))
                                .build());
        assertThat(log).doesNotExist();

        agent.start(id);

        assertThat(agent.output(id)).isEqualTo("said\n");
        assertThat(agent.await(id)).isEqualTo(7);
        assertThat(log()).isEqualTo("first\nsecond\nprogram\n");
        agent.remove(id);
    }

    @Test
    void tellsHooksTheState() throws IOException {
        String id = agent.create(spec("true", shell("cat >/tmp/log; echo $$ >>/tmp/log")).build());

        agent.start(id);

        assertThat(log())
                .startsWith(
                        "{\"ociVersion\":\"1.0.2\",\"id\":\""
                                + id
                                + "\",\"status\":\"created\",\"pid\":1,\"bundle\":\"/the/bundle\","
                                + "\"annotations\":{\"color\":\"\\\"blue\\\"\"}}");
        agent.remove(id);
    }

    @Test
    void givesHooksTheirOwnEnvironmentAndTheProgramsUser() throws IOException {
        Spec.Builder spec =
                spec(
                        "true",
                        shell("id -u >>/tmp/log; pwd >>/tmp/log"),
                        Hook.newBuilder()
                                .setPath("/bin/sh")
                                .addAllArgs(List.of("sh", "-c", "env | sort >>/tmp/log"))
                                .addEnv("ONE=1")
                                .addEnv("PATH=/bin"),
                        Hook.newBuilder()
                                .setPath("/bin/sh")
                                .addAllArgs(List.of("sh", "-c", "/bin/env >>/tmp/log")));
        spec.setProcess(
                spec.getProcess().toBuilder()
                        .setUser(User.newBuilder().setUID(1000).setGID(1000))
                        .addEnv("SECRET=x")
                        .setCwd("/tmp"));
        String id = agent.create(spec.build());

        agent.start(id);

        assertThat(log()).startsWith("1000\n/tmp\n").contains("ONE=1\n").doesNotContain("SECRET");
        agent.remove(id);
    }

    @Test
    void failsTheStartWithWhatTheHookSaid() throws IOException {
        String id =
                agent.create(
                        spec(
                                        "echo program >>/tmp/log",
                                        shell("echo no such thing >&2; exit 3"),
                                        shell("echo second >>/tmp/log"))
                                .build());

        assertThatThrownBy(() -> agent.start(id))
                .hasMessageEndingWith(
                        "startContainer hook \"/bin/sh\" failed with exit code 3: no such thing");
        assertThat(agent.await(id)).isEqualTo(127);
        assertThat(log).doesNotExist();
        agent.remove(id);
    }

    @Test
    void endsAHookThatTakesTooLong() throws IOException {
        String id =
                agent.create(
                        spec("echo program >>/tmp/log", shell("sleep 1000").setTimeout(1)).build());

        assertThatThrownBy(() -> agent.start(id))
                .hasMessageEndingWith(
                        "startContainer hook \"/bin/sh\" still ran after 1 s and was killed");
        assertThat(log).doesNotExist();
        agent.remove(id);
    }

    @Test
    void saysThatAHookIsMissing() {
        String id = agent.create(spec("true", Hook.newBuilder().setPath("/bin/none")).build());

        assertThatThrownBy(() -> agent.start(id))
                .hasMessageContaining("startContainer hook \"/bin/none\" cannot be started: ")
                .hasMessageEndingWith("no such file or directory");
        agent.remove(id);
    }

    @Test
    void saysThatTheProgramOfAContainerWithHooksIsMissing() throws IOException {
        Spec.Builder spec = spec("true", shell("echo hook >>/tmp/log"));
        spec.setProcess(agent.process("none"));
        String id = agent.create(spec.build());

        assertThatThrownBy(() -> agent.start(id))
                .hasMessageContaining("exec: \"none\": executable file not found in $PATH");
        assertThat(log).doesNotExist();
        agent.remove(id);
    }

    @Test
    void killsAContainerWhoseHookStillRuns() throws Exception {
        String id =
                agent.create(
                        spec("echo program >>/tmp/log", shell("echo begun >>/tmp/log; sleep 1000"))
                                .build());
        Thread starter =
                Thread.ofVirtual()
                        .start(() ->
                                assertThatThrownBy(() -> agent.start(id))
                                        .hasMessageContaining("was ended while"));
        while (!Files.exists(log)) {
            Thread.onSpinWait();
        }

        agent.client.signalProcess(
                SignalProcessRequest.newBuilder()
                        .setContainerId(id)
                        .setExecId(id)
                        .setSignal(9)
                        .build());

        assertThat(agent.await(id)).isEqualTo(137);
        starter.join();
        assertThat(log()).isEqualTo("begun\n");
        agent.remove(id);
    }

    @Test
    void removesAContainerWithHooksThatRuns() throws IOException {
        String id = agent.create(spec("sleep 1000", shell("echo hook >>/tmp/log")).build());
        agent.start(id);

        agent.remove(id);

        assertThat(log()).isEqualTo("hook\n");
        assertThat(agent.layout.bundle(id)).doesNotExist();
    }

    @Test
    void givesATerminalToAContainerWithHooks() throws IOException {
        Spec.Builder spec = spec("test -t 1 && echo terminal", shell("echo hook >>/tmp/log"));
        Process process = spec.getProcess().toBuilder().setTerminal(true).build();
        String id = agent.create(spec.setProcess(process).build());

        agent.start(id);

        assertThat(agent.output(id)).isEqualTo("terminal\r\n");
        assertThat(agent.await(id)).isZero();
        assertThat(log()).isEqualTo("hook\n");
        agent.remove(id);
    }

    @Test
    void findsTheNumberOfAProcessInItsOwnNamespace() {
        assertThat(StartHooks.pidInside("Pid:\t70\nNSpid:\t70\t9\nNSpgid:\t70\t1\n", 70))
                .isEqualTo(9);
        assertThat(StartHooks.pidInside("NSpid:\t70\n", 70)).isEqualTo(70);
        assertThat(StartHooks.pidInside("nothing", 70)).isEqualTo(70);
    }
}

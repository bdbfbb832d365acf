package dev.kumite.guestagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.agentprotocol.messages.CloseStdinRequest;
import dev.kumite.agentprotocol.messages.ExecProcessRequest;
import dev.kumite.agentprotocol.messages.HealthCheckResponse.ServingStatus;
import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.TtyWinResizeRequest;
import dev.kumite.agentprotocol.messages.WriteStreamRequest;
import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class AgentTest {

    private static AgentFixture agent;

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

    private static void exec(String id, String execId, String... args) {
        agent.client.execProcess(
                ExecProcessRequest.newBuilder()
                        .setContainerId(id)
                        .setExecId(execId)
                        .setProcess(agent.process(args))
                        .build());
    }

    private static void signal(String id, String execId, int signal) {
        agent.client.signalProcess(
                SignalProcessRequest.newBuilder()
                        .setContainerId(id)
                        .setExecId(execId)
                        .setSignal(signal)
                        .build());
    }

    private static void write(String id, ByteString data) {
        agent.client.writeStdin(
                WriteStreamRequest.newBuilder()
                        .setContainerId(id)
                        .setExecId(id)
                        .setData(data)
                        .build());
    }

    private static void closeStdin(String id) {
        agent.client.closeStdin(
                CloseStdinRequest.newBuilder().setContainerId(id).setExecId(id).build());
    }

    @Test
    void answersThatItServes() {
        assertThat(agent.client.check(CheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void passesExitCodesOn() {
        for (int code : new int[] {0, 1, 42, 127, 255}) {
            String id = agent.run("sh", "-c", "exit " + code);

            assertThat(agent.await(id)).isEqualTo(code);
            agent.remove(id);
        }
    }

    @Test
    void keepsOutputsApart() {
        String id = agent.run("sh", "-c", "echo out; echo err >&2");

        assertThat(agent.output(id)).isEqualTo("out\n");
        assertThat(agent.errors(id)).isEqualTo("err\n");
        agent.remove(id);
    }

    @Test
    void keepsOutputOfAProcessThatHasEnded() {
        String id = agent.run("echo", "late");

        assertThat(agent.await(id)).isZero();
        assertThat(agent.output(id)).isEqualTo("late\n");
        agent.remove(id);
    }

    @Test
    void saysThatAProgramIsMissing() {
        String id = agent.create(agent.process("nosuch"));

        assertThatThrownBy(() -> agent.start(id))
                .isInstanceOfSatisfying(
                        TtrpcException.class,
                        e -> assertThat(e.status()).isEqualTo(StatusCode.NOT_FOUND))
                .hasMessageContaining("exec: \"nosuch\": executable file not found in $PATH");
        agent.remove(id);
    }

    @Test
    void saysThatAProgramIsMissingToExec() {
        String id = agent.run("sleep", "100");

        assertThatThrownBy(() -> exec(id, "e1", "nosuch"))
                .hasMessageContaining("exec: \"nosuch\": executable file not found in $PATH");
        agent.remove(id);
    }

    @Test
    void refusesUnknownContainers() {
        assertThatThrownBy(() -> agent.start("nobody"))
                .isInstanceOfSatisfying(
                        TtrpcException.class,
                        e -> assertThat(e.status()).isEqualTo(StatusCode.NOT_FOUND));
    }

    @Test
    void runsMoreProcesses() {
        String id = agent.run("sleep", "100");

        exec(id, "e1", "sh", "-c", "echo more; exit 7");

        assertThat(agent.readAll(id, "e1").toStringUtf8()).isEqualTo("more\n");
        assertThat(agent.await(id, "e1")).isEqualTo(7);
        agent.remove(id);
    }

    @Test
    void endsTheOutputOfAProcessWhoseChildrenLiveOn() {
        String id = agent.run("sleep", "100");

        exec(id, "e1", "sh", "-c", "echo first; sleep 50 & exit 3");

        assertThat(agent.readAll(id, "e1").toStringUtf8()).isEqualTo("first\n");
        assertThat(agent.await(id, "e1")).isEqualTo(3);
        agent.remove(id);
    }

    @Test
    void killsWithSignals() {
        String id = agent.run("sleep", "100");

        signal(id, id, 9);

        assertThat(agent.await(id)).isEqualTo(137);
        agent.remove(id);
    }

    @Test
    void killsAFirstProcessThatDoesNotHandleTerm() {
        String id = agent.run("sleep", "100");

        signal(id, id, 15);

        assertThat(agent.await(id)).isEqualTo(137);
        agent.remove(id);
    }

    @Test
    void sendsOtherSignals() {
        String id =
                agent.run("sh", "-c", "trap 'echo usr1; exit 5' USR1; echo ready; sleep 50 & wait");
        assertThat(agent.readOnce(id, id).toStringUtf8()).isEqualTo("ready\n");

        signal(id, id, 10);

        assertThat(agent.output(id)).isEqualTo("usr1\n");
        assertThat(agent.await(id)).isEqualTo(5);
        agent.remove(id);
    }

    @Test
    void endsInput() {
        String id = agent.run("cat");

        write(id, ByteString.copyFromUtf8("abc"));
        closeStdin(id);

        assertThat(agent.output(id)).isEqualTo("abc");
        assertThat(agent.await(id)).isZero();
        agent.remove(id);
    }

    @Test
    void refusesInputForAProcessThatHasEnded() {
        String id = agent.run("true");
        agent.await(id);

        assertThatThrownBy(() -> write(id, ByteString.copyFrom(new byte[100])))
                .hasMessageContaining("nobody reads");
        agent.remove(id);
    }

    @Test
    void refusesInputThatTheProcessHasClosed() {
        String id = agent.run("sh", "-c", "exec 0<&-; echo closed; exec sleep 100");
        assertThat(agent.readOnce(id, id).toStringUtf8()).isEqualTo("closed\n");

        assertThatThrownBy(() -> write(id, ByteString.copyFrom(new byte[200_000])))
                .hasMessageContaining("nobody reads");
        agent.remove(id);
    }

    @Test
    void movesBytesBothWaysUnchanged() throws Exception {
        int pieces = 64;
        String id = agent.run("cat");
        byte[] piece = new byte[1 << 20];
        Random random = new Random(1);
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        Thread writer =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 0; i < pieces; i++) {
                                random.nextBytes(piece);
                                sent.update(piece);
                                write(id, ByteString.copyFrom(piece));
                            }
                            closeStdin(id);
                        });

        MessageDigest received = MessageDigest.getInstance("SHA-256");
        long count = 0;
        for (ByteString got = agent.readOnce(id, id);
                !got.isEmpty();
                got = agent.readOnce(id, id)) {
            received.update(got.asReadOnlyByteBuffer());
            count += got.size();
        }
        writer.join();

        assertThat(count).isEqualTo((long) pieces << 20);
        assertThat(HexFormat.of().formatHex(received.digest()))
                .isEqualTo(HexFormat.of().formatHex(sent.digest()));
        agent.remove(id);
    }

    @Test
    void givesATerminal() {
        String id =
                agent.create(
                        agent
                                .process("sh", "-c", "stty size; read x; stty size; exit 4")
                                .toBuilder()
                                .setTerminal(true)
                                .build());
        agent.start(id);
        agent.client.ttyWinResize(
                TtyWinResizeRequest.newBuilder()
                        .setContainerId(id)
                        .setExecId(id)
                        .setRow(33)
                        .setColumn(111)
                        .build());

        write(id, ByteString.copyFromUtf8("go\n"));

        assertThat(agent.output(id)).contains("go").endsWith("33 111\r\n");
        assertThat(agent.await(id)).isEqualTo(4);
        agent.remove(id);
    }

    @Test
    void signalsAllProcessesOfAContainer() {
        String id = agent.run("sleep", "100");

        signal(id, "", 9);

        assertThat(agent.await(id)).isEqualTo(137);
        agent.remove(id);
    }

    @Test
    void endsAContainerThatWasNeverStarted() {
        String id = agent.create(agent.process("true"));

        signal(id, id, 9);

        assertThat(agent.await(id)).isEqualTo(137);
        agent.remove(id);
    }

    @Test
    void removesAContainerThatRuns() {
        String id = agent.run("sleep", "100");

        agent.remove(id);

        assertThat(agent.layout.bundle(id)).doesNotExist();
        assertThatThrownBy(() -> agent.await(id)).hasMessageContaining("no container");
    }
}

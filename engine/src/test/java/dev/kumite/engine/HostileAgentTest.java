package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.kumite.agentprotocol.messages.GetOOMEventRequest;
import dev.kumite.agentprotocol.messages.OOMEvent;
import dev.kumite.agentprotocol.messages.ReadStreamRequest;
import dev.kumite.agentprotocol.messages.ReadStreamResponse;
import dev.kumite.agentprotocol.messages.ResumeContainerRequest;
import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.WriteStreamRequest;
import dev.kumite.agentprotocol.messages.WriteStreamResponse;
import dev.kumite.ttrpc.CallContext;
import dev.kumite.ttrpc.StatusCode;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guest that lies. */
@Timeout(60)
class HostileAgentTest {

    /** An agent that tells everything but the truth. */
    private static final class Liar extends FakeAgent {

        private final String lie;

        Liar(Path socket, String lie) {
            super(socket);
            this.lie = lie;
        }

        @Override
        public WriteStreamResponse writeStdin(WriteStreamRequest request, CallContext context) {
            int taken =
                    switch (lie) {
                        case "took more" -> request.getData().size() + 1;
                        case "took less than nothing" -> -5;
                        case "took nothing" -> 0;
                        default -> request.getData().size();
                    };
            return WriteStreamResponse.newBuilder().setLen(taken).build();
        }

        @Override
        public ReadStreamResponse readStdout(ReadStreamRequest request, CallContext context) {
            // More than was asked for, again and again.
            return ReadStreamResponse.newBuilder()
                    .setData(ByteString.copyFrom(new byte[1 << 20]))
                    .build();
        }

        @Override
        public OOMEvent getOomEvent(GetOOMEventRequest request, CallContext context) {
            return OOMEvent.newBuilder().setContainerId("../../etc/passwd").build();
        }

        @Override
        public Empty resumeContainer(ResumeContainerRequest request, CallContext context) {
            throw TtrpcException.refused(
                    StatusCode.INTERNAL, "\u001b]0;title\u0007".repeat(100_000));
        }

        @Override
        public Empty signalProcess(SignalProcessRequest request, CallContext context) {
            // Silence.
            context.interruptOnCancel();
            try {
                Thread.sleep(Duration.ofSeconds(30));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return Empty.getDefaultInstance();
        }
    }

    @TempDir Path root;
    private Process machine;
    private FakeAgent agent;
    private Sandbox sandbox;

    @BeforeEach
    void start() throws IOException {
        machine = new ProcessBuilder("sleep", "60").start();
    }

    @AfterEach
    void end() {
        sandbox.close();
        agent.close();
        machine.destroyForcibly();
    }

    private Container attach(String lie, String status) throws IOException {
        WrittenSandbox.write(root, "box", status, machine);
        agent = new Liar(root.resolve("box/agent-1.sock"), lie);
        sandbox =
                Engine.builder()
                        .root(root)
                        .deadlines(Deadlines.DEFAULT.withCall(Duration.ofSeconds(2)))
                        .build()
                        .attach("box");
        return sandbox.container();
    }

    @Test
    void isNotBelievedAboutBytesThatItTook() throws IOException {
        for (String lie : List.of("took more", "took less than nothing", "took nothing")) {
            if (sandbox != null) {
                end();
                machine = new ProcessBuilder("sleep", "60").start();
                SandboxHome.delete(root.resolve("box"));
            }
            ContainerProcess process = attach(lie, "running").exec(ProcessSpec.command("0"));

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> process.stdin().write(new byte[10]))
                    .withMessageContaining("says that it took");
        }
    }

    @Test
    void costsNoMoreMemoryThanOneMessageForEachRead() throws IOException {
        ContainerProcess process = attach("", "running").exec(ProcessSpec.command("0"));
        byte[] small = new byte[1000];

        for (int i = 0; i < 5000; i++) {
            assertThat(process.stdout().read(small)).isPositive();
        }

        assertThat(process.stdout().available()).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void isWaitedForNoLongerThanTheDeadline() throws IOException {
        Container container = attach("", "running");

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> container.signal(15))
                .matches(e -> e.category() == EngineException.Category.TIMEOUT);
    }

    @Test
    void writesNothingButPlainTextIntoMessages() throws IOException {
        Container container = attach("", "paused");

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(container::resume)
                .matches(e -> e.getMessage().length() < 1200)
                .matches(e -> e.getMessage().chars().noneMatch(c -> c < ' '));
    }

    @Test
    void hidesNothingByEventsForContainersThatAreNot() throws IOException {
        Container container = attach("", "running");

        OomWatcher.start(sandbox);

        assertThat(container.stats().pids().current()).isEqualTo(2);
        assertThat(container.oomKilled()).isFalse();
    }
}

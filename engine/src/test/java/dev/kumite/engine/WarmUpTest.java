package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.kumite.agentprotocol.messages.CreateContainerRequest;
import dev.kumite.agentprotocol.messages.CreateSandboxRequest;
import dev.kumite.agentprotocol.messages.DestroySandboxRequest;
import dev.kumite.agentprotocol.messages.KernelModule;
import dev.kumite.agentprotocol.messages.RemoveContainerRequest;
import dev.kumite.agentprotocol.messages.ReseedRandomDevRequest;
import dev.kumite.agentprotocol.messages.SetGuestDateTimeRequest;
import dev.kumite.agentprotocol.messages.StartContainerRequest;
import dev.kumite.ttrpc.CallContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WarmUpTest {

    private static final Duration LONG = Duration.ofSeconds(50);

    @TempDir Path directory;

    /** An agent whose containers end when they are started. */
    private static final class Quick extends FakeAgent {

        private final List<byte[]> seeds = new ArrayList<>();
        private Instant clock = Instant.EPOCH;

        Quick(Path socket) {
            super(socket);
        }

        private Empty heard(String call) {
            calls.add(call);
            return Empty.getDefaultInstance();
        }

        @Override
        public Empty createSandbox(CreateSandboxRequest request, CallContext context) {
            return heard(
                    "sandbox "
                            + request.getKernelModulesList().stream()
                                    .map(KernelModule::getName)
                                    .toList());
        }

        @Override
        public Empty createContainer(CreateContainerRequest request, CallContext context) {
            return heard("create " + request.getOCI().getProcess().getArgs(0));
        }

        @Override
        public Empty startContainer(StartContainerRequest request, CallContext context) {
            exit(request.getContainerId(), 0);
            return heard("start");
        }

        @Override
        public Empty removeContainer(RemoveContainerRequest request, CallContext context) {
            return heard("remove");
        }

        @Override
        public Empty destroySandbox(DestroySandboxRequest request, CallContext context) {
            return heard("destroy");
        }

        @Override
        public synchronized Empty reseedRandomDev(
                ReseedRandomDevRequest request, CallContext context) {
            seeds.add(request.getData().toByteArray());
            return heard("seed");
        }

        @Override
        public synchronized Empty setGuestDateTime(
                SetGuestDateTimeRequest request, CallContext context) {
            clock = Instant.ofEpochSecond(request.getSec(), request.getUsec() * 1000);
            return heard("clock");
        }
    }

    @Test
    void runsAContainerOfTheGuestsOwnAndLeavesNothing() {
        Path socket = directory.resolve("agent.sock");
        try (Quick quick = new Quick(socket);
                GuestAgent agent = GuestAgent.connect(socket, LONG, LONG, LONG)) {
            new WarmUp(agent).run(true);

            assertThat(quick.calls)
                    .containsExactly(
                            "sandbox [virtiofs]",
                            "create /bin/busybox",
                            "start",
                            "remove",
                            "seed",
                            "clock",
                            "destroy");
        }
    }

    @Test
    void noTwoMachinesGetTheSameRandomNumbers() {
        Path socket = directory.resolve("agent.sock");
        try (Quick quick = new Quick(socket);
                GuestAgent agent = GuestAgent.connect(socket, LONG, LONG, LONG)) {
            Instant before = Instant.now().minusMillis(1);
            new WarmUp(agent).awaken();
            new WarmUp(agent).awaken();

            assertThat(quick.seeds).hasSize(2);
            assertThat(quick.seeds.getFirst()).hasSize(64).isNotEqualTo(quick.seeds.getLast());
            assertThat(quick.clock).isBetween(before, Instant.now());
        }
    }
}

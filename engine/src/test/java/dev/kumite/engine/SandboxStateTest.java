package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.linux.ProcessIdentity;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.MachineState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxStateTest {

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");

    private static final SandboxState FULL =
            SandboxState.starting("box", THEN, new ProcessIdentity(7, 1234567890123L))
                    .withMachine(
                            new MachineState(
                                    Optional.of(new ProcessIdentity(8, 9)),
                                    Optional.of(new ProcessIdentity(10, 11)),
                                    Optional.of(new ProcessIdentity(12, 13)),
                                    List.of(1, 30),
                                    2,
                                    Map.of("disk-a", 3, "disk-b", -1),
                                    new AgentTransport.Vsock(4_000_000_000L)))
                    .withSize(4, 2048)
                    .withNetwork(
                            new NetworkState(
                                    "/run/netns/x",
                                    "4:4026532000",
                                    List.of(
                                            new NetworkState.Joint(
                                                    "eth0", 2, 0, NetworkState.Way.TCFILTER),
                                            new NetworkState.Joint(
                                                    "net1", 3, 1, NetworkState.Way.BRIDGE))))
                    .withPhase(SandboxState.Phase.RUNNING)
                    .with(new SandboxState.Entry("box", "running", "/b \"q\" ü", THEN))
                    .with(new SandboxState.Entry("two", "creating", "", THEN));

    @Test
    void isReadAsItWasWritten() {
        assertThat(SandboxState.parse(FULL.toJson())).contains(FULL);
    }

    @Test
    void isReadAsItWasWrittenBeforeAnythingIsStarted() {
        SandboxState fresh = SandboxState.starting("x", THEN, new ProcessIdentity(1, 1));

        assertThat(SandboxState.parse(fresh.toJson())).contains(fresh);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"version\": 2}",
                "{\"version\": 1, \"id\": \"x\"}",
                "{\"version\": 1, \"owner\": {\"pid\": 0}}",
                "{\"version\": 1, \"owner\": {\"pid\": 1}, \"phase\": \"SLEEPING\"}",
                "{\"version\": 1, \"owner\": {\"pid\": 1}, \"phase\": \"RUNNING\", \"created\": \"now\"}",
                "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}",
                "{\"version\": 1.5}",
                "{\"version\": 1} {}"
            })
    void damagedTextIsNoState(String text) {
        assertThat(SandboxState.parse(text)).isEmpty();
    }

    @Test
    void everyCutOffTextIsNoState() {
        String json = FULL.toJson();

        for (int end = 0; end < json.length(); end++) {
            assertThat(SandboxState.parse(json.substring(0, end))).isEmpty();
        }
    }

    @Test
    void keepsTheOrderOfContainersWhenOneChanges() {
        SandboxState changed = FULL.with(new SandboxState.Entry("box", "stopped", "", THEN));

        assertThat(changed.containers())
                .extracting(SandboxState.Entry::id, SandboxState.Entry::status)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("box", "stopped"),
                        org.assertj.core.groups.Tuple.tuple("two", "creating"));
        assertThat(changed.without("box").containers()).hasSize(1);
    }
}

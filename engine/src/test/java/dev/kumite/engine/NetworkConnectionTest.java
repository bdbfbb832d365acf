package dev.kumite.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumite.config.InterworkingModel;
import dev.kumite.linux.Fd;
import dev.kumite.linux.Link;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.NetworkNamespace;
import dev.kumite.vmm.Network;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connects real interfaces, with the test in the place of the machine. */
class NetworkConnectionTest {

    private NetworkFixture fixture;
    private final List<NetworkState> journal = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    @BeforeEach
    void make() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "needs root: it makes namespaces");
        fixture = NetworkFixture.make();
    }

    @AfterEach
    void end() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    private NetworkAttachment.Interfaces wanted(InterworkingModel model) {
        NamespaceNetwork network = NamespaceNetwork.read(fixture.near());
        List<Link> links =
                network.links().stream().filter(link -> link.name().equals("eth0")).toList();
        return new NetworkAttachment.Interfaces(fixture.near(), network, links, model);
    }

    private NetworkConnection connect(InterworkingModel model, boolean byDescriptor) {
        return NetworkConnection.connect(wanted(model), byDescriptor, journal::add, notes::add);
    }

    /** A datagram for the guest comes out of the tap, and its answer arrives at the far end. */
    private void carries(Fd tap) throws Exception {
        fixture.inFar("ip neigh replace 10.77.0.2 lladdr 02:77:00:00:00:02 dev far0");
        send("marker");
        assertThat(arrives(tap, "marker")).isTrue();
    }

    private void send(String text) throws Exception {
        NetworkNamespace.run(
                fixture.far(),
                () -> {
                    byte[] bytes = text.getBytes(ISO_8859_1);
                    try (DatagramSocket socket = new DatagramSocket()) {
                        socket.send(
                                new DatagramPacket(
                                        bytes,
                                        bytes.length,
                                        InetAddress.ofLiteral(NetworkFixture.NEAR_V4),
                                        9));
                    }
                    return text;
                });
    }

    private static boolean arrives(Fd tap, String text) {
        for (int i = 0; i < 100; i++) {
            ByteBuffer frame = ByteBuffer.allocate(4096);
            int length;
            try {
                length = tap.read(frame, Duration.ofSeconds(5));
            } catch (LinuxException silence) {
                return false;
            }
            if (new String(frame.array(), 0, length, ISO_8859_1).contains(text)) {
                return true;
            }
        }
        return false;
    }

    private void connectsAndRestores(InterworkingModel model, NetworkState.Way way)
            throws Exception {
        String before = fixture.look();

        try (NetworkConnection connection = connect(model, true)) {
            assertThat(connection.networks())
                    .extracting(Network::mac)
                    .containsExactly("02:77:00:00:00:02");
            carries(connection.queues().getFirst());
        }
        NetworkState last = journal.getLast();
        assertThat(last.joints()).extracting(NetworkState.Joint::way).containsExactly(way);
        assertThat(notes).hasSize(1);
        assertThat(notes.getFirst()).contains("eth0", way.word(), "MTU 1400");

        NetworkConnection.disconnect(last);
        NetworkConnection.disconnect(last);

        assertThat(fixture.look()).isEqualTo(before);
    }

    @Test
    void filtersCarryFramesAndLeaveNothing() throws Exception {
        connectsAndRestores(InterworkingModel.TCFILTER, NetworkState.Way.TCFILTER);
    }

    @Test
    void aMacvtapCarriesFramesAndLeavesNothing() throws Exception {
        connectsAndRestores(InterworkingModel.MACVTAP, NetworkState.Way.MACVTAP);
    }

    @Test
    void aBridgeStepsInWhereFiltersAreTakenAndLeavesTheirs() throws Exception {
        fixture.inNear("tc qdisc add dev eth0 ingress");

        connectsAndRestores(InterworkingModel.TCFILTER, NetworkState.Way.BRIDGE);

        assertThat(notes.getFirst()).contains("because tcfilter: the interface has an ingress");
        assertThat(fixture.inNear("tc qdisc show dev eth0")).contains("ingress");
    }

    @Test
    void theHostDoesNotAnswerInPlaceOfTheGuest() throws Exception {
        fixture.inNear("tc qdisc add dev eth0 ingress");

        try (NetworkConnection connection = connect(InterworkingModel.TCFILTER, true)) {
            send("marker");
            // The question who has 10.77.0.2, which nobody behind the tap answers.
            String question = new String(new byte[] {8, 6, 0, 1, 8, 0, 6, 4, 0, 1}, ISO_8859_1);

            assertThat(arrives(connection.queues().getFirst(), question)).isTrue();
            assertThat(fixture.inFar("ip neigh show 10.77.0.2")).doesNotContain("lladdr");
        }
    }

    @Test
    void aKilledProcessLeavesWhatTheJournalTakesAway() throws Exception {
        String before = fixture.look();

        try (NetworkConnection byName = connect(InterworkingModel.TCFILTER, false)) {
            assertThat(byName.queues()).isEmpty();
            assertThat(byName.networks())
                    .extracting(Network::ifname)
                    .containsExactly("tap0_kumite");
            assertThat(fixture.look()).isNotEqualTo(before).contains("tap0_kumite");
        }
        NetworkConnection.disconnect(journal.getFirst());

        assertThat(fixture.look()).isEqualTo(before);
    }

    @Test
    void anotherNamespaceAtTheSamePlaceIsNotTouched() throws Exception {
        try (NetworkConnection connection = connect(InterworkingModel.TCFILTER, false)) {
            assertThat(connection.networks()).hasSize(1);
        }
        NetworkState last = journal.getLast();
        String connected = fixture.look();

        NetworkConnection.disconnect(new NetworkState(last.namespace(), "0:1", last.joints()));
        NetworkConnection.disconnect(new NetworkState("/no/such", last.identity(), last.joints()));

        assertThat(fixture.look()).isEqualTo(connected);
        NetworkConnection.disconnect(last);
    }

    @Test
    void whatCannotBeConnectedIsSaidWithAllReasons() throws Exception {
        fixture.inNear("tc qdisc add dev eth0 ingress");
        fixture.inNear("ip link add other type bridge; ip link set eth0 master other");
        String before = fixture.look();

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> connect(InterworkingModel.TCFILTER, true))
                .withMessageContaining(
                        "interface eth0 of the network namespace \"" + fixture.near())
                .withMessageContaining("tcfilter: the interface has an ingress queue")
                .withMessageContaining("bridge: the interface is part of another bridge")
                .satisfies(e -> assertThat(e.remedy()).isNotEmpty());
        assertThat(fixture.look()).isEqualTo(before);
    }

    @Test
    void theNamespaceThatWasLookedAtIsTheOneThatIsChanged() {
        NetworkAttachment.Interfaces seen = wanted(InterworkingModel.TCFILTER);

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() ->
                        NetworkConnection.connect(
                                new NetworkAttachment.Interfaces(
                                        fixture.far(), seen.network(), seen.links(), seen.model()),
                                true,
                                journal::add,
                                notes::add))
                .matches(e -> e.category() == EngineException.Category.CONFLICT);
        assertThat(journal).isEmpty();
    }

    @Test
    void aFileThatIsNoNamespaceIsRefused() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> NamespaceNetwork.read(Path.of("/no/such")))
                .withMessageContaining("there is no such file");
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> NamespaceNetwork.read(Path.of("/etc/passwd")))
                .withMessageContaining("cannot look into the network namespace \"/etc/passwd\"");
    }
}

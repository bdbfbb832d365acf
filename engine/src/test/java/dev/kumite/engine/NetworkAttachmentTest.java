package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.agentprotocol.messages.Interface;
import dev.kumite.config.InterworkingModel;
import dev.kumite.config.NetworkConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.Settings;
import dev.kumite.linux.Address;
import dev.kumite.linux.HardwareAddress;
import dev.kumite.linux.IpPrefix;
import dev.kumite.linux.Link;
import dev.kumite.linux.Neighbour;
import dev.kumite.linux.Route;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which network a sandbox gets, and what its guest is told about it. */
class NetworkAttachmentTest {

    private static final Origin TEST = new Origin.BuiltIn("the test says so");

    private static final Link LO =
            new Link(1, "lo", "", HardwareAddress.of(new byte[6]), 65536, 0x9, 0, 0);
    private static final Link ETH0 =
            new Link(
                    2, "eth0", "veth", HardwareAddress.parse("02:00:00:00:00:02"), 1400, 0x1, 0, 7);
    private static final Link UNUSED =
            new Link(3, "sit0", "sit", HardwareAddress.of(new byte[4]), 1480, 0, 0, 0);

    private static final Address ADDRESS = new Address(2, IpPrefix.parse("10.1.0.2/24"));

    private static Spec spec(String namespaces) {
        return SpecReader.readPlain("{\"linux\": {\"namespaces\": [" + namespaces + "]}}", "<test>")
                .value()
                .orElseThrow();
    }

    private static Spec at(String path) {
        return spec("{\"type\": \"pid\"}, {\"type\": \"network\", \"path\": \"" + path + "\"}");
    }

    private static NamespaceNetwork network(List<Link> links, Address... addresses) {
        return new NamespaceNetwork("4:1", links, List.of(addresses), List.of(), List.of());
    }

    private static Settings<NetworkConfig> settings(InterworkingModel model, boolean disabled) {
        return Settings.builder(NetworkConfig.SCHEMA)
                .set(NetworkConfig.INTERWORKING_MODEL, model, TEST)
                .set(NetworkConfig.DISABLE_NEW_NETWORK, disabled, TEST)
                .build();
    }

    private static Outcome<NetworkAttachment> attach(NamespaceNetwork network) {
        return attach(network, InterworkingModel.TCFILTER, false);
    }

    private static Outcome<NetworkAttachment> attach(
            NamespaceNetwork network, InterworkingModel model, boolean disabled) {
        return NetworkAttachment.of(at("/n"), settings(model, disabled), _ -> network);
    }

    private static NetworkAttachment.Interfaces interfaces(NamespaceNetwork network) {
        return (NetworkAttachment.Interfaces) attach(network).value().orElseThrow();
    }

    @Test
    void isNoneForANewNamespace() {
        Outcome<NetworkAttachment> outcome =
                NetworkAttachment.of(
                        spec("{\"type\": \"network\"}"),
                        settings(InterworkingModel.TCFILTER, false),
                        NamespaceNetwork::read);

        assertThat(outcome.value()).contains(new NetworkAttachment.None());
    }

    @Test
    void isNoneForAPreparedNamespaceWithOnlyLo() {
        assertThat(attach(network(List.of(LO))).value()).contains(new NetworkAttachment.None());
    }

    @Test
    void hasTheConfiguredInterfaces() {
        NamespaceNetwork network = network(List.of(LO, ETH0, UNUSED), ADDRESS);

        Outcome<NetworkAttachment> outcome = attach(network);

        assertThat(outcome.value())
                .contains(
                        new NetworkAttachment.Interfaces(
                                Path.of("/n"), network, List.of(ETH0), InterworkingModel.TCFILTER));
        assertThat(outcome.problems())
                .extracting(Problem::what)
                .containsExactly("sit0 in the network namespace \"/n\" has no address");
    }

    @Test
    void takesTheConfiguredModelAndTcfilterByDefault() {
        NamespaceNetwork network = network(List.of(ETH0), ADDRESS);

        assertThat(attach(network, InterworkingModel.MACVTAP, false).value().orElseThrow())
                .isInstanceOfSatisfying(
                        NetworkAttachment.Interfaces.class,
                        it -> assertThat(it.model()).isEqualTo(InterworkingModel.MACVTAP));
        assertThat(attach(network, InterworkingModel.DEFAULT, false).value().orElseThrow())
                .isInstanceOfSatisfying(
                        NetworkAttachment.Interfaces.class,
                        it -> assertThat(it.model()).isEqualTo(InterworkingModel.TCFILTER));
    }

    @Test
    void isRefusedWhereTheModelForbidsIt() {
        assertThat(attach(network(List.of(ETH0), ADDRESS), InterworkingModel.NONE, false).errors())
                .extracting(Problem::why)
                .anyMatch(why -> why.contains("internetworking_model = \"none\""));
    }

    @Test
    void isLeftAloneWithAWarningWhereThatIsConfigured() {
        Outcome<NetworkAttachment> outcome =
                attach(network(List.of(ETH0), ADDRESS), InterworkingModel.NONE, true);

        assertThat(outcome.value()).contains(new NetworkAttachment.None());
        assertThat(outcome.problems())
                .extracting(Problem::what)
                .containsExactly("eth0 in the network namespace \"/n\" is not connected");
    }

    @Test
    void isRefusedForTheHostsNetwork() {
        Outcome<NetworkAttachment> none =
                NetworkAttachment.of(
                        spec("{\"type\": \"pid\"}"),
                        settings(InterworkingModel.TCFILTER, false),
                        NamespaceNetwork::read);

        assertThat(none.errors())
                .extracting(Problem::what)
                .containsExactly(
                        "the container is to use the host's network (no network namespace is asked for)");
        assertThat(none.errors())
                .extracting(Problem::fix)
                .allMatch(fix -> fix.contains("--network none"));
    }

    @Test
    void isRefusedForTheHostsNetworkByItsPath() {
        String own = NamespaceNetwork.identity(Path.of("/proc/self/ns/net")).orElseThrow();
        NamespaceNetwork host =
                new NamespaceNetwork(own, List.of(ETH0), List.of(ADDRESS), List.of(), List.of());

        assertThat(attach(host).errors())
                .extracting(Problem::what)
                .containsExactly(
                        "the container is to use the host's network (the network namespace \"/n\" is the host's)");
    }

    @Test
    void isRefusedForANamespaceThatIsConnectedToAMachine() {
        Link tap =
                new Link(
                        9,
                        "tap0_kumite",
                        "tun",
                        HardwareAddress.parse("02:00:00:00:00:09"),
                        1400,
                        1,
                        0,
                        0);

        assertThat(attach(network(List.of(ETH0, tap), ADDRESS)).errors())
                .extracting(Problem::what)
                .containsExactly(
                        "the network namespace \"/n\" is connected to a machine by tap0_kumite");
    }

    @Test
    void isRefusedForWhatIsNoEthernet() {
        Link tunnel =
                new Link(4, "wg0", "wireguard", HardwareAddress.of(new byte[0]), 1420, 1, 0, 0);

        assertThat(
                        attach(
                                        network(
                                                List.of(tunnel),
                                                new Address(4, IpPrefix.parse("10.9.0.1/32"))))
                                .errors())
                .extracting(Problem::what)
                .containsExactly("wg0 in the network namespace \"/n\" is no Ethernet interface");
    }

    @Test
    void isTheSameForAllContainersOfAMachine() {
        NetworkState state = new NetworkState("/run/netns/x", "4:1", List.of());
        NamespaceNetwork pod = network(List.of(LO, ETH0), ADDRESS);
        NamespaceNetwork other =
                new NamespaceNetwork("4:2", List.of(LO, ETH0), List.of(), List.of(), List.of());
        NamespaceNetwork empty =
                new NamespaceNetwork("4:3", List.of(LO), List.of(), List.of(), List.of());

        assertThat(NetworkAttachment.otherThan(Optional.of(state), at("/n"), _ -> pod)).isEmpty();
        assertThat(NetworkAttachment.otherThan(Optional.empty(), at("/n"), _ -> empty)).isEmpty();
        assertThat(NetworkAttachment.otherThan(Optional.empty(), at(""), _ -> other)).isEmpty();
        assertThat(NetworkAttachment.otherThan(Optional.of(state), at("/n"), _ -> other))
                .map(Problem::what)
                .contains(
                        "the container is to have another network than its machine: that of \"/n\", which has eth0");
    }

    @Test
    void theGuestIsToldAddressesAndNames() {
        NamespaceNetwork network =
                network(
                        List.of(LO, ETH0),
                        ADDRESS,
                        new Address(2, IpPrefix.parse("fd00::2/64")),
                        new Address(2, IpPrefix.parse("fe80::2/64")));

        Interface told =
                NetworkMessages.of(interfaces(network)).interfaces().getFirst().getInterface();

        assertThat(told.getName()).isEqualTo("eth0");
        assertThat(told.getHwAddr()).isEqualTo("02:00:00:00:00:02");
        assertThat(told.getMtu()).isEqualTo(1400);
        assertThat(told.getIPAddressesList())
                .extracting(one -> one.getAddress() + "/" + one.getMask())
                .containsExactly("10.1.0.2/24", "fd00:0:0:0:0:0:0:2/64");
    }

    @Test
    void theGuestIsToldRoutesThatItsKernelDoesNotMakeItself() {
        Route everything =
                Route.via(IpPrefix.parse("0.0.0.0/0"), InetAddress.ofLiteral("10.1.0.1"), 2);
        Route connected =
                new Route(
                        IpPrefix.parse("10.1.0.0/24"),
                        Optional.empty(),
                        2,
                        Optional.empty(),
                        0,
                        253,
                        254,
                        2,
                        1,
                        0,
                        0);
        Route local = Route.direct(IpPrefix.parse("10.2.0.0/16"), 2).withMtu(1300);
        Route elsewhere = Route.direct(IpPrefix.parse("10.3.0.0/16"), 5);
        NamespaceNetwork network =
                new NamespaceNetwork(
                        "4:1",
                        List.of(ETH0),
                        List.of(ADDRESS),
                        List.of(everything, connected, local, elsewhere),
                        List.of());

        NetworkMessages messages = NetworkMessages.of(interfaces(network));

        assertThat(messages.routes().getRoutes().getRoutesList())
                .extracting(route ->
                        route.getDest()
                                + " "
                                + route.getGateway()
                                + " "
                                + route.getDevice()
                                + " "
                                + route.getMtu())
                .containsExactly(" 10.1.0.1 eth0 0", "10.2.0.0/16  eth0 1300");
        assertThat(messages.notes()).hasSize(1);
        assertThat(messages.notes().getFirst()).contains("10.3.0.0/16");
    }

    @Test
    void theGuestIsToldNeighboursThatStay() throws Exception {
        HardwareAddress address = HardwareAddress.parse("02:00:00:00:00:09");
        Neighbour stays = Neighbour.permanent(2, InetAddress.ofLiteral("10.1.0.9"), address);
        Neighbour goes = new Neighbour(2, InetAddress.ofLiteral("10.1.0.8"), address, 0x02, 0);
        NamespaceNetwork network =
                new NamespaceNetwork(
                        "4:1", List.of(ETH0), List.of(ADDRESS), List.of(), List.of(stays, goes));

        assertThat(
                        NetworkMessages.of(interfaces(network))
                                .neighbours()
                                .orElseThrow()
                                .getNeighbors()
                                .getARPNeighborsList())
                .extracting(one -> one.getToIPAddress().getAddress() + " " + one.getLladdr())
                .containsExactly("10.1.0.9 02:00:00:00:00:09");
        assertThat(NetworkMessages.of(interfaces(network(List.of(ETH0), ADDRESS))).neighbours())
                .isEmpty();
    }

    @TempDir Path files;

    @Test
    void nameServersAreThoseOfTheContainersFile() throws Exception {
        Path file = Files.writeString(files.resolve("resolv.conf"), "nameserver 10.1.0.1\n");
        Spec spec =
                SpecReader.readPlain(
                                "{\"mounts\": [{\"destination\": \"/etc/resolv.conf\", \"source\": \""
                                        + file
                                        + "\"}]}",
                                "<test>")
                        .value()
                        .orElseThrow();

        assertThat(NameServers.of(spec)).containsExactly("nameserver 10.1.0.1");
        Files.delete(file);
        assertThat(NameServers.of(spec)).isEmpty();
        assertThat(NameServers.of(Spec.empty())).isEmpty();
    }
}

package dev.kumite.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Everything happens in network namespaces that end with the test; {@code ip} and tc look on. */
final class NetlinkTest {
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");

    @FunctionalInterface
    private interface Body {
        void run(Netlink netlink) throws Exception;
    }

    private static void inNewNamespace(Body body) throws Exception {
        RootOnly.assume();
        NetworkNamespace.runInNew(() -> {
            try (Netlink netlink = Netlink.open()) {
                body.run(netlink);
            }
            return true;
        });
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void aNewNamespaceHasALoopbackThatIsDown() throws Exception {
        inNewNamespace(netlink -> {
            Link loopback = netlink.links().get("lo");

            assertThat(loopback.isLoopback()).isTrue();
            assertThat(loopback.isUp()).isFalse();
            assertThat(loopback.mtu()).isEqualTo(65536);
            assertThat(loopback.kind()).isEmpty();
            assertThat(netlink.links().find("none")).isEmpty();
            assertThatThrownBy(() -> netlink.links().get("none"))
                    .isInstanceOf(LinuxException.class)
                    .hasMessage("find interface \"none\": no such device");
        });
    }

    @Test
    void anInterfaceIsSetUpInAllItsParts() throws Exception {
        inNewNamespace(netlink -> {
            Links links = netlink.links();
            links.createVeth("a", "b");
            Link a = links.get("a");
            assertThat(a.kind()).isEqualTo("veth");
            assertThat(a.peer()).isEqualTo(links.get("b").index());
            HardwareAddress address = HardwareAddress.parse("02:00:ca:fe:00:01");

            links.setAddress(a.index(), address);
            links.setMtu(a.index(), 1400);
            links.rename(a.index(), "eth0");
            links.setUp(a.index());

            Link changed = links.find(address).orElseThrow();
            assertThat(changed.name()).isEqualTo("eth0");
            assertThat(changed.mtu()).isEqualTo(1400);
            assertThat(changed.isUp()).isTrue();
            assertThat(output("ip", "link", "show", "eth0"))
                    .contains("mtu 1400", "UP", "02:00:ca:fe:00:01");

            links.setDown(a.index());
            assertThat(links.get("eth0").isUp()).isFalse();
            links.delete(a.index());
            assertThat(links.find("b")).isEmpty();
        });
    }

    @Test
    void refusalsCarryTheKernelsReason() throws Exception {
        inNewNamespace(netlink -> {
            netlink.links().createBridge("br0");

            assertThatThrownBy(() -> netlink.links().createBridge("br0"))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST))
                    .hasMessage("make bridge \"br0\": file exists");
            assertThatThrownBy(() -> netlink.links().setUp(4711))
                    .isInstanceOf(LinuxException.class)
                    .hasMessage("set up interface 4711: no such device");
            int bridge = netlink.links().get("br0").index();
            assertThatThrownBy(() -> netlink.links().setMtu(bridge, 1))
                    .isInstanceOf(LinuxException.class)
                    .hasMessageContaining("(mtu less than device minimum)");
            for (String name : List.of("", "x".repeat(16), "a\0b")) {
                assertThatThrownBy(() -> netlink.links().createBridge(name))
                        .isInstanceOf(LinuxException.class);
            }
        });
    }

    @Test
    void anInterfaceJoinsAndLeavesABridge() throws Exception {
        inNewNamespace(netlink -> {
            Links links = netlink.links();
            links.createBridge("br0");
            links.createVeth("a", "b");
            int bridge = links.get("br0").index();
            int port = links.get("a").index();

            links.setMaster(port, bridge);
            assertThat(links.get("a").master()).isEqualTo(bridge);

            links.setMaster(port, 0);
            assertThat(links.get("a").master()).isZero();
        });
    }

    @Test
    void anInterfaceMovesToAnotherNamespace() throws Exception {
        inNewNamespace(netlink -> {
            netlink.links().createVeth("a", "b");
            int moved = netlink.links().get("b").index();
            NetworkNamespace.runInNew(() -> {
                try (Fd there = Fd.open(OWN, Fd.O_RDONLY);
                        Netlink inside = Netlink.open()) {
                    netlink.links().move(moved, there);
                    assertThat(inside.links().find("b")).isPresent();
                }
                return true;
            });
            assertThat(netlink.links().find("b")).isEmpty();
        });
    }

    @Test
    void addressesAreAddedListedAndDeleted() throws Exception {
        inNewNamespace(netlink -> {
            netlink.links().createVeth("a", "b");
            int link = netlink.links().get("a").index();
            Address four = new Address(link, IpPrefix.parse("10.1.2.3/24"));
            Address six = new Address(link, IpPrefix.parse("fd00::3/64"));

            netlink.addresses().add(four);
            netlink.addresses().add(four);
            netlink.addresses().add(six);

            assertThat(netlink.addresses().of(link)).contains(four, six);
            assertThat(output("ip", "address", "show", "a"))
                    .contains("10.1.2.3/24 brd 10.1.2.255", "fd00::3/64");
            assertThat(output("ip", "address", "show", "a")).doesNotContain("tentative");

            netlink.addresses().delete(four);
            assertThat(netlink.addresses().of(link)).doesNotContain(four).contains(six);
            assertThatThrownBy(() -> netlink.addresses().delete(four))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EADDRNOTAVAIL));
        });
    }

    @Test
    void routesAreAddedListedReplacedAndDeleted() throws Exception {
        inNewNamespace(netlink -> {
            int link = upWithAddress(netlink, "10.1.2.3/24");
            InetAddress gateway = InetAddress.ofLiteral("10.1.2.1");
            Route everything = Route.via(IpPrefix.parse("0.0.0.0/0"), gateway, link);
            Route network =
                    Route.direct(IpPrefix.parse("10.9.0.0/16"), link)
                            .withSource(InetAddress.ofLiteral("10.1.2.3"))
                            .withMetric(7)
                            .withMtu(1300);

            netlink.routes().add(everything);
            netlink.routes().add(network);

            assertThat(netlink.routes().list()).contains(everything, network);
            assertThat(everything.isDefault()).isTrue();
            assertThat(output("ip", "route"))
                    .contains(
                            "default via 10.1.2.1 dev a",
                            "10.9.0.0/16 dev a scope link src 10.1.2.3 metric 7 mtu 1300");
            assertThatThrownBy(() -> netlink.routes().add(everything))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));

            Route other =
                    Route.via(IpPrefix.parse("0.0.0.0/0"), InetAddress.ofLiteral("10.1.2.2"), link);
            netlink.routes().replace(other);
            assertThat(netlink.routes().list()).contains(other).doesNotContain(everything);

            netlink.routes().delete(network);
            assertThat(netlink.routes().list()).doesNotContain(network);
            assertThatThrownBy(() -> netlink.routes().delete(network))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
        });
    }

    @Test
    void aGatewayOutsideOfAllNetworksNeedsToBeSaidToBeOnTheLink() throws Exception {
        inNewNamespace(netlink -> {
            int link = upWithAddress(netlink, "10.1.2.3/32");
            Route route =
                    Route.via(
                            IpPrefix.parse("0.0.0.0/0"),
                            InetAddress.ofLiteral("169.254.1.1"),
                            link);

            assertThatThrownBy(() -> netlink.routes().add(route))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ENETUNREACH));

            netlink.routes().add(route.withFlags(Route.ON_LINK));
            assertThat(output("ip", "route")).contains("default via 169.254.1.1 dev a onlink");
        });
    }

    @Test
    void routesOfIpv6AreAddedAndListed() throws Exception {
        inNewNamespace(netlink -> {
            int link = upWithAddress(netlink, "fd00::3/64");
            Route route =
                    Route.via(IpPrefix.parse("::/0"), InetAddress.ofLiteral("fd00::1"), link)
                            .withMetric(5);

            netlink.routes().add(route);

            assertThat(netlink.routes().list())
                    .anySatisfy(found -> {
                        assertThat(found.isDefault()).isTrue();
                        assertThat(found.gateway()).isEqualTo(route.gateway());
                        assertThat(found.metric()).isEqualTo(5);
                    });
            netlink.routes().delete(route);
            assertThat(output("ip", "-6", "route")).doesNotContain("fd00::1");
        });
    }

    @Test
    void neighboursAreAddedListedAndDeleted() throws Exception {
        inNewNamespace(netlink -> {
            int link = upWithAddress(netlink, "10.1.2.3/24");
            Neighbour neighbour =
                    Neighbour.permanent(
                            link,
                            InetAddress.ofLiteral("10.1.2.9"),
                            HardwareAddress.parse("02:00:ca:fe:00:09"));

            netlink.neighbours().add(neighbour);

            assertThat(netlink.neighbours().list()).contains(neighbour);
            assertThat(output("ip", "neighbour"))
                    .contains("10.1.2.9 dev a lladdr 02:00:ca:fe:00:09 PERMANENT");
            netlink.neighbours().delete(neighbour);
            assertThat(netlink.neighbours().list()).doesNotContain(neighbour);
        });
    }

    @Test
    void whatArrivesAtOneInterfaceLeavesThroughAnother() throws Exception {
        inNewNamespace(netlink -> {
            Links links = netlink.links();
            links.createVeth("a", "a-far");
            try (Tap tap = Tap.open("tap0", 1)) {
                int a = links.get("a").index();
                int machine = links.get(tap.name()).index();
                for (Link link : links.list()) {
                    links.setUp(link.index());
                }
                TrafficControl control = netlink.trafficControl();
                control.addIngress(a);
                control.addIngress(machine);
                control.redirect(a, machine);
                control.redirect(machine, a);

                assertThat(output("tc", "filter", "show", "dev", "a", "ingress"))
                        .contains("u32", "mirred (Egress Redirect to device tap0) stolen");
                assertThat(frameFromTheOtherSide(tap.queues().getFirst())).isTrue();

                control.deleteIngress(a);
                assertThat(output("tc", "qdisc", "show", "dev", "a")).doesNotContain("ingress");
            }
        });
    }

    /** Whether a packet that the far end of the veth sends comes out of the tap. */
    private static boolean frameFromTheOtherSide(Fd queue) throws Exception {
        output("ip", "address", "add", "10.7.7.1/24", "dev", "a-far");
        output("ip", "neigh", "add", "10.7.7.2", "lladdr", "02:00:00:00:00:77", "dev", "a-far");
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] text = "marker".getBytes(UTF_8);
            socket.send(
                    new DatagramPacket(text, text.length, InetAddress.ofLiteral("10.7.7.2"), 9));
        }
        for (int i = 0; i < 50; i++) {
            ByteBuffer frame = ByteBuffer.allocate(2000);
            int length = queue.read(frame, Duration.ofSeconds(5));
            if (new String(frame.array(), 0, length, ISO_8859_1).contains("marker")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aTapHasAsManyQueuesAsAskedForAndEndsWithThem() throws Exception {
        inNewNamespace(netlink -> {
            try (Tap tap = Tap.open("tap%d", 3)) {
                assertThat(tap.name()).isEqualTo("tap0");
                assertThat(tap.queues()).hasSize(3);
                assertThat(netlink.links().get("tap0").kind()).isEqualTo("tun");
                assertThat(output("ip", "-d", "link", "show", "tap0"))
                        .contains("tun type tap pi off vnet_hdr on multi_queue numqueues 3");
            }
            assertThat(netlink.links().find("tap0")).isEmpty();

            try (Tap tap = Tap.open("kept", 1)) {
                tap.setPersistent(true);
            }
            assertThat(netlink.links().find("kept")).isPresent();
            assertThatThrownBy(() -> Tap.open("x", 0)).isInstanceOf(LinuxException.class);
            assertThatThrownBy(() -> Tap.open("x".repeat(16), 1))
                    .isInstanceOf(LinuxException.class);
            assertThatThrownBy(() -> Tap.open("lo", 1)).isInstanceOf(LinuxException.class);
        });
    }

    @Test
    void aMacvtapInPassthroughModeHasItsInterfacesAddressAndTheIndexThatWasChosen()
            throws Exception {
        inNewNamespace(netlink -> {
            netlink.links().createVeth("a", "b");
            Link lower = netlink.links().get("a");
            int index = 123_456_789;

            netlink.links().createPassthroughMacvtap("mt", index, lower.index());

            Link made = netlink.links().get("mt");
            assertThat(made.index()).isEqualTo(index);
            assertThat(made.address()).isEqualTo(lower.address());
            assertThat(output("ip", "-d", "link", "show", "mt")).contains("mode passthru");
        });
    }

    @Test
    void aBridgeForwardsWhatItWasToldToForgetAndAsksNobody() throws Exception {
        inNewNamespace(netlink -> {
            Links links = netlink.links();
            links.createVeth("a", "b");
            links.createBridge("br");
            Link port = links.get("a");
            int bridge = links.get("br").index();
            links.setNoArp(bridge);
            links.setMaster(port.index(), bridge);

            netlink.neighbours().forgetForwarding(port.index(), port.address());

            assertThat(links.get("br").flags() & Link.IFF_NOARP).isNotZero();
            assertThatThrownBy(() ->
                            netlink.neighbours().forgetForwarding(port.index(), port.address()))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        });
    }

    @Test
    void onlyAnInterfaceThatWasGivenAnIngressQueueHasOne() throws Exception {
        inNewNamespace(netlink -> {
            netlink.links().createVeth("a", "b");
            int a = netlink.links().get("a").index();
            int b = netlink.links().get("b").index();

            netlink.trafficControl().addIngress(a);

            assertThat(netlink.trafficControl().hasIngress(a)).isTrue();
            assertThat(netlink.trafficControl().hasIngress(b)).isFalse();
            netlink.trafficControl().deleteIngress(a);
            assertThat(netlink.trafficControl().hasIngress(a)).isFalse();
        });
    }

    @Test
    void aMacvtapIsMadeOnAnInterface() throws Exception {
        inNewNamespace(netlink -> {
            netlink.links().createVeth("a", "b");
            int lower = netlink.links().get("a").index();

            netlink.links().createMacvtap("mvt0", lower);

            Link link = netlink.links().get("mvt0");
            assertThat(link.kind()).isEqualTo("macvtap");
            assertThat(link.peer()).isEqualTo(lower);
            assertThat(output("ip", "-d", "link", "show", "mvt0")).contains("macvtap mode bridge");
            Path device = Path.of("/dev/tap" + link.index());
            if (Files.exists(device)) {
                Tap.openMacvtap(device).close();
            }
        });
    }

    @Test
    void aListLongerThanOneDatagramIsReadToItsEnd() throws Exception {
        inNewNamespace(netlink -> {
            int link = upWithAddress(netlink, "10.1.0.1/16");
            for (int i = 0; i < 600; i++) {
                IpPrefix destination = IpPrefix.parse("10.2." + i / 256 + "." + i % 256 + "/32");
                netlink.routes().add(Route.direct(destination, link));
            }
            assertThat(netlink.routes().list())
                    .filteredOn(r -> r.destination().toString().startsWith("10.2."))
                    .hasSize(600)
                    .allSatisfy(r -> assertThat(r.gateway()).isEqualTo(Optional.empty()));
        });
    }

    private static int upWithAddress(Netlink netlink, String prefix) {
        netlink.links().createVeth("a", "b");
        int link = netlink.links().get("a").index();
        netlink.addresses().add(new Address(link, IpPrefix.parse(prefix)));
        netlink.links().setUp(link);
        netlink.links().setUp(netlink.links().get("b").index());
        return link;
    }
}

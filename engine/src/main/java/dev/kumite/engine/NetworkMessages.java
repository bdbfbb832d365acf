package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.ARPNeighbor;
import dev.kumite.agentprotocol.messages.ARPNeighbors;
import dev.kumite.agentprotocol.messages.AddARPNeighborsRequest;
import dev.kumite.agentprotocol.messages.IPAddress;
import dev.kumite.agentprotocol.messages.IPFamily;
import dev.kumite.agentprotocol.messages.Interface;
import dev.kumite.agentprotocol.messages.Routes;
import dev.kumite.agentprotocol.messages.UpdateInterfaceRequest;
import dev.kumite.agentprotocol.messages.UpdateRoutesRequest;
import dev.kumite.linux.IpPrefix;
import dev.kumite.linux.Link;
import dev.kumite.linux.Neighbour;
import dev.kumite.linux.Route;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the guest is told about its network: the interfaces of the namespace with names, addresses
 * and longest packets, the routes over them, and neighbours that do not grow old.
 *
 * <p>Source: Kata Containers, Go runtime, {@code generateVCNetworkStructures}.
 */
final class NetworkMessages {

    /** Routes that the guest's kernel makes itself. Source: rtnetlink(7), rtm_protocol. */
    private static final int PROTOCOL_KERNEL = 2;

    private static final int PROTOCOL_ROUTER_ADVERTISEMENT = 9;

    private static final int TYPE_UNICAST = 1;

    private final NamespaceNetwork network;
    private final List<Link> links;

    private NetworkMessages(NetworkAttachment.Interfaces attachment) {
        this.network = attachment.network();
        this.links = attachment.links();
    }

    static NetworkMessages of(NetworkAttachment.Interfaces attachment) {
        return new NetworkMessages(attachment);
    }

    /** Source: Kata Containers, Go runtime, {@code startSandbox}: before the sandbox itself. */
    void sendTo(Sandbox sandbox) {
        for (UpdateInterfaceRequest request : interfaces()) {
            sandbox.call(
                    "setting up interface " + request.getInterface().getName(),
                    client -> client.updateInterface(request));
        }
        sandbox.call("setting up routes", client -> client.updateRoutes(routes()));
        neighbours()
                .ifPresent(request ->
                        sandbox.call(
                                "setting up neighbours",
                                client -> client.addArpNeighbors(request)));
    }

    /** {@return a request for each interface} */
    List<UpdateInterfaceRequest> interfaces() {
        List<UpdateInterfaceRequest> requests = new ArrayList<>();
        for (Link link : links) {
            Interface.Builder one =
                    Interface.newBuilder()
                            .setDevice(link.name())
                            .setName(link.name())
                            .setMtu(link.mtu())
                            .setHwAddr(link.address().toString())
                            .setType(link.kind())
                            .setRawFlags(link.flags() & Link.IFF_NOARP);
            network.addressesOf(link)
                    .forEach(address -> one.addIPAddresses(address(address.prefix())));
            requests.add(UpdateInterfaceRequest.newBuilder().setInterface(one).build());
        }
        return requests;
    }

    /** {@return the request for all routes} */
    UpdateRoutesRequest routes() {
        Routes.Builder routes = Routes.newBuilder();
        for (Route route : network.routes()) {
            if (isMeant(route) && route.type() == TYPE_UNICAST) {
                link(route.link()).ifPresent(link -> routes.addRoutes(route(route, link)));
            }
        }
        return UpdateRoutesRequest.newBuilder().setRoutes(routes).build();
    }

    /** {@return what is said about routes that the guest does not get} */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Route route : network.routes()) {
            if (isMeant(route) && (route.type() != TYPE_UNICAST || link(route.link()).isEmpty())) {
                notes.add(
                        "network: the route to "
                                + route.destination()
                                + " is not passed on: it is no route over one connected interface");
            }
        }
        return notes;
    }

    /** {@return the request for neighbours; empty if there are none} */
    Optional<AddARPNeighborsRequest> neighbours() {
        ARPNeighbors.Builder neighbours = ARPNeighbors.newBuilder();
        for (Neighbour neighbour : network.neighbours()) {
            if (neighbour.state() == Neighbour.PERMANENT
                    && neighbour.address().bytes().length > 0) {
                link(neighbour.link())
                        .ifPresent(link ->
                                neighbours.addARPNeighbors(
                                        ARPNeighbor.newBuilder()
                                                .setToIPAddress(
                                                        address(
                                                                IpPrefix.of(
                                                                        neighbour.destination())))
                                                .setDevice(link.name())
                                                .setLladdr(neighbour.address().toString())
                                                .setState(neighbour.state())
                                                .setFlags(neighbour.flags())));
            }
        }
        return neighbours.getARPNeighborsCount() == 0
                ? Optional.empty()
                : Optional.of(AddARPNeighborsRequest.newBuilder().setNeighbors(neighbours).build());
    }

    private static boolean isMeant(Route route) {
        return route.table() == Route.TABLE_MAIN
                && route.protocol() != PROTOCOL_KERNEL
                && route.protocol() != PROTOCOL_ROUTER_ADVERTISEMENT;
    }

    private Optional<Link> link(int index) {
        return links.stream().filter(link -> link.index() == index).findFirst();
    }

    private static dev.kumite.agentprotocol.messages.Route route(Route route, Link link) {
        dev.kumite.agentprotocol.messages.Route.Builder one =
                dev.kumite.agentprotocol.messages.Route.newBuilder()
                        .setDest(route.isDefault() ? "" : route.destination().toString())
                        .setDevice(link.name())
                        .setScope(route.scope())
                        .setFamily(family(route.destination().address()))
                        .setFlags(route.flags() & Route.ON_LINK)
                        .setMtu(route.mtu());
        route.gateway().ifPresent(gateway -> one.setGateway(gateway.getHostAddress()));
        route.source().ifPresent(source -> one.setSource(source.getHostAddress()));
        return one.build();
    }

    private static IPAddress address(IpPrefix prefix) {
        return IPAddress.newBuilder()
                .setFamily(family(prefix.address()))
                .setAddress(prefix.address().getHostAddress())
                .setMask(Integer.toString(prefix.length()))
                .build();
    }

    private static IPFamily family(InetAddress address) {
        return address instanceof Inet6Address ? IPFamily.v6 : IPFamily.v4;
    }
}

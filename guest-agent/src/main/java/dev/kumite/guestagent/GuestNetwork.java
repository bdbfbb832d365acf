package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.ARPNeighbor;
import dev.kumite.agentprotocol.messages.IPAddress;
import dev.kumite.agentprotocol.messages.IPFamily;
import dev.kumite.agentprotocol.messages.Interface;
import dev.kumite.linux.Address;
import dev.kumite.linux.HardwareAddress;
import dev.kumite.linux.IpPrefix;
import dev.kumite.linux.Link;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.Neighbour;
import dev.kumite.linux.Netlink;
import dev.kumite.linux.Route;
import dev.kumite.ttrpc.TtrpcException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The guest's network, which all containers share. Every call opens a socket of its own: nothing is
 * kept, so nothing is guarded.
 *
 * <p>Source: Kata Containers 4.1, agent, UpdateInterface, UpdateRoutes, AddARPNeighbors.
 */
final class GuestNetwork {

    /** For an interface that is being plugged in. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private static final long LOOK_NANOS = 10_000_000;

    /** Flags that an interface may be given: IFF_NOARP only. Source: netdevice(7). */
    private static final int NO_ARP = 0x80;

    /** Source: rtnetlink(7), RTPROT_KERNEL. */
    private static final int KERNEL = 2;

    private GuestNetwork() {}

    /**
     * Finds the interface by its hardware address and gives it name, addresses and size of packets;
     * addresses that it has and should not have are taken away.
     */
    static void update(Interface wanted) {
        if ((wanted.getRawFlags() & ~NO_ARP) != 0) {
            throw Refusal.invalid(
                    "the flags 0x"
                            + Integer.toHexString(wanted.getRawFlags())
                            + " cannot be set on interface "
                            + wanted.getName());
        }
        try (Netlink netlink = Netlink.open()) {
            Link link = await(netlink, HardwareAddress.parse(wanted.getHwAddr()));
            List<IpPrefix> addresses = prefixes(wanted.getIPAddressesList());
            for (Address old : netlink.addresses().of(link.index())) {
                if (!addresses.remove(old.prefix())
                        && !old.prefix().address().isLinkLocalAddress()) {
                    netlink.addresses().delete(old);
                }
            }
            rename(netlink, link, wanted.getName());
            for (IpPrefix address : addresses) {
                netlink.addresses().add(new Address(link.index(), address));
            }
            if (wanted.getMtu() > 0) {
                netlink.links().setMtu(link.index(), Math.toIntExact(wanted.getMtu()));
            }
            netlink.links().setUp(link.index());
        } catch (LinuxException | ArithmeticException e) {
            throw failed("interface " + wanted.getName(), e);
        }
    }

    private static Link await(Netlink netlink, HardwareAddress address) {
        long start = System.nanoTime();
        while (true) {
            Optional<Link> link = netlink.links().find(address);
            if (link.isPresent()) {
                return link.get();
            }
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw Refusal.late("no interface with the address " + address + " appeared");
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw Refusal.interrupted();
            }
        }
    }

    /** An interface has to be down for a new name; one that has the name makes room. */
    private static void rename(Netlink netlink, Link link, String name) {
        if (name.isEmpty() || name.equals(link.name())) {
            return;
        }
        Optional<Link> other = netlink.links().find(name);
        netlink.links().setDown(link.index());
        if (other.isPresent()) {
            netlink.links().setDown(other.get().index());
            netlink.links().rename(other.get().index(), "kumite" + other.get().index());
        }
        netlink.links().rename(link.index(), name);
    }

    /** Makes the routes those given, besides the ones that the kernel makes itself. */
    static void updateRoutes(List<dev.kumite.agentprotocol.messages.Route> wanted) {
        try (Netlink netlink = Netlink.open()) {
            for (Route old : netlink.routes().list()) {
                if (old.protocol() != KERNEL && old.table() == Route.TABLE_MAIN) {
                    netlink.routes().delete(old);
                }
            }
            // What leads to a gateway comes before what goes through it.
            for (boolean throughGateway : new boolean[] {false, true}) {
                for (dev.kumite.agentprotocol.messages.Route route : wanted) {
                    if (!route.getGateway().isEmpty() == throughGateway) {
                        netlink.routes().replace(route(netlink, route));
                    }
                }
            }
        } catch (LinuxException | IllegalArgumentException e) {
            throw failed("routes", e);
        }
    }

    private static Route route(Netlink netlink, dev.kumite.agentprotocol.messages.Route wanted) {
        int link = netlink.links().get(wanted.getDevice()).index();
        boolean version6 = wanted.getFamily() == IPFamily.v6;
        IpPrefix destination =
                wanted.getDest().isEmpty() || wanted.getDest().equals("default")
                        ? IpPrefix.parse(version6 ? "::/0" : "0.0.0.0/0")
                        : IpPrefix.parse(wanted.getDest());
        Route route =
                wanted.getGateway().isEmpty()
                        ? Route.direct(destination, link)
                        : Route.via(destination, InetAddress.ofLiteral(wanted.getGateway()), link);
        if (!wanted.getSource().isEmpty()) {
            route = route.withSource(InetAddress.ofLiteral(wanted.getSource()));
        }
        if (wanted.getScope() != 0 || wanted.getGateway().isEmpty()) {
            route = route.withScope(wanted.getScope() == 0 ? Route.SCOPE_LINK : wanted.getScope());
        }
        if (wanted.getMtu() != 0) {
            route = route.withMtu(wanted.getMtu());
        }
        return route.withFlags(wanted.getFlags() & Route.ON_LINK);
    }

    /** {@return the interfaces with their addresses, the loopback one left out} */
    static List<Interface> interfaces() {
        try (Netlink netlink = Netlink.open()) {
            List<Interface> found = new ArrayList<>();
            for (Link link : netlink.links().list()) {
                if (link.isLoopback()) {
                    continue;
                }
                Interface.Builder one =
                        Interface.newBuilder()
                                .setDevice(link.name())
                                .setName(link.name())
                                .setMtu(link.mtu())
                                .setHwAddr(link.address().toString())
                                .setType(link.kind());
                for (Address address : netlink.addresses().of(link.index())) {
                    one.addIPAddresses(address(address.prefix()));
                }
                found.add(one.build());
            }
            return found;
        } catch (LinuxException e) {
            throw failed("interfaces", e);
        }
    }

    /** {@return the routes of the main table} */
    static List<dev.kumite.agentprotocol.messages.Route> routes() {
        try (Netlink netlink = Netlink.open()) {
            List<Link> links = netlink.links().list();
            List<dev.kumite.agentprotocol.messages.Route> found = new ArrayList<>();
            for (Route route : netlink.routes().list()) {
                if (route.table() == Route.TABLE_MAIN) {
                    found.add(describe(route, links));
                }
            }
            return found;
        } catch (LinuxException e) {
            throw failed("routes", e);
        }
    }

    private static dev.kumite.agentprotocol.messages.Route describe(Route route, List<Link> links) {
        dev.kumite.agentprotocol.messages.Route.Builder one =
                dev.kumite.agentprotocol.messages.Route.newBuilder()
                        .setDest(route.isDefault() ? "" : route.destination().toString())
                        .setScope(route.scope())
                        .setFlags(route.flags())
                        .setMtu(route.mtu())
                        .setFamily(family(route.destination().address()));
        if (route.gateway().isPresent()) {
            one.setGateway(route.gateway().get().getHostAddress());
        }
        if (route.source().isPresent()) {
            one.setSource(route.source().get().getHostAddress());
        }
        for (Link link : links) {
            if (link.index() == route.link()) {
                one.setDevice(link.name());
            }
        }
        return one.build();
    }

    /** Tells the kernel hardware addresses of the network that it need not ask for. */
    static void addNeighbours(List<ARPNeighbor> neighbours) {
        try (Netlink netlink = Netlink.open()) {
            for (ARPNeighbor neighbour : neighbours) {
                netlink.neighbours()
                        .add(
                                new Neighbour(
                                        netlink.links().get(neighbour.getDevice()).index(),
                                        address(neighbour.getToIPAddress().getAddress()),
                                        HardwareAddress.parse(neighbour.getLladdr()),
                                        neighbour.getState() == 0
                                                ? Neighbour.PERMANENT
                                                : neighbour.getState(),
                                        neighbour.getFlags()));
            }
        } catch (LinuxException | IllegalArgumentException e) {
            throw failed("neighbours", e);
        }
    }

    private static InetAddress address(String text) {
        int slash = text.indexOf('/');
        return InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    }

    private static List<IpPrefix> prefixes(List<IPAddress> addresses) {
        List<IpPrefix> prefixes = new ArrayList<>(addresses.size());
        for (IPAddress address : addresses) {
            prefixes.add(
                    IpPrefix.parse(
                            address.getMask().isEmpty()
                                    ? address.getAddress()
                                    : address.getAddress() + "/" + address.getMask()));
        }
        return prefixes;
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

    private static TtrpcException failed(String what, RuntimeException cause) {
        return Refusal.failed("cannot set up or read " + what + ": " + cause.getMessage());
    }
}

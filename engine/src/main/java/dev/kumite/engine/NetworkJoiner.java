package dev.kumite.engine;

import dev.kumite.engine.NetworkState.Joint;
import dev.kumite.engine.NetworkState.Way;
import dev.kumite.linux.Errno;
import dev.kumite.linux.Fd;
import dev.kumite.linux.HardwareAddress;
import dev.kumite.linux.Link;
import dev.kumite.linux.Links;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.Netlink;
import dev.kumite.linux.Tap;
import dev.kumite.linux.TrafficControl;
import dev.kumite.vmm.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Connects one interface after the other, in the network namespace of its thread.
 *
 * <p>None of the ways changes the interface itself: its addresses, routes and hardware address
 * stay, so there is nothing to restore that a killed process could have forgotten. The guest gets
 * the same hardware address, and the kernel of the host does not hear what is sent there.
 *
 * @param netlink to the namespace
 * @param byDescriptor whether the machine takes descriptors; else it opens its taps by name
 * @param journal writes down what will have been made
 * @param notes gets a line for each interface
 */
record NetworkJoiner(
        Netlink netlink,
        boolean byDescriptor,
        Consumer<NetworkState> journal,
        Consumer<String> notes) {

    /**
     * Indices of macvtaps. Their devices, /dev/tapN, are named alike in all namespaces: so N is one
     * that no namespace reaches by counting.
     */
    private static final int LOWEST_INDEX = 1 << 24;

    private static final int HIGHEST_INDEX = 1 << 30;
    private static final int TRIES = 8;

    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * A connected interface.
     *
     * @param state with its joint
     * @param network the machine's network card
     * @param queue the tap's descriptor, if the machine is to get it
     */
    record Joined(NetworkState state, Network network, Optional<Fd> queue) {}

    /**
     * Connects an interface by the first of these ways that works.
     *
     * @throws EngineException HOST if none does
     */
    Joined join(NetworkState before, Link link, List<Way> ways) {
        List<String> reasons = new ArrayList<>();
        for (Way way : ways) {
            Optional<String> obstacle = obstacle(link, way);
            if (obstacle.isPresent()) {
                reasons.add(way.word() + ": " + obstacle.get());
                continue;
            }
            Joint joint = new Joint(link.name(), link.index(), before.joints().size(), way);
            NetworkState state = before.with(joint);
            journal.accept(state);
            try {
                Fd queue = make(joint, link);
                notes.accept(explain(joint, link, reasons));
                return joined(state, joint, link, queue);
            } catch (LinuxException e) {
                undo(netlink, joint);
                reasons.add(way.word() + ": " + e.getMessage());
            }
        }
        throw EngineException.builder(
                        EngineException.Category.HOST,
                        "interface "
                                + link.name()
                                + " of the network namespace \""
                                + before.namespace()
                                + "\" cannot be connected to the machine ("
                                + String.join("; ", reasons)
                                + "), and a container never starts without the network that it was promised")
                .remedy(
                        "run as root on a kernel with tun and with act_mirred, cls_u32, sch_ingress or bridge; or run"
                                + " the container without a network")
                .evidence(reasons)
                .build();
    }

    /** {@return why a way is out of the question; found out before anything is written down} */
    private Optional<String> obstacle(Link link, Way way) {
        return switch (way) {
            case TCFILTER ->
                    netlink.trafficControl().hasIngress(link.index())
                            ? Optional.of("the interface has an ingress queue of somebody else's")
                            : Optional.empty();
            case MACVTAP ->
                    byDescriptor
                            ? Optional.empty()
                            : Optional.of("this machine type takes no macvtap");
            case BRIDGE ->
                    link.master() == 0
                            ? Optional.empty()
                            : Optional.of("the interface is part of another bridge");
        };
    }

    private static String explain(Joint joint, Link link, List<String> reasons) {
        return "network: "
                + link.name()
                + " ("
                + link.address()
                + ", MTU "
                + link.mtu()
                + ") is connected by "
                + joint.way().word()
                + (reasons.isEmpty() ? "" : ", because " + String.join("; ", reasons));
    }

    private Joined joined(NetworkState state, Joint joint, Link link, Fd queue) {
        String id = "net" + joint.number();
        String mac = link.address().toString();
        if (byDescriptor) {
            return new Joined(state, Network.byDescriptor(id, queue, mac), Optional.of(queue));
        }
        queue.close();
        return new Joined(state, Network.byName(id, joint.tap(), mac), Optional.empty());
    }

    private Fd make(Joint joint, Link link) {
        return switch (joint.way()) {
            case TCFILTER -> filter(joint, link);
            case MACVTAP -> macvtap(joint, link);
            case BRIDGE -> bridge(joint, link);
        };
    }

    private Fd filter(Joint joint, Link link) {
        Tap tap = tap(joint, link);
        try {
            int index = netlink.links().get(joint.tap()).index();
            TrafficControl control = netlink.trafficControl();
            control.addIngress(link.index());
            control.addIngress(index);
            control.redirect(link.index(), index);
            control.redirect(index, link.index());
            return tap.queues().getFirst();
        } catch (LinuxException failure) {
            tap.close();
            throw failure;
        }
    }

    private Tap tap(Joint joint, Link link) {
        Tap tap = Tap.open(joint.tap(), 1);
        try {
            if (!byDescriptor) {
                tap.setPersistent(true);
            }
            silence(joint.tap());
            Links links = netlink.links();
            int index = links.get(joint.tap()).index();
            links.setMtu(index, link.mtu());
            links.setUp(index);
            return tap;
        } catch (LinuxException failure) {
            tap.close();
            throw failure;
        }
    }

    /**
     * In passthrough mode it has the interface's hardware address, and gets all that is sent there.
     */
    private Fd macvtap(Joint joint, Link link) {
        for (int i = 0; ; i++) {
            int index = RANDOM.nextInt(LOWEST_INDEX, HIGHEST_INDEX);
            try {
                netlink.links().createPassthroughMacvtap(joint.tap(), index, link.index());
            } catch (LinuxException e) {
                if (e.errno() == Errno.EBUSY && i < TRIES) {
                    continue;
                }
                throw e;
            }
            silence(joint.tap());
            netlink.links().setUp(index);
            return Tap.openMacvtap(Path.of("/dev/tap" + index));
        }
    }

    /**
     * The bridge has an address of its own and asks nobody for addresses, or else it would answer
     * in place of the guest for those that the interface has; and it must not keep what is sent to
     * the interface's hardware address, which is the guest's as well.
     */
    private Fd bridge(Joint joint, Link link) {
        Links links = netlink.links();
        links.createBridge(joint.bridge());
        int bridge = links.get(joint.bridge()).index();
        links.setAddress(bridge, localAddress());
        links.setNoArp(bridge);
        silence(joint.bridge());
        Tap tap = tap(joint, link);
        try {
            links.setMaster(link.index(), bridge);
            netlink.neighbours().forgetForwarding(link.index(), link.address());
            links.setMaster(links.get(joint.tap()).index(), bridge);
            links.setUp(bridge);
            return tap.queues().getFirst();
        } catch (LinuxException failure) {
            tap.close();
            throw failure;
        }
    }

    /** {@return an address that nobody has: locally administered, of one interface} */
    private static HardwareAddress localAddress() {
        byte[] bytes = new byte[NetworkAttachment.ETHERNET_BYTES];
        RANDOM.nextBytes(bytes);
        bytes[0] = (byte) ((bytes[0] & 0xfc) | 0x02);
        return HardwareAddress.of(bytes);
    }

    /** Keeps the host's kernel from speaking IPv6 on an interface of ours. */
    private static void silence(String name) {
        try {
            Files.writeString(Path.of("/proc/sys/net/ipv6/conf/" + name + "/disable_ipv6"), "1");
        } catch (IOException _) {
            // A kernel without IPv6, or sysctls that are read-only: a few packets more.
        }
    }

    /** Takes away what connects an interface, as far as it is there. */
    static void undo(Netlink netlink, Joint joint) {
        delete(netlink, joint.tap());
        switch (joint.way()) {
            case MACVTAP -> {}
            case BRIDGE -> delete(netlink, joint.bridge());
            case TCFILTER -> {
                boolean same =
                        netlink.links()
                                .find(joint.link())
                                .filter(link -> link.index() == joint.index())
                                .isPresent();
                if (same && netlink.trafficControl().hasIngress(joint.index())) {
                    netlink.trafficControl().deleteIngress(joint.index());
                }
            }
        }
    }

    private static void delete(Netlink netlink, String name) {
        Optional<Link> link = netlink.links().find(name);
        if (link.isEmpty()) {
            return;
        }
        try {
            netlink.links().delete(link.get().index());
        } catch (LinuxException e) {
            // A tap ends by itself with QEMU, perhaps just now.
            if (netlink.links().find(name).isPresent()) {
                throw e;
            }
        }
    }
}

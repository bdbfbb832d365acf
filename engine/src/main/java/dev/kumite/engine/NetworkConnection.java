package dev.kumite.engine;

import dev.kumite.config.InterworkingModel;
import dev.kumite.engine.NetworkState.Joint;
import dev.kumite.engine.NetworkState.Way;
import dev.kumite.linux.Fd;
import dev.kumite.linux.Link;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.Netlink;
import dev.kumite.linux.NetworkNamespace;
import dev.kumite.vmm.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Connects the interfaces of a network namespace to a machine, and disconnects them. Works in that
 * namespace only. Confined to one thread.
 *
 * @param networks the machine's network cards
 * @param queues descriptors of taps, of which QEMU gets copies
 */
record NetworkConnection(List<Network> networks, List<Fd> queues) implements AutoCloseable {

    private static final Path OWN = Path.of("/proc/thread-self/ns/net");

    NetworkConnection {
        networks = List.copyOf(networks);
        queues = List.copyOf(queues);
    }

    /** {@return no connection} */
    static NetworkConnection none() {
        return new NetworkConnection(List.of(), List.of());
    }

    /**
     * Connects all interfaces. Of what is made, the last part is on disk before it is made.
     *
     * @param wanted which, and how
     * @param byDescriptor whether the machine takes descriptors; else it opens its taps by name
     * @param journal writes down what will have been made
     * @param notes gets a line for each interface
     * @throws EngineException HOST if one cannot be connected; what was made so far is in the
     *     journal
     */
    static NetworkConnection connect(
            NetworkAttachment.Interfaces wanted,
            boolean byDescriptor,
            Consumer<NetworkState> journal,
            Consumer<String> notes) {
        return in(
                wanted.namespace(),
                () -> {
                    NamespaceNetwork network = wanted.network();
                    if (!NamespaceNetwork.identity(OWN)
                            .equals(java.util.Optional.of(network.identity()))) {
                        throw EngineException.of(
                                EngineException.Category.CONFLICT,
                                "the network namespace \""
                                        + wanted.namespace()
                                        + "\" was replaced by another one",
                                "make the container again");
                    }
                    List<Network> networks = new ArrayList<>();
                    List<Fd> queues = new ArrayList<>();
                    try (Netlink netlink = Netlink.open()) {
                        NetworkJoiner joiner =
                                new NetworkJoiner(netlink, byDescriptor, journal, notes);
                        NetworkState state =
                                new NetworkState(
                                        wanted.namespace().toString(),
                                        network.identity(),
                                        List.of());
                        for (Link link : wanted.links()) {
                            NetworkJoiner.Joined joined =
                                    joiner.join(state, link, ways(wanted.model()));
                            state = joined.state();
                            joined.queue().ifPresent(queues::add);
                            networks.add(joined.network());
                        }
                        return new NetworkConnection(networks, queues);
                    } catch (RuntimeException failure) {
                        queues.forEach(Fd::close);
                        throw failure;
                    }
                });
    }

    private static List<Way> ways(InterworkingModel model) {
        return model == InterworkingModel.MACVTAP
                ? List.of(Way.MACVTAP, Way.BRIDGE)
                : List.of(Way.TCFILTER, Way.BRIDGE);
    }

    /**
     * Takes away all that was made; the namespace is then as it was found. Where that was done, or
     * the namespace is gone, nothing happens.
     */
    static void disconnect(NetworkState state) {
        Path namespace = Path.of(state.namespace());
        if (!Files.exists(namespace)) {
            // Its owner was free to end it; what was in it ended then, or with the machine.
            return;
        }
        in(
                namespace,
                () -> {
                    if (NamespaceNetwork.identity(OWN)
                            .filter(state.identity()::equals)
                            .isPresent()) {
                        try (Netlink netlink = Netlink.open()) {
                            for (Joint joint : state.joints()) {
                                NetworkJoiner.undo(netlink, joint);
                            }
                        }
                    }
                    return state;
                });
    }

    private static <T> T in(Path namespace, Callable<T> body) {
        try {
            return NetworkNamespace.run(namespace, body);
        } catch (LinuxException e) {
            throw EngineException.builder(
                            EngineException.Category.HOST,
                            "network namespace \"" + namespace + "\": " + e.getMessage())
                    .cause(e)
                    .build();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the body throws nothing else", e);
        }
    }

    /** Closes our descriptors; QEMU's copies stay. */
    @Override
    public void close() {
        queues.forEach(Fd::close);
    }
}

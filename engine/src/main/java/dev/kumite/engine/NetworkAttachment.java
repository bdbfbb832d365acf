package dev.kumite.engine;

import dev.kumite.config.InterworkingModel;
import dev.kumite.config.NetworkConfig;
import dev.kumite.config.Settings;
import dev.kumite.linux.Link;
import dev.kumite.oci.Location;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a sandbox is connected to a network. A container never starts without the network that it was
 * promised: what cannot be connected is refused.
 */
sealed interface NetworkAttachment {

    /** Bytes of an address of Ethernet. */
    int ETHERNET_BYTES = 6;

    /** The sandbox has no interface but {@code lo}. */
    record None() implements NetworkAttachment {}

    /**
     * The interfaces of a namespace that the caller prepared.
     *
     * @param namespace its file
     * @param network what is in it
     * @param links those of its interfaces that the guest gets, at least one
     * @param model how they are to be connected: {@code tcfilter} or {@code macvtap}
     */
    record Interfaces(
            Path namespace, NamespaceNetwork network, List<Link> links, InterworkingModel model)
            implements NetworkAttachment {
        public Interfaces {
            links = List.copyOf(links);
        }
    }

    /**
     * {@return the attachment that the specification asks for, or why it cannot be given}
     *
     * <p>An own namespace, made for the container, holds nothing but {@code lo}, which the guest
     * has, too. A namespace that the caller prepared is looked into.
     *
     * @param settings the plan's
     * @param reader tells what is in a network namespace
     */
    static Outcome<NetworkAttachment> of(
            Spec spec, Settings<NetworkConfig> settings, NamespaceNetwork.Reader reader) {
        Optional<Namespace> namespace = namespace(spec);
        if (namespace.isEmpty()) {
            return refused(hostNetwork("no network namespace is asked for"));
        }
        if (namespace.get().path().isEmpty()) {
            return Outcome.of(new None(), List.of());
        }
        Path path = Path.of(namespace.get().path());
        NamespaceNetwork network = reader.read(path);
        return network.isHost()
                ? refused(hostNetwork("the network namespace \"" + path + "\" is the host's"))
                : prepared(path, network, settings);
    }

    /**
     * {@return why a further container cannot be in a sandbox: it was promised another network}
     *
     * <p>All containers of a machine have the machine's network. A path that leads to the host's
     * namespace promises nothing, since a pod with the host's network does not come this far: it is
     * that of a process which stands for the pod's first container.
     *
     * @param connected the sandbox's network
     */
    static Optional<Problem> otherThan(
            Optional<NetworkState> connected, Spec spec, NamespaceNetwork.Reader reader) {
        Optional<Path> path =
                namespace(spec).map(Namespace::path).filter(one -> !one.isEmpty()).map(Path::of);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        NamespaceNetwork network = reader.read(path.get());
        boolean same =
                connected
                        .map(NetworkState::identity)
                        .filter(network.identity()::equals)
                        .isPresent();
        List<Link> links = network.links().stream().filter(link -> !link.isLoopback()).toList();
        if (same || links.isEmpty() || network.isHost()) {
            return Optional.empty();
        }
        return Optional.of(
                Problem.error(
                        where(),
                        "the container is to have another network than its machine: that of \""
                                + path.get()
                                + "\", which has "
                                + names(links),
                        "all containers of a machine have the same network",
                        "let it share its pod's network, or run it outside of the pod"));
    }

    /** {@return the network namespace that the specification asks for} */
    static Optional<Namespace> namespace(Spec spec) {
        return spec.linux().map(linux -> linux.namespaces()).orElse(List.of()).stream()
                .filter(one -> one.type().equals("network"))
                .findFirst();
    }

    private static Outcome<NetworkAttachment> prepared(
            Path path, NamespaceNetwork network, Settings<NetworkConfig> settings) {
        List<Problem> problems = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (Link link : network.links()) {
            if (link.isLoopback()) {
                continue;
            }
            if (NetworkState.isOurs(link.name())) {
                return refused(taken(path, link));
            }
            if (network.addresses().stream().noneMatch(one -> one.link() == link.index())) {
                // Kernels put interfaces for tunnels into each namespace, and nobody uses them.
                problems.add(withoutAddress(path, link));
            } else if (link.address().bytes().length != ETHERNET_BYTES) {
                problems.add(notEthernet(path, link));
            } else {
                links.add(link);
            }
        }
        if (links.isEmpty() || problems.stream().anyMatch(Problem::isError)) {
            return problems.stream().anyMatch(Problem::isError)
                    ? Outcome.refused(problems)
                    : Outcome.of(new None(), problems);
        }
        if (settings.get(NetworkConfig.DISABLE_NEW_NETWORK)) {
            problems.add(leftAlone(path, links));
            return Outcome.of(new None(), problems);
        }
        InterworkingModel model = settings.get(NetworkConfig.INTERWORKING_MODEL);
        return switch (model) {
            case NONE -> refused(noModel(path, links));
            case DEFAULT, TCFILTER ->
                    Outcome.of(
                            new Interfaces(path, network, links, InterworkingModel.TCFILTER),
                            problems);
            case MACVTAP -> Outcome.of(new Interfaces(path, network, links, model), problems);
        };
    }

    private static Outcome<NetworkAttachment> refused(Problem problem) {
        return Outcome.refused(List.of(problem));
    }

    private static Location where() {
        return new Location.Text("config.json", 0, 0, "/linux/namespaces");
    }

    private static String names(List<Link> links) {
        return links.stream().map(Link::name).collect(Collectors.joining(", "));
    }

    private static Problem hostNetwork(String how) {
        return Problem.error(
                where(),
                "the container is to use the host's network (" + how + ")",
                "it is in a machine of its own, which has its own network and cannot share the host's"
                        + " interfaces, addresses and ports",
                "give it a network namespace with interfaces (podman: --network bridge, ports by --publish),"
                        + " or a new one, without a path, for no network (podman: --network none)");
    }

    private static Problem taken(Path path, Link link) {
        return Problem.error(
                where(),
                "the network namespace \""
                        + path
                        + "\" is connected to a machine by "
                        + link.name(),
                "an interface can be connected to one machine only",
                "make the container part of that machine's pod, or give it a namespace of its own; if the"
                        + " machine is gone, run \"kumite gc\"");
    }

    private static Problem withoutAddress(Path path, Link link) {
        return Problem.warning(
                where(),
                link.name() + " in the network namespace \"" + path + "\" has no address",
                "only configured interfaces are connected to the machine",
                "give it an address before the container is made");
    }

    private static Problem notEthernet(Path path, Link link) {
        return Problem.error(
                where(),
                link.name() + " in the network namespace \"" + path + "\" is no Ethernet interface",
                "a machine's network card carries Ethernet frames only",
                "use a veth, macvlan or physical interface in the namespace");
    }

    private static Problem leftAlone(Path path, List<Link> links) {
        return Problem.warning(
                where(),
                names(links) + " in the network namespace \"" + path + "\" is not connected",
                "disable_new_netns = true switches the connection off, so the container has lo only",
                "remove disable_new_netns to have it connected");
    }

    private static Problem noModel(Path path, List<Link> links) {
        return Problem.error(
                where(),
                names(links) + " in the network namespace \"" + path + "\" cannot be connected",
                "internetworking_model = \"none\" forbids it, and a container never starts without the"
                        + " network that it was promised",
                "set internetworking_model = \"tcfilter\", or run the container without a network");
    }
}

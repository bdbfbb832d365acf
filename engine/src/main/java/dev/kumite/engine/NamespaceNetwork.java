package dev.kumite.engine;

import dev.kumite.linux.Address;
import dev.kumite.linux.Link;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.Neighbour;
import dev.kumite.linux.Netlink;
import dev.kumite.linux.NetworkNamespace;
import dev.kumite.linux.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What there is in a network namespace.
 *
 * @param identity which namespace it is, wherever its file is
 * @param links its interfaces
 * @param addresses of the interfaces
 * @param routes of all tables
 * @param neighbours with and without hardware addresses
 */
record NamespaceNetwork(
        String identity,
        List<Link> links,
        List<Address> addresses,
        List<Route> routes,
        List<Neighbour> neighbours) {

    /** A host has the namespace that its first process is in, whatever this process is in. */
    private static final List<Path> HOST =
            List.of(Path.of("/proc/1/ns/net"), Path.of("/proc/self/ns/net"));

    NamespaceNetwork {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        neighbours = List.copyOf(neighbours);
    }

    /** Looks into network namespaces. */
    @FunctionalInterface
    interface Reader {
        /**
         * {@return what is in the namespace}
         *
         * @param path the namespace's file
         * @throws EngineException HOST if it is none, or closed to us
         */
        NamespaceNetwork read(Path path);
    }

    /** {@return what is in the namespace, which is looked at and not changed} */
    static NamespaceNetwork read(Path path) {
        if (!Files.exists(path)) {
            throw failure(path, "there is no such file");
        }
        String identity =
                identity(path).orElseThrow(() -> failure(path, "it is no file of a namespace"));
        try {
            return NetworkNamespace.run(
                    path,
                    () -> {
                        try (Netlink netlink = Netlink.open()) {
                            return new NamespaceNetwork(
                                    identity,
                                    netlink.links().list(),
                                    netlink.addresses().list(),
                                    netlink.routes().list(),
                                    netlink.neighbours().list());
                        }
                    });
        } catch (LinuxException e) {
            throw failure(path, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the body throws nothing else", e);
        }
    }

    /** {@return device and inode of a namespace's file; empty if there is none} */
    static Optional<String> identity(Path path) {
        try {
            var attributes = Files.readAttributes(path, "unix:dev,ino");
            return Optional.of(attributes.get("dev") + ":" + attributes.get("ino"));
        } catch (java.io.IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** {@return whether it is the network of the host, or the one that this process is in} */
    boolean isHost() {
        return HOST.stream().flatMap(path -> identity(path).stream()).anyMatch(identity::equals);
    }

    /** {@return the addresses of an interface, those for the link alone left out} */
    List<Address> addressesOf(Link link) {
        return addresses.stream()
                .filter(address -> address.link() == link.index())
                // The guest makes its own of the same hardware address.
                .filter(address -> !address.prefix().address().isLinkLocalAddress())
                .toList();
    }

    private static EngineException failure(Path path, String reason) {
        return EngineException.of(
                EngineException.Category.HOST,
                "cannot look into the network namespace \"" + path + "\": " + reason,
                "name a network namespace's file, or use one without a path");
    }
}

package dev.kumite.engine;

import dev.kumite.oci.Location;
import dev.kumite.oci.Namespace;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Spec;
import java.util.List;

/**
 * How a sandbox is connected to a network. A container never starts without the network that it was
 * promised: what cannot be connected is refused.
 */
public sealed interface NetworkAttachment {

    /** The sandbox has no interface but {@code lo}. */
    record None() implements NetworkAttachment {}

    /**
     * {@return the attachment that the specification asks for, or why it cannot be given}
     *
     * <p>An own namespace, made for the container, holds nothing but {@code lo}, which the guest
     * has, too. A namespace that the caller prepared is looked into.
     *
     * @param interfaces tells the interfaces of a network namespace
     */
    static Outcome<NetworkAttachment> of(Spec spec, NamespaceInterfaces interfaces) {
        for (Namespace namespace :
                spec.linux().map(linux -> linux.namespaces()).orElse(List.of())) {
            if (namespace.type().equals("network")) {
                return namespace.path().isEmpty()
                        ? Outcome.of(new None(), List.of())
                        : prepared(namespace.path(), interfaces);
            }
        }
        return Outcome.refused(
                List.of(
                        Problem.error(
                                new Location.Text("config.json", 0, 0, "/linux/namespaces"),
                                "the container is to use the host's network",
                                "it is in a machine of its own, which cannot share the host's interfaces",
                                "add {\"type\": \"network\"} to linux.namespaces for a container without a network")));
    }

    private static Outcome<NetworkAttachment> prepared(
            String path, NamespaceInterfaces interfaces) {
        List<String> names = interfaces.of(path);
        List<String> others = names.stream().filter(name -> !name.equals("lo")).toList();
        if (others.isEmpty()) {
            return Outcome.of(new None(), List.of());
        }
        return Outcome.refused(
                List.of(
                        Problem.error(
                                new Location.Text("config.json", 0, 0, "/linux/namespaces"),
                                "the network namespace \""
                                        + path
                                        + "\" has "
                                        + String.join(", ", others),
                                "this version cannot connect interfaces of the host to a machine, and a container"
                                        + " never starts without the network that it was promised",
                                "run it without a network: a network namespace without a path, or one that holds"
                                        + " only lo")));
    }

    /** Looks into network namespaces. */
    @FunctionalInterface
    interface NamespaceInterfaces {
        /**
         * {@return the names of the interfaces in the namespace}
         *
         * @param path the namespace's file
         * @throws EngineException HOST if it is none, or closed to us
         */
        List<String> of(String path);
    }
}

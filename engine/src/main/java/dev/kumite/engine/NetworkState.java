package dev.kumite.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * What was made in a network namespace to connect its interfaces to a machine, as the state on disk
 * has it: written before it is made.
 *
 * @param namespace the namespace's file
 * @param identity which namespace that is; another one at the same place is not touched
 * @param joints one for each interface
 */
record NetworkState(String namespace, String identity, List<Joint> joints) {

    private static final String SUFFIX = "_kumite";

    /** How an interface and a machine are connected. */
    enum Way {
        /** A tap; all that arrives at it or the interface is sent out of the other. */
        TCFILTER("tcfilter"),
        /** A macvtap in passthrough mode on the interface. */
        MACVTAP("macvtap"),
        /** A tap, and a bridge that it and the interface are part of. */
        BRIDGE("bridge");

        private final String word;

        Way(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static Optional<Way> parse(String word) {
            for (Way way : values()) {
                if (way.word.equals(word)) {
                    return Optional.of(way);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * A connected interface.
     *
     * @param link name of the interface
     * @param index by which the kernel names it
     * @param number of the connection in its namespace, from 0
     * @param way how
     */
    record Joint(String link, int index, int number, Way way) {
        /** {@return the name of the tap or macvtap} */
        String tap() {
            return "tap" + number + SUFFIX;
        }

        /** {@return the name of the bridge, if there is one} */
        String bridge() {
            return "br" + number + SUFFIX;
        }
    }

    NetworkState {
        joints = List.copyOf(joints);
    }

    /** {@return whether an interface of that name is one that connects a machine} */
    static boolean isOurs(String name) {
        return name.endsWith(SUFFIX);
    }

    /** {@return the state with this joint, in place of one of the same number} */
    NetworkState with(Joint joint) {
        List<Joint> all = new ArrayList<>(joints);
        all.removeIf(other -> other.number() == joint.number());
        all.add(joint);
        return new NetworkState(namespace, identity, all);
    }

    /** Writes the members of the open object. */
    void write(JsonGenerator out) {
        out.writeStringProperty("namespace", namespace);
        out.writeStringProperty("identity", identity);
        out.writeArrayPropertyStart("joints");
        for (Joint joint : joints) {
            out.writeStartObject();
            out.writeStringProperty("link", joint.link());
            out.writeNumberProperty("index", joint.index());
            out.writeNumberProperty("number", joint.number());
            out.writeStringProperty("way", joint.way().word());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    static NetworkState read(Json.Members members) {
        List<Joint> joints = new ArrayList<>();
        for (Json.Members joint : members.objects("joints")) {
            Way.parse(joint.string("way"))
                    .ifPresent(way ->
                            joints.add(
                                    new Joint(
                                            joint.string("link"),
                                            (int) joint.number("index"),
                                            (int) joint.number("number"),
                                            way)));
        }
        return new NetworkState(members.string("namespace"), members.string("identity"), joints);
    }
}

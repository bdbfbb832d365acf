package dev.kumite.oci;

import java.util.ArrayList;
import java.util.List;

/**
 * The members of a document that are for other systems. Nothing of them is kept, but they must have
 * the right types: a document that a Go program refuses is not to be accepted here.
 *
 * <p>Source: runtime-spec 1.0.3, specs-go/config.go, {@code Windows} and {@code Solaris}.
 */
final class OtherSystems {

    static final Type SOLARIS =
            new Shape(
                    member("milestone", Scalar.STRING),
                    member("limitpriv", Scalar.STRING),
                    member("maxShmMemory", Scalar.STRING),
                    member(
                            "anet",
                            new ListOf(
                                    new Shape(
                                            member("linkname", Scalar.STRING),
                                            member("lowerLink", Scalar.STRING),
                                            member("allowedAddress", Scalar.STRING),
                                            member("configureAllowedAddress", Scalar.STRING),
                                            member("defrouter", Scalar.STRING),
                                            member("linkProtection", Scalar.STRING),
                                            member("macAddress", Scalar.STRING)))),
                    member("cappedCPU", new Shape(member("ncpus", Scalar.STRING))),
                    member(
                            "cappedMemory",
                            new Shape(
                                    member("physical", Scalar.STRING),
                                    member("swap", Scalar.STRING))));

    static final Type WINDOWS =
            new Shape(
                    member("layerFolders", Scalar.STRINGS),
                    member(
                            "devices",
                            new ListOf(
                                    new Shape(
                                            member("id", Scalar.STRING),
                                            member("idType", Scalar.STRING)))),
                    member("resources", windowsResources()),
                    member("credentialSpec", Scalar.ANYTHING),
                    member("servicing", Scalar.BOOLEAN),
                    member("ignoreFlushesDuringBoot", Scalar.BOOLEAN),
                    member("hyperv", new Shape(member("utilityVMPath", Scalar.STRING))),
                    member(
                            "network",
                            new Shape(
                                    member("endpointList", Scalar.STRINGS),
                                    member("allowUnqualifiedDNSQuery", Scalar.BOOLEAN),
                                    member("DNSSearchList", Scalar.STRINGS),
                                    member("networkSharedContainerName", Scalar.STRING),
                                    member("networkNamespace", Scalar.STRING))));

    private OtherSystems() {}

    private static Shape windowsResources() {
        return new Shape(
                member("memory", new Shape(member("limit", Scalar.UINT64))),
                member(
                        "cpu",
                        new Shape(
                                member("count", Scalar.UINT64),
                                member("shares", Scalar.UINT16),
                                member("maximum", Scalar.UINT16))),
                member(
                        "storage",
                        new Shape(
                                member("iops", Scalar.UINT64),
                                member("bps", Scalar.UINT64),
                                member("sandboxSize", Scalar.UINT64))));
    }

    private static Member member(String name, Type type) {
        return new Member(name, type);
    }

    /** What a value must be. */
    sealed interface Type {

        /**
         * Goes to the end of the value of the member at hand, and adds a problem if it is something
         * else.
         */
        void check(JsonInput in);
    }

    /** A value without members that would have to be looked at. */
    private enum Scalar implements Type {
        ANYTHING,
        BOOLEAN,
        STRING,
        STRINGS,
        UINT16,
        UINT64;

        @Override
        @SuppressWarnings("CheckReturnValue") // the values are not kept
        public void check(JsonInput in) {
            switch (this) {
                case ANYTHING -> in.skip();
                case BOOLEAN -> in.bool();
                case STRING -> in.string();
                case STRINGS -> in.strings();
                case UINT16 -> in.integer(IntegerRange.UINT16);
                case UINT64 -> in.uint64();
            }
        }
    }

    private record ListOf(Shape item) implements Type {
        @Override
        public void check(JsonInput in) {
            in.objects(item::members);
        }
    }

    private record Member(String name, Type type) {}

    /** An object with certain members. */
    private static final class Shape implements Type {

        private final Names names;
        private final List<Type> types = new ArrayList<>();

        Shape(Member... members) {
            List<String> spelled = new ArrayList<>();
            for (Member member : members) {
                spelled.add(member.name());
                types.add(member.type());
            }
            names = Names.of(spelled.toArray(String[]::new));
        }

        @Override
        public void check(JsonInput in) {
            in.object(this::members);
        }

        /** Reads nothing; gives itself only because something has to be given. */
        private Shape members(JsonInput in) {
            for (String name = in.first(names); name != null; name = in.next(names)) {
                types.get(names.indexOf(name)).check(in);
            }
            return this;
        }
    }
}

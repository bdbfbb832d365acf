package dev.kumite.oci;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The members of objects: which ones there are, that none is named twice, and how those that nobody
 * knows are skipped. Confined to the reading thread.
 */
final class JsonMembers {

    /** More known objects than can be inside each other: the specification and then some. */
    private static final int MAX_KNOWN_DEPTH = 16;

    private final JsonParser parser;
    private final JsonProblems problems;
    private final FirstPlace firstPlace;

    /** Per open known object, which members it has named, one bit each. */
    private final long[] named = new long[MAX_KNOWN_DEPTH];

    /** Per open known object, the unknown members it has named; made when the first one is. */
    private final @Nullable UnknownNames[] unknown = new UnknownNames[MAX_KNOWN_DEPTH];

    private int depth = -1;

    JsonMembers(JsonParser parser, JsonProblems problems, char[] text) {
        this.parser = parser;
        this.problems = problems;
        firstPlace = new FirstPlace(text);
    }

    /**
     * {@return the first known member that the object at hand names; null at its end, or for {@code
     * null}}
     */
    @Nullable String first(Names names) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        depth++;
        named[depth] = 0;
        unknown[depth] = null;
        return next(names);
    }

    /** {@return the next known member that the object names; null at its end} */
    @Nullable String next(Names names) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            int index = names.indexOf(name);
            if (index < 0) {
                skipUnknown(name);
            } else if ((named[depth] & 1L << index) != 0) {
                // Differs from kata: there the second merges with the first.
                refuseDuplicate(names, index, name);
            } else {
                named[depth] |= 1L << index;
                return names.get(index);
            }
        }
        depth--;
        return null;
    }

    /** Adds that an object whose members have no fixed names names one twice. */
    void refuseDuplicate(String name) {
        if (!problems.isFull()) {
            problems.duplicate(parser, name, name, firstPlace.find(parser, name::equals));
        }
    }

    /** {@return whether {@code name}, of a map's key or an unknown member, has a fit length} */
    boolean hasFitLength(String name) {
        if (name.length() <= Limits.MAX_NAME_LENGTH) {
            return true;
        }
        problems.tooLarge(
                parser,
                "has a name of " + name.length() + " characters",
                Limits.MAX_NAME_LENGTH,
                "characters");
        return false;
    }

    /** Goes to the end of the value after the name at hand. */
    void skipNext() {
        parser.nextToken();
        skip();
    }

    /**
     * Goes to the end of the value at hand, whatever it is; objects in it may not name a member
     * twice either.
     */
    void skip() {
        if (!parser.currentToken().isStructStart()) {
            return;
        }
        Deque<UnknownNames> open = new ArrayDeque<>();
        JsonToken token = parser.currentToken();
        do {
            if (token.isStructStart()) {
                open.push(new UnknownNames());
            } else if (token.isStructEnd()) {
                open.pop();
            } else if (token == JsonToken.PROPERTY_NAME) {
                open.element().add(parser.currentName());
            }
            if (!open.isEmpty()) {
                token = parser.nextToken();
            }
        } while (!open.isEmpty());
    }

    private void skipUnknown(String name) {
        UnknownNames others = unknown[depth];
        if (others == null) {
            others = new UnknownNames();
            unknown[depth] = others;
        }
        others.add(name);
        skipNext();
    }

    private void refuseDuplicate(Names names, int index, String name) {
        if (!problems.isFull()) {
            problems.duplicate(
                    parser,
                    name,
                    names.get(index),
                    firstPlace.find(parser, other -> names.indexOf(other) == index));
        }
        skipNext();
    }

    /** The names in one object that mean nothing to the specification. */
    private final class UnknownNames {

        private Set<String> names = Set.of();
        private boolean tooMany;

        /** Notes the name at hand, or adds why it is refused. */
        void add(String name) {
            if (tooMany || !hasFitLength(name)) {
                return;
            }
            if (names.size() == Limits.MAX_MAP_ENTRIES) {
                tooMany = true;
                problems.tooLarge(
                        parser,
                        "is one member too many",
                        Limits.MAX_MAP_ENTRIES,
                        "members of an object");
                return;
            }
            if (names.isEmpty()) {
                names = new HashSet<>();
            }
            if (!names.add(name)) {
                refuseDuplicate(name);
            }
        }
    }
}

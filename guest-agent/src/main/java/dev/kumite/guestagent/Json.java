package dev.kumite.guestagent;

import java.util.List;

/**
 * A JSON document in the making. Methods leave out what is empty or zero, unless their name says
 * otherwise. Confined to the writing thread.
 *
 * <p>Deliberately small: a JSON library costs as much time at the start of a machine as the
 * container's own start.
 */
final class Json {

    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text;
    private boolean separate;

    Json() {
        text = new StringBuilder(4096);
    }

    /** {@return what has been written} */
    @Override
    public String toString() {
        return text.toString();
    }

    Json begin() {
        value('{');
        return this;
    }

    /** Opens an object that is a member. */
    Json begin(String name) {
        name(name);
        text.append('{');
        separate = false;
        return this;
    }

    Json end() {
        text.append('}');
        separate = true;
        return this;
    }

    Json beginList(String name) {
        name(name);
        text.append('[');
        separate = false;
        return this;
    }

    Json endList() {
        text.append(']');
        separate = true;
        return this;
    }

    Json string(String name, String value) {
        return value.isEmpty() ? this : stringAlways(name, value);
    }

    Json stringAlways(String name, String value) {
        name(name);
        quote(value);
        separate = true;
        return this;
    }

    Json bool(String name, boolean value) {
        return value ? boolAlways(name, true) : this;
    }

    Json boolAlways(String name, boolean value) {
        name(name);
        text.append(value);
        separate = true;
        return this;
    }

    Json number(String name, long value) {
        return value == 0 ? this : numberAlways(name, value);
    }

    Json numberAlways(String name, long value) {
        name(name);
        text.append(value);
        separate = true;
        return this;
    }

    Json unsigned(String name, long bits) {
        return bits == 0 ? this : unsignedAlways(name, bits);
    }

    Json unsignedAlways(String name, long bits) {
        name(name);
        text.append(Long.toUnsignedString(bits));
        separate = true;
        return this;
    }

    Json strings(String name, List<String> values) {
        return values.isEmpty() ? this : stringsAlways(name, values);
    }

    Json stringsAlways(String name, List<String> values) {
        beginList(name);
        for (int i = 0; i < values.size(); i++) {
            separate();
            quote(values.get(i));
            separate = true;
        }
        return endList();
    }

    /** Writes 32-bit numbers without sign. */
    Json unsignedInts(String name, List<Integer> values) {
        if (values.isEmpty()) {
            return this;
        }
        beginList(name);
        for (int i = 0; i < values.size(); i++) {
            separate();
            text.append(Integer.toUnsignedLong(values.get(i)));
            separate = true;
        }
        return endList();
    }

    private void value(char opening) {
        separate();
        text.append(opening);
        separate = false;
    }

    private void name(String name) {
        separate();
        quote(name);
        text.append(':');
    }

    private void separate() {
        if (separate) {
            text.append(',');
        }
        separate = false;
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ') {
                text.append(c);
            } else {
                text.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        text.append('"');
    }
}

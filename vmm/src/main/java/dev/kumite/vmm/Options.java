package dev.kumite.vmm;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The options of one QEMU switch, in order: {@code virtio-blk-pci,drive=d0,serial=x} on a command
 * line, an object over QMP. Immutable.
 *
 * <p>Source: QEMU, {@code util/keyval.c}: a comma in a value is doubled; dots in a key nest.
 *
 * @param impliedKey the key that the first value stands for when it is written without one; empty
 *     if there is none
 * @param values texts, whole numbers and truth values by key
 */
public record Options(String impliedKey, Map<String, Json> values) {

    public Options {
        requireNonNull(impliedKey, "impliedKey is null");
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        values.forEach(Options::check);
    }

    private static void check(String key, Json value) {
        if (key.isEmpty() || key.indexOf(',') >= 0 || key.indexOf('=') >= 0) {
            throw refused("\"" + key + "\" is no name of an option");
        }
        switch (value) {
            case Json.Text(String text) -> {
                if (text.indexOf('\0') >= 0) {
                    throw refused(key + " contains a NUL character");
                }
            }
            case Json.Whole _, Json.Bool _ -> {}
            case Json.Obj _, Json.Arr _, Json.Decimal _, Json.Null _ ->
                    throw new IllegalArgumentException(key + " is neither text, number nor truth");
        }
    }

    private static VmmException refused(String what) {
        return new VmmException(VmmException.Category.REFUSED, what);
    }

    /**
     * {@return a builder whose first option can be written without its key}
     *
     * @param impliedKey the key, such as {@code driver}
     * @param value what it is
     */
    static Builder of(String impliedKey, String value) {
        return new Builder(impliedKey).text(impliedKey, value);
    }

    /** {@return a builder of options that are all written with their keys} */
    static Builder named() {
        return new Builder("");
    }

    /** {@return the options as the value of a command-line switch} */
    public String keyval() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Json> option : values.entrySet()) {
            String value = plain(option.getValue()).replace(",", ",,");
            boolean implied =
                    text.isEmpty()
                            && option.getKey().equals(impliedKey)
                            && value.indexOf('=') < 0
                            && !value.isEmpty();
            if (!text.isEmpty()) {
                text.append(',');
            }
            if (!implied) {
                text.append(option.getKey()).append('=');
            }
            text.append(value);
        }
        return text.toString();
    }

    private static String plain(Json value) {
        return switch (value) {
            case Json.Text(String text) -> text;
            case Json.Whole(long number) -> Long.toString(number);
            case Json.Bool(boolean truth) -> truth ? "on" : "off";
            case Json.Obj _, Json.Arr _, Json.Decimal _, Json.Null _ ->
                    throw new IllegalStateException("checked when made");
        };
    }

    /** {@return the options as the arguments of a QMP command; keys with dots become objects} */
    public Json.Obj json() {
        Map<String, Json> members = new LinkedHashMap<>();
        for (Map.Entry<String, Json> option : values.entrySet()) {
            put(members, option.getKey(), option.getValue());
        }
        return new Json.Obj(members);
    }

    private static void put(Map<String, Json> members, String key, Json value) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            members.put(key, value);
            return;
        }
        String outer = key.substring(0, dot);
        Map<String, Json> inner = new LinkedHashMap<>();
        if (members.get(outer) instanceof Json.Obj(Map<String, Json> before)) {
            inner.putAll(before);
        }
        put(inner, key.substring(dot + 1), value);
        members.put(outer, new Json.Obj(inner));
    }

    /**
     * {@return the options that a command-line value writes, all as text}
     *
     * @param text as {@link #keyval} writes it
     * @param impliedKey the key of a first value without one
     */
    static Map<String, String> parse(String text, String impliedKey) {
        Map<String, String> values = new LinkedHashMap<>();
        int at = 0;
        while (at < text.length()) {
            StringBuilder item = new StringBuilder();
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == ',') {
                    if (at + 1 < text.length() && text.charAt(at + 1) == ',') {
                        at++;
                    } else {
                        break;
                    }
                }
                item.append(c);
                at++;
            }
            at++;
            int equals = item.indexOf("=");
            if (equals < 0) {
                values.put(values.isEmpty() ? impliedKey : item.toString(), item.toString());
            } else {
                values.put(item.substring(0, equals), item.substring(equals + 1));
            }
        }
        return values;
    }

    /** {@return these values as {@link #parse} gives them} */
    Map<String, String> plain() {
        Map<String, String> plain = new LinkedHashMap<>();
        values.forEach((key, value) -> plain.put(key, plain(value)));
        return plain;
    }

    /** Options on their way. Confined to one thread. */
    static final class Builder {

        private final String impliedKey;
        private final Map<String, Json> values = new LinkedHashMap<>();

        private Builder(String impliedKey) {
            this.impliedKey = impliedKey;
        }

        Builder text(String key, String value) {
            values.put(key, new Json.Text(value));
            return this;
        }

        /** Leaves the option out if the value is empty. */
        Builder textIfAny(String key, String value) {
            return value.isEmpty() ? this : text(key, value);
        }

        Builder number(String key, long value) {
            values.put(key, new Json.Whole(value));
            return this;
        }

        /** Leaves the option out if the number is 0. */
        Builder numberIfAny(String key, long value) {
            return value == 0 ? this : number(key, value);
        }

        Builder flag(String key, boolean value) {
            values.put(key, new Json.Bool(value));
            return this;
        }

        /** Leaves the option out if it is off. */
        Builder flagIfOn(String key, boolean value) {
            return value ? flag(key, true) : this;
        }

        Options build() {
            return new Options(impliedKey, values);
        }
    }
}

package dev.kumite.config;

import dev.kumite.oci.Location;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One table of the configuration, put together from all files, with the values that have the right
 * type.
 */
final class ConfigurationSection {

    private final String name;
    private final Location.Text header;
    private final Map<String, TomlNode> values = new LinkedHashMap<>();
    private final Set<String> unusable = new HashSet<>();

    /**
     * An empty table.
     *
     * @param name dotted, such as {@code hypervisor.qemu}
     * @param header where it first begins, or would
     */
    ConfigurationSection(String name, Location.Text header) {
        this.name = name;
        this.header = header;
    }

    String name() {
        return name;
    }

    Location.Text header() {
        return header;
    }

    /**
     * {@return the value of a key, by the table's own spelling, if some file gives one that can be
     * used}
     */
    Optional<TomlNode> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** {@return the text of a string key; empty if it is not set} */
    String text(String key) {
        return values.get(key) instanceof TomlNode.Text(String text, _) ? text : "";
    }

    /** {@return where a key is set, or else where its table begins} */
    Location.Text whereIs(String key) {
        return find(key).map(TomlNode::where).orElse(header);
    }

    /**
     * {@return whether the key is set to something of the wrong type, so that nothing can be said
     * about its absence}
     */
    boolean isUnusable(String key) {
        return unusable.contains(key);
    }

    void set(String key, TomlNode value) {
        values.put(key, value);
    }

    void markUnusable(String key) {
        unusable.add(key);
    }

    /** {@return the keys that are set, in the order of the files} */
    Set<String> keys() {
        return values.keySet();
    }
}

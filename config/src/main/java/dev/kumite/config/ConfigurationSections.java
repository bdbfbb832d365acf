package dev.kumite.config;

import dev.kumite.config.ConfigurationKey.Rule;
import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sorts the keys of all files into the tables that they belong to, later files over earlier ones: a
 * value replaces the value of the same key, lists included. Names are matched as the original
 * matches them: letter by letter if possible, else without regard to case. Confined to one thread,
 * for one configuration.
 */
final class ConfigurationSections {

    private final boolean strict;
    private final List<Problem> problems;
    private final Map<String, ConfigurationSection> hypervisors = new LinkedHashMap<>();
    private final Map<String, ConfigurationSection> agents = new LinkedHashMap<>();
    private final Map<String, ConfigurationSection> others = new LinkedHashMap<>();

    ConfigurationSections(boolean strict, List<Problem> problems) {
        this.strict = strict;
        this.problems = problems;
    }

    /** {@return the tables {@code [hypervisor.KIND]} by KIND, in the order of the files} */
    Map<String, ConfigurationSection> hypervisors() {
        return hypervisors;
    }

    /** {@return the tables {@code [agent.NAME]} by NAME, in the order of the files} */
    Map<String, ConfigurationSection> agents() {
        return agents;
    }

    /** {@return a table without further parts in its name; an empty one if no file has it} */
    ConfigurationSection section(String table, Location.Text ifAbsent) {
        ConfigurationSection section = others.get(table);
        return section == null ? new ConfigurationSection(table, ifAbsent) : section;
    }

    /** Adds what a file gives; what it gives in vain becomes a problem. */
    void add(TomlNode.Table file) {
        for (Map.Entry<String, TomlNode> entry : file.entries().entrySet()) {
            TomlNode node = entry.getValue();
            Optional<String> table = match(entry.getKey(), ConfigurationTable.TABLES);
            if (table.isPresent()) {
                addTable(table.get(), node);
            } else if (match(entry.getKey(), ConfigurationTable.FORMER_TABLES).isPresent()) {
                problems.add(
                        Problem.warning(
                                node.where(),
                                "[" + entry.getKey() + "] has no effect",
                                "it belongs to an earlier version of Kata Containers",
                                "remove it"));
            } else {
                problems.add(unknown(entry.getKey(), node, ""));
            }
        }
    }

    private void addTable(String table, TomlNode node) {
        switch (table) {
            case "hypervisor" -> addNamed(table, node, hypervisors);
            case "agent" -> addNamed(table, node, agents);
            default -> {
                if (node instanceof TomlNode.Table found) {
                    addKeys(
                            table,
                            found,
                            others.computeIfAbsent(
                                    table, name -> new ConfigurationSection(name, found.where())));
                } else {
                    problems.add(notATable("[" + table + "]", node));
                }
            }
        }
    }

    private void addNamed(String table, TomlNode node, Map<String, ConfigurationSection> sections) {
        if (!(node instanceof TomlNode.Table named)) {
            problems.add(
                    Problem.warning(
                            node.where(),
                            table + " is " + node.kind() + " and is ignored",
                            "it should be a group of tables such as ["
                                    + table
                                    + "."
                                    + example(table)
                                    + "]",
                            "remove it, or write the table"));
            return;
        }
        for (Map.Entry<String, TomlNode> entry : named.entries().entrySet()) {
            String name = table + "." + entry.getKey();
            if (entry.getValue() instanceof TomlNode.Table found) {
                ConfigurationSection section =
                        sections.computeIfAbsent(
                                entry.getKey(), _ -> new ConfigurationSection(name, found.where()));
                addKeys(
                        table,
                        found,
                        isRepeated(section, found) ? repeated(section, found) : section);
            } else {
                problems.add(notATable("[" + name + "]", entry.getValue()));
            }
        }
    }

    /** Within a file, a table's name can only be repeated in other case. */
    private static boolean isRepeated(ConfigurationSection section, TomlNode.Table found) {
        return section.header().source().equals(found.where().source())
                && !section.header().equals(found.where());
    }

    /** {@return a section whose values are forgotten} */
    private ConfigurationSection repeated(ConfigurationSection section, TomlNode.Table found) {
        problems.add(
                Problem.warning(
                        found.where(),
                        "[" + found.where().path() + "] has no effect",
                        "["
                                + section.header().path()
                                + "] stands before it; Kata Containers takes one of the two by chance",
                        "join the tables"));
        return new ConfigurationSection(section.name(), found.where());
    }

    private static String example(String table) {
        return table.equals("agent") ? "kata" : HypervisorKind.QEMU.word();
    }

    private static Problem notATable(String header, TomlNode node) {
        return Problem.error(
                node.where(),
                header + " is " + node.kind(),
                "it must be one table",
                "write " + header + " once, and its keys below");
    }

    private void addKeys(String table, TomlNode.Table node, ConfigurationSection section) {
        List<String> folded = new ArrayList<>();
        for (Map.Entry<String, TomlNode> entry : node.entries().entrySet()) {
            String key = entry.getKey();
            TomlNode value = entry.getValue();
            Optional<ConfigurationKey> known =
                    match(key, ConfigurationTable.keys(table).keySet())
                            .flatMap(name -> ConfigurationTable.find(table, name));
            if (known.isEmpty()) {
                problems.add(unknown(key, value, table));
                continue;
            }
            ConfigurationKey row = known.get();
            if (row.rule() instanceof Rule.NotRead(String why)) {
                problems.add(
                        Problem.warning(value.where(), key + " has no effect", why, "remove it"));
                continue;
            }
            if (!key.equals(row.name())) {
                folded.add(row.name());
            }
            addValue(
                    row,
                    value,
                    section,
                    node.entries().containsKey(row.name()) && !key.equals(row.name()));
        }
        for (String name : folded) {
            if (node.entries().containsKey(name)) {
                problems.add(
                        Problem.warning(
                                section.whereIs(name),
                                name + " is set twice, in different case",
                                "Kata Containers takes one of them by chance; this one counts here",
                                "remove the other"));
            }
        }
    }

    private void addValue(
            ConfigurationKey row, TomlNode value, ConfigurationSection section, boolean hidden) {
        Optional<Problem> wrong = TypeCheck.check(row, value);
        if (wrong.isPresent()) {
            problems.add(wrong.get());
            section.markUnusable(row.name());
        } else if (!hidden) {
            section.set(row.name(), value);
        }
    }

    private Problem unknown(String key, TomlNode value, String table) {
        boolean header = value instanceof TomlNode.Table;
        String what =
                header
                        ? "[" + value.where().path() + "] is no table of this configuration"
                        : "\""
                                + Toml.excerpt(key)
                                + "\" is no key of "
                                + (table.isEmpty()
                                        ? "the configuration's top level"
                                        : "[" + tableOf(value.where().path(), key, table) + "]");
        String why = "it is ignored";
        String fix = suggestion(key, table, header);
        return strict
                ? Problem.error(value.where(), what, "unknown keys are refused", fix)
                : Problem.warning(value.where(), what, why, fix);
    }

    /**
     * The table's name as the file has it, {@code hypervisor.qemu} and not just {@code hypervisor}.
     */
    private static String tableOf(String path, String key, String table) {
        return path.endsWith("." + key)
                ? path.substring(0, path.length() - key.length() - 1)
                : table;
    }

    private static String suggestion(String key, String table, boolean header) {
        Set<String> keys = ConfigurationTable.keys(table).keySet();
        Optional<String> closest =
                DidYouMean.closest(
                        key, table.isEmpty() && header ? ConfigurationTable.TABLES : keys);
        if (closest.isPresent()) {
            return "did you mean \"" + closest.get() + "\"?";
        }
        for (ConfigurationKey row : ConfigurationTable.all()) {
            if (!header && row.name().equals(key) && !(row.rule() instanceof Rule.NotRead)) {
                return "move it to " + row.place().header();
            }
        }
        return "remove it";
    }

    /** {@return the known name that a file's name stands for} */
    private static Optional<String> match(String name, Iterable<String> known) {
        Optional<String> match = Optional.empty();
        for (String candidate : known) {
            if (candidate.equals(name)) {
                return Optional.of(candidate);
            }
            if (match.isEmpty() && equalFold(candidate, name)) {
                match = Optional.of(candidate);
            }
        }
        return match;
    }

    /**
     * {@return whether a known name, which is in ASCII, equals another without regard to case} Two
     * letters beyond ASCII fold into it. Source: Go, {@code strings.EqualFold}.
     */
    private static boolean equalFold(String known, String name) {
        if (known.length() != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (fold(name.charAt(i)) != known.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static char fold(char c) {
        return switch (c) {
            case 'ſ' -> 's';
            case '\u212A' -> 'k';
            default -> c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
        };
    }
}

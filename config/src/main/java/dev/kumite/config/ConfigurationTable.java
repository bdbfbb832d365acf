package dev.kumite.config;

import dev.kumite.config.ConfigurationKey.Place;
import dev.kumite.config.ConfigurationKey.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All keys of {@code configuration.toml}, one row each. Reading, checking, did-you-mean and the
 * reference page are made from this table and nothing else.
 *
 * <p>Source: Kata Containers, Go runtime, mid-2022, {@code pkg/katautils/config.go} and the
 * templates of {@code config/}.
 */
public final class ConfigurationTable {

    /**
     * What {@code [hypervisor.KIND]} and {@code [agent.NAME]} begin with, and the other tables are
     * called.
     */
    static final List<String> TABLES =
            List.of("hypervisor", "agent", "runtime", "factory", "image");

    /** Tables of Kata Containers 1, which nothing reads any more. */
    static final List<String> FORMER_TABLES = List.of("netmon", "proxy", "shim");

    private static final List<ConfigurationKey> ROWS = rows();
    private static final Map<String, Map<String, ConfigurationKey>> BY_TABLE = byTable();

    private ConfigurationTable() {}

    /** {@return all rows, in the order of the reference page} */
    public static List<ConfigurationKey> all() {
        return ROWS;
    }

    /** {@return whether a value of the field must be masked wherever it is shown} */
    public static boolean isSecret(Field<?, ?> field) {
        for (ConfigurationKey row : ROWS) {
            if (row.rule() instanceof Rule.Secret(Field<?, String> secret) && secret == field) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return the row of a key}
     *
     * @param table the first part of the table's name, such as {@code hypervisor}
     * @param name the key, letter by letter
     */
    public static Optional<ConfigurationKey> find(String table, String name) {
        return Optional.ofNullable(keys(table).get(name));
    }

    /** {@return the rows of a table by their keys, in the order of the reference page} */
    static Map<String, ConfigurationKey> keys(String table) {
        return BY_TABLE.getOrDefault(table, Map.of());
    }

    /** {@return the first part of the table's name} */
    static String table(Place place) {
        return switch (place) {
            case Place.Hypervisor _ -> "hypervisor";
            case Place.Agent() -> "agent";
            case Place.RuntimeTable() -> "runtime";
            case Place.Factory() -> "factory";
            case Place.Image() -> "image";
            case Place.Netmon() -> "netmon";
        };
    }

    private static Map<String, Map<String, ConfigurationKey>> byTable() {
        Map<String, Map<String, ConfigurationKey>> byTable = new HashMap<>();
        for (ConfigurationKey row : ROWS) {
            byTable.computeIfAbsent(table(row.place()), _ -> new LinkedHashMap<>())
                    .put(row.name(), row);
        }
        return byTable;
    }

    private static List<ConfigurationKey> rows() {
        List<ConfigurationKey> rows = new ArrayList<>(160);
        HypervisorKeys.addTo(rows);
        HypervisorDeviceKeys.addTo(rows);
        RuntimeKeys.addTo(rows);
        return List.copyOf(rows);
    }
}

package dev.kumite.cli;

import dev.kumite.config.Feature;
import dev.kumite.config.Field;
import dev.kumite.config.Origin;
import dev.kumite.config.Param;
import dev.kumite.config.Settings;
import java.util.List;
import java.util.Locale;

/** Values, one per line, with their names and origins. Confined to one thread. */
final class SettingsTable {

    private final TextTable table;
    private final boolean origins;

    private SettingsTable(TextTable table, boolean origins) {
        this.table = table;
        this.origins = origins;
    }

    /**
     * {@return an empty table}
     *
     * @param origins whether it has a column for them
     */
    static SettingsTable of(boolean origins) {
        return new SettingsTable(
                origins ? TextTable.of("FIELD", "VALUE", "ORIGIN") : TextTable.of("FIELD", "VALUE"),
                origins);
    }

    /** Adds each value that is not zero. */
    <S> SettingsTable add(Settings<S> settings) {
        for (Field<S, ?> field : settings.schema().fields()) {
            if (!settings.isZero(field)) {
                add(field.toString(), settings.get(field), settings.origin(field));
            }
        }
        return this;
    }

    /** Adds a value. */
    SettingsTable add(String name, Object value, Origin origin) {
        if (origins) {
            table.row(name, text(value), origin.describe());
        } else {
            table.row(name, text(value));
        }
        return this;
    }

    /** Writes the table. */
    void write(Console console) {
        table.write(console.out(), console.outColours());
    }

    private static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Param param ->
                    param.value().isEmpty() ? param.key() : param.key() + "=" + param.value();
            case Feature feature -> feature.name();
            case Enum<?> word -> word.name().toLowerCase(Locale.ROOT).replace('_', '-');
            case List<?> values -> {
                StringBuilder text = new StringBuilder();
                for (Object element : values) {
                    text.append(text.isEmpty() ? "" : " ").append(text(element));
                }
                yield text.toString();
            }
            default -> value.toString();
        };
    }
}

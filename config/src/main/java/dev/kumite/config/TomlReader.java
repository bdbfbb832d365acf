package dev.kumite.config;

import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/**
 * Reads the text of a configuration file into {@link TomlNode}s. The library reads TOML 1.0; what
 * the original reads otherwise is settled before and after it by {@link TomlDialect}. Confined to
 * one thread, for one text.
 */
final class TomlReader {

    private static final TomlParseOptions OPTIONS =
            TomlParseOptions.sourceless()
                    .withVersion(TomlVersion.V1_0_0)
                    .withMaxNestingDepth(TomlDialect.MAX_DEPTH);

    private final ConfigurationText file;
    private final TomlDialect dialect;

    private TomlReader(ConfigurationText file, TomlDialect dialect) {
        this.file = file;
        this.dialect = dialect;
    }

    /** {@return the file's values, if its syntax is right; else there are problems} */
    static Optional<TomlNode.Table> read(ConfigurationText file, List<Problem> problems) {
        TomlDialect dialect = TomlDialect.of(file);
        TomlReader reader = new TomlReader(file, dialect);
        TomlParseResult parsed;
        try {
            parsed = Toml.parse(dialect.rewritten(), OPTIONS);
        } catch (RuntimeException bugOfTheLibrary) {
            // tomlj 2.2.0 fails on some texts that are no TOML, such as "a = {b = ,}", instead of
            // reporting them.
            problems.addAll(reader.unreadable());
            return Optional.empty();
        }
        List<Problem> wrong = reader.errors(parsed.errors());
        if (!wrong.isEmpty()) {
            problems.addAll(wrong);
            return Optional.empty();
        }
        return Optional.of(reader.table(parsed, "", new Location.Text(file.path(), 0, 0, "")));
    }

    private List<Problem> unreadable() {
        List<Problem> wrong = errors(List.of());
        if (wrong.isEmpty()) {
            wrong.add(
                    Problem.error(
                            at(null, ""),
                            "the file cannot be read",
                            "this is not TOML",
                            "correct its syntax"));
        }
        return wrong;
    }

    private List<Problem> errors(List<TomlParseError> errors) {
        List<Problem> wrong = new ArrayList<>();
        for (TomlParseError error : errors) {
            int line = error.position().line();
            if (!dialect.refusesLine(line)) {
                wrong.add(
                        Problem.error(
                                at(error.position(), ""),
                                message(error),
                                "this is not TOML",
                                "correct the line; the rest is looked at when all of the file can be read"));
            }
        }
        for (TomlDialect.Refusal refusal : dialect.refusals()) {
            boolean told = false;
            for (TomlParseError error : errors) {
                int line = error.position().line();
                told |=
                        !refusal.certain()
                                && line >= refusal.firstLine()
                                && line <= refusal.lastLine() + 1;
            }
            if (!told) {
                wrong.add(refusal.problem());
            }
        }
        return wrong;
    }

    private static String message(TomlParseError error) {
        String message = error.getMessage();
        if (message == null || message.isEmpty()) {
            return "unreadable";
        }
        String first = message.substring(0, 1);
        return first.toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private TomlNode.Table table(TomlTable table, String prefix, Location.Text where) {
        Map<String, TomlNode> entries = new LinkedHashMap<>();
        for (String raw : table.keySet()) {
            List<String> path = List.of(raw);
            String key = dialect.restore(raw);
            String dotted = prefix.isEmpty() ? key : prefix + "." + key;
            entries.put(
                    key, node(table.get(path), dotted, at(table.inputPositionOf(path), dotted)));
        }
        return new TomlNode.Table(entries, where);
    }

    private TomlNode node(@Nullable Object value, String key, Location.Text where) {
        return switch (value) {
            case null -> new TomlNode.Text("", where);
            case TomlTable table -> table(table, key, where);
            case TomlArray array -> array(array, key, where);
            case String text -> new TomlNode.Text(dialect.restore(text), where);
            case Long number -> new TomlNode.Whole(number, where);
            case Double number -> new TomlNode.Real(number, where);
            case Boolean bool -> new TomlNode.Bool(bool, where);
            // Whatever else the library knows is a kind of date or time.
            default -> new TomlNode.Time(value.toString(), where);
        };
    }

    private TomlNode array(TomlArray array, String key, Location.Text where) {
        List<TomlNode> elements = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            elements.add(node(array.get(i), key, at(array.inputPositionOf(i), key)));
        }
        return new TomlNode.Array(elements, where);
    }

    /** The library counts columns in code points, a {@link Location} in UTF-16 code units. */
    private Location.Text at(@Nullable TomlPosition position, String key) {
        if (position == null) {
            return new Location.Text(file.path(), 0, 0, key);
        }
        return new Location.Text(
                file.path(),
                position.line(),
                dialect.column(position.line(), position.column()),
                key);
    }
}

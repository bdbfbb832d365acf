package dev.kumite.config;

import dev.kumite.config.ConfigurationKey.ValueType;
import dev.kumite.oci.Problem;
import java.util.List;
import java.util.Optional;

/** Whether values have the type and range that their keys want. */
final class TypeCheck {

    private TypeCheck() {}

    /** {@return what is wrong with the value of a key, if its type is} */
    static Optional<Problem> check(ConfigurationKey row, TomlNode value) {
        ValueType type = row.rule().type();
        if (type == ValueType.STRINGS
                && value instanceof TomlNode.Array(List<TomlNode> elements, _)) {
            for (TomlNode element : elements) {
                if (!(element instanceof TomlNode.Text)) {
                    return Optional.of(
                            Problem.error(
                                    element.where(),
                                    row.name() + " has the element " + shown(row, element),
                                    "it must be a list of strings, and this is " + element.kind(),
                                    "put the element in quotes, or remove it"));
                }
            }
            return Optional.empty();
        }
        boolean right =
                switch (type) {
                    case STRING -> value instanceof TomlNode.Text;
                    case STRINGS -> false;
                    case BOOL -> value instanceof TomlNode.Bool;
                    case INT32, UINT32, INT64, UINT64 -> value instanceof TomlNode.Whole;
                    case ANY -> true;
                };
        if (!right) {
            return Optional.of(
                    Problem.error(
                            value.where(),
                            row.name() + " is " + shown(row, value),
                            "it must be a " + type.words() + ", and this is " + value.kind(),
                            fix(type)));
        }
        return value instanceof TomlNode.Whole(long number, _)
                ? range(row, type, number, value)
                : Optional.empty();
    }

    private static Optional<Problem> range(
            ConfigurationKey row, ValueType type, long number, TomlNode value) {
        long least = type == ValueType.INT32 ? Integer.MIN_VALUE : 0;
        long most = type == ValueType.INT32 ? Integer.MAX_VALUE : HypervisorKeys.MAX_UINT32;
        boolean small = type == ValueType.INT32 || type == ValueType.UINT32;
        if (!small || (number >= least && number <= most)) {
            return Optional.empty();
        }
        return Optional.of(
                Problem.error(
                        value.where(),
                        row.name() + " is " + number,
                        "it does not fit 32 bits: it must be from " + least + " to " + most,
                        "use a number in that range"));
    }

    private static String shown(ConfigurationKey row, TomlNode value) {
        return row.isSecret() ? "not what it should be" : value.written();
    }

    private static String fix(ValueType type) {
        return switch (type) {
            case STRING -> "put it in quotes";
            case STRINGS -> "write it as [\"...\", \"...\"]";
            case BOOL -> "write true or false, without quotes";
            case INT32, UINT32, INT64, UINT64 -> "write a whole number, without quotes";
            case ANY -> "remove it";
        };
    }
}

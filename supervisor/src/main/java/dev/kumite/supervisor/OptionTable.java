package dev.kumite.supervisor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of a command, and how they are told from operands: {@code --name value}, {@code
 * --name=value}, {@code -n value}; a flag also {@code --name=false}. {@code --} ends options, and
 * so does the first operand where what follows belongs to another program.
 *
 * @param flags names without a value
 * @param valued names with a value
 * @param letters a name for each letter
 * @param prefix whether the first operand ends the options
 */
record OptionTable(
        Set<String> flags, Set<String> valued, Map<String, String> letters, boolean prefix) {

    /**
     * A command line, taken apart.
     *
     * @param flags those that are set
     * @param values of the others, in their order
     * @param operands the rest
     */
    record Parsed(Set<String> flags, Map<String, List<String>> values, List<String> operands) {

        boolean has(String flag) {
            return flags.contains(flag);
        }

        List<String> all(String name) {
            return values.getOrDefault(name, List.of());
        }

        /** {@return the last value given} */
        Optional<String> last(String name) {
            List<String> all = all(name);
            return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
        }
    }

    /**
     * @param command named in messages
     */
    Parsed parse(String command, List<String> arguments) {
        Set<String> set = new java.util.HashSet<>();
        Map<String, List<String>> values = new HashMap<>();
        List<String> operands = new ArrayList<>();
        int at = 0;
        while (at < arguments.size()) {
            String argument = arguments.get(at++);
            if (argument.equals("--")) {
                operands.addAll(arguments.subList(at, arguments.size()));
                break;
            }
            if (argument.length() < 2 || argument.charAt(0) != '-') {
                operands.add(argument);
                if (prefix) {
                    operands.addAll(arguments.subList(at, arguments.size()));
                    break;
                }
                continue;
            }
            int equals = argument.indexOf('=');
            String given = equals < 0 ? argument : argument.substring(0, equals);
            String name = name(given);
            if (flags.contains(name)) {
                boolean off = equals >= 0 && argument.substring(equals + 1).equals("false");
                if (off) {
                    set.remove(name);
                } else {
                    set.add(name);
                }
            } else if (valued.contains(name)) {
                if (equals < 0 && at == arguments.size()) {
                    throw usage(command + ": " + given + " needs a value");
                }
                String value = equals < 0 ? arguments.get(at++) : argument.substring(equals + 1);
                values.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
            } else {
                throw usage(command + ": there is no option " + given);
            }
        }
        return new Parsed(set, values, operands);
    }

    private String name(String given) {
        if (given.startsWith("--")) {
            return given.substring(2);
        }
        // runc takes long names with a single dash, too.
        String letters = given.substring(1);
        return this.letters.getOrDefault(letters, letters);
    }

    static SupervisorException usage(String message) {
        return SupervisorException.of(SupervisorException.Category.USAGE, message);
    }
}

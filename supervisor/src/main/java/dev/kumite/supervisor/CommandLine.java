package dev.kumite.supervisor;

import dev.kumite.linux.Signals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A command line as engines write it for any OCI runtime.
 *
 * <p>Options that only matter to a runtime that shares the host's kernel are accepted and have no
 * effect: the cgroup manager, keyrings, {@code pivot_root}.
 *
 * @param log where errors go beside standard error; empty for nowhere else
 * @param json whether they are JSON there
 * @param systemdCgroup whether cgroup paths are in systemd's form
 * @param verb what is asked for
 */
record CommandLine(Optional<String> log, boolean json, boolean systemdCgroup, Verb verb) {

    /** What can be said of errors before the rest of the line is understood. */
    record Logging(Optional<String> log, boolean json) {}

    private static final OptionTable GLOBAL =
            new OptionTable(
                    Set.of("systemd-cgroup", "debug", "version"),
                    Set.of(
                            "root",
                            "log",
                            "log-format",
                            "log-level",
                            "cgroup-manager",
                            "criu",
                            "rootless"),
                    Map.of(),
                    true);

    private static final Map<String, OptionTable> VERBS =
            Map.ofEntries(
                    Map.entry(
                            "create",
                            table(
                                    Set.of("no-pivot", "no-new-keyring", "no-subreaper"),
                                    Set.of(
                                            "bundle",
                                            "config",
                                            "pid-file",
                                            "console-socket",
                                            "preserve-fds",
                                            "pidfd-socket"),
                                    Map.of("b", "bundle", "f", "config"))),
                    Map.entry("start", table(Set.of(), Set.of(), Map.of())),
                    Map.entry("state", table(Set.of("all"), Set.of(), Map.of("a", "all"))),
                    Map.entry(
                            "kill",
                            table(
                                    Set.of("all"),
                                    Set.of("signal"),
                                    Map.of("a", "all", "s", "signal"))),
                    Map.entry("delete", table(Set.of("force"), Set.of(), Map.of("f", "force"))),
                    Map.entry(
                            "exec",
                            new OptionTable(
                                    Set.of(
                                            "detach",
                                            "tty",
                                            "no-new-privs",
                                            "no-subreaper",
                                            "ignore-paused"),
                                    Set.of(
                                            "process",
                                            "pid-file",
                                            "console-socket",
                                            "cwd",
                                            "user",
                                            "env",
                                            "additional-gids",
                                            "cap",
                                            "preserve-fds",
                                            "cgroup",
                                            "apparmor",
                                            "process-label",
                                            "pidfd-socket"),
                                    Map.of(
                                            "d",
                                            "detach",
                                            "t",
                                            "tty",
                                            "p",
                                            "process",
                                            "u",
                                            "user",
                                            "e",
                                            "env",
                                            "g",
                                            "additional-gids",
                                            "c",
                                            "cap"),
                                    true)),
                    Map.entry("pause", table(Set.of(), Set.of(), Map.of())),
                    Map.entry("resume", table(Set.of(), Set.of(), Map.of())),
                    Map.entry(
                            "update",
                            table(Set.of(), LimitOptions.withFile(), Map.of("r", "resources"))),
                    Map.entry("ps", table(Set.of(), Set.of("format"), Map.of("f", "format"))),
                    Map.entry("events", table(Set.of("stats"), Set.of("interval"), Map.of())),
                    Map.entry("holder-signal", table(Set.of(), Set.of(), Map.of())));

    private static OptionTable table(
            Set<String> flags, Set<String> valued, Map<String, String> letters) {
        return new OptionTable(flags, valued, letters, false);
    }

    /** {@return where errors go; what is wrong with the line does not matter} */
    static Logging logging(List<String> arguments) {
        try {
            OptionTable.Parsed global = GLOBAL.parse("kumite", arguments);
            return new Logging(
                    global.last("log").filter(file -> !file.isEmpty()),
                    global.last("log-format").orElse("text").equals("json"));
        } catch (SupervisorException notUnderstood) {
            return new Logging(Optional.empty(), false);
        }
    }

    /**
     * {@return the command line}
     *
     * @param arguments without the program's name
     * @throws SupervisorException USAGE
     */
    static CommandLine parse(List<String> arguments) {
        OptionTable.Parsed global = GLOBAL.parse("kumite", arguments);
        if (global.operands().isEmpty()) {
            throw OptionTable.usage("a command is missing");
        }
        String name = global.operands().getFirst();
        OptionTable table = VERBS.get(name);
        if (table == null) {
            throw OptionTable.usage("there is no command \"" + name + "\" in the supervisor");
        }
        OptionTable.Parsed parsed =
                table.parse(name, global.operands().subList(1, global.operands().size()));
        Logging logging = logging(arguments);
        return new CommandLine(
                logging.log(), logging.json(), global.has("systemd-cgroup"), verb(name, parsed));
    }

    private static Verb verb(String name, OptionTable.Parsed parsed) {
        return switch (name) {
            case "create" -> create(parsed);
            case "start" -> new Verb.Start(only(name, parsed));
            case "state" -> new Verb.State(only(name, parsed));
            case "kill" -> kill(parsed);
            case "delete" -> new Verb.Delete(only(name, parsed), parsed.has("force"));
            case "exec" -> exec(parsed);
            case "pause" -> new Verb.Pause(only(name, parsed));
            case "resume" -> new Verb.Resume(only(name, parsed));
            case "update" ->
                    new Verb.Update(
                            only(name, parsed), parsed.last("resources"), LimitOptions.in(parsed));
            // What follows the id are options for ps(1), which cannot see into a machine.
            case "ps" ->
                    new Verb.Ps(
                            first(name, parsed), parsed.last("format").orElse("").equals("json"));
            case "events" -> new Verb.Events(only(name, parsed));
            case "holder-signal" -> holderSignal(parsed);
            default -> throw new AssertionError(name);
        };
    }

    private static Verb create(OptionTable.Parsed parsed) {
        refuseDescriptors("create", parsed);
        if (parsed.last("config").isPresent()) {
            throw OptionTable.usage(
                    "create: --config is not supported, the bundle's config.json is read");
        }
        return new Verb.Create(
                only("create", parsed),
                parsed.last("bundle").orElse("."),
                parsed.last("pid-file"),
                parsed.last("console-socket"));
    }

    private static Verb kill(OptionTable.Parsed parsed) {
        List<String> operands = parsed.operands();
        if (operands.isEmpty() || operands.size() > 2) {
            throw OptionTable.usage("kill: wants a container's id and a signal");
        }
        String given =
                operands.size() == 2 ? operands.get(1) : parsed.last("signal").orElse("SIGTERM");
        OptionalInt signal = Signals.parse(given);
        if (signal.isEmpty()) {
            throw OptionTable.usage("kill: there is no signal \"" + given + "\"");
        }
        return new Verb.Kill(operands.getFirst(), signal.getAsInt(), parsed.has("all"));
    }

    private static Verb exec(OptionTable.Parsed parsed) {
        refuseDescriptors("exec", parsed);
        List<String> operands = parsed.operands();
        Optional<String> file = parsed.last("process");
        if (operands.isEmpty()) {
            throw OptionTable.usage("exec: a container's id is missing");
        }
        Verb.Program program;
        if (file.isPresent()) {
            program = new Verb.Program.Described(file.get(), parsed.has("tty"));
        } else if (operands.size() > 1) {
            program =
                    new Verb.Program.Named(
                            operands.subList(1, operands.size()),
                            parsed.all("env"),
                            parsed.last("cwd"),
                            parsed.last("user"),
                            parsed.has("tty"));
        } else {
            throw OptionTable.usage("exec: a program is missing: name one, or give --process");
        }
        return new Verb.Exec(
                operands.getFirst(),
                program,
                parsed.last("pid-file"),
                parsed.last("console-socket"),
                parsed.has("detach"));
    }

    private static void refuseDescriptors(String name, OptionTable.Parsed parsed) {
        String count = parsed.last("preserve-fds").orElse("0");
        if (!count.equals("0")) {
            throw OptionTable.usage(
                    name
                            + ": --preserve-fds "
                            + count
                            + " cannot be done: an open file of this"
                            + " host cannot be passed into a virtual machine");
        }
    }

    private static Verb holderSignal(OptionTable.Parsed parsed) {
        List<Integer> numbers = new ArrayList<>();
        for (String operand : parsed.operands()) {
            try {
                numbers.add(Integer.parseInt(operand));
            } catch (NumberFormatException notANumber) {
                throw OptionTable.usage("holder-signal: \"" + operand + "\" is no number");
            }
        }
        if (numbers.size() != 2) {
            throw OptionTable.usage("holder-signal: wants a signal and a pid");
        }
        return new Verb.HolderSignal(numbers.get(1), numbers.get(0));
    }

    private static String first(String name, OptionTable.Parsed parsed) {
        if (parsed.operands().isEmpty()) {
            throw OptionTable.usage(name + ": a container's id is missing");
        }
        return parsed.operands().getFirst();
    }

    private static String only(String name, OptionTable.Parsed parsed) {
        if (parsed.operands().size() > 1) {
            throw OptionTable.usage(
                    name + ": \"" + parsed.operands().get(1) + "\" is one argument too many");
        }
        return first(name, parsed);
    }
}

package dev.kumite.supervisor;

import dev.kumite.engine.ProcessSpec;
import dev.kumite.oci.Limits;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Process;
import dev.kumite.oci.Resources;
import dev.kumite.oci.SpecReader;
import dev.kumite.oci.User;
import dev.kumite.supervisor.SupervisorException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the files that a command names. */
final class Inputs {

    private Inputs() {}

    /**
     * A further program.
     *
     * @param spec what to run
     * @param console where the caller listens for a terminal; empty if there is to be none
     */
    record ExecProgram(ProcessSpec spec, Optional<Path> console) {}

    static ExecProgram program(Caller caller, Verb.Exec exec) {
        return switch (exec.program()) {
            case Verb.Program.Described(String path, boolean terminal) -> {
                Path file = caller.resolve(path);
                Process read = value(SpecReader.readProcess(read(file), file.toString()));
                Process process = terminal ? read.withTerminal(read.consoleSize()) : read;
                yield new ExecProgram(
                        ProcessSpec.of(process),
                        console(caller, exec.consoleSocket(), process.terminal()));
            }
            case Verb.Program.Named named ->
                    new ExecProgram(
                            named(named), console(caller, exec.consoleSocket(), named.terminal()));
        };
    }

    private static ProcessSpec named(Verb.Program.Named named) {
        ProcessSpec.Builder program = ProcessSpec.builder().command(named.args());
        for (String variable : named.env()) {
            int equals = variable.indexOf('=');
            if (equals < 1) {
                throw OptionTable.usage("exec: \"" + variable + "\" is not NAME=value");
            }
            program.env(variable.substring(0, equals), variable.substring(equals + 1));
        }
        named.cwd().ifPresent(program::cwd);
        named.user().ifPresent(user -> program.user(user(user)));
        if (named.terminal()) {
            program.terminal(24, 80);
        }
        return program.build();
    }

    private static User user(String text) {
        String[] parts = text.split(":", 2);
        try {
            long uid = Long.parseLong(parts[0]);
            long gid = parts.length > 1 ? Long.parseLong(parts[1]) : 0;
            return new User(uid, gid, Optional.empty(), List.of(), "");
        } catch (NumberFormatException notNumbers) {
            throw OptionTable.usage("exec: --user \"" + text + "\" is not UID or UID:GID");
        }
    }

    /** {@return where the terminal goes, if there is to be one} */
    static Optional<Path> console(Caller caller, Optional<String> socket, boolean terminal) {
        if (terminal && socket.isEmpty()) {
            throw SupervisorException.of(
                    Category.CALLER,
                    "cannot allocate tty without --console-socket, the socket to send it to");
        }
        if (!terminal && socket.isPresent()) {
            throw SupervisorException.of(
                    Category.CALLER, "--console-socket is given, but the process has no terminal");
        }
        return socket.map(caller::resolve);
    }

    static Resources limits(Caller caller, Verb.Update update) {
        if (update.file().isPresent()) {
            String name = update.file().get();
            byte[] text =
                    name.equals("-")
                            ? caller.input(Limits.MAX_DOCUMENT_LENGTH + 1)
                            : read(caller.resolve(name));
            return value(SpecReader.readResources(text, name.equals("-") ? "<stdin>" : name));
        }
        String json = LimitOptions.json(update.limits());
        return value(
                SpecReader.readResources(json.getBytes(StandardCharsets.UTF_8), "<command line>"));
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(Limits.MAX_DOCUMENT_LENGTH + 1);
        } catch (IOException failure) {
            throw SupervisorException.caller("cannot read \"" + file + "\"", failure);
        }
    }

    private static <T> T value(Outcome<T> outcome) {
        return outcome.value()
                .orElseThrow(() ->
                        SupervisorException.of(
                                Category.CALLER,
                                outcome.errors().stream()
                                        .map(Problem::describe)
                                        .collect(Collectors.joining("; "))));
    }
}

package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The options before the command that engines give to every OCI runtime. Source: runc(8), crun(1).
 *
 * @param root where containers are kept; empty for what the command itself says
 * @param log file that gets a record of what fails; empty for none
 * @param json whether the record is JSON
 * @param version whether only the version is asked for
 * @param rest the command and all behind it
 */
record GlobalOptions(
        Optional<String> root,
        Optional<String> log,
        boolean json,
        boolean version,
        List<String> rest) {

    /** Those with a value. */
    private static final List<String> VALUED =
            List.of(
                    "--root",
                    "--log",
                    "--log-format",
                    "--log-level",
                    "--cgroup-manager",
                    "--criu",
                    "--rootless");

    private static final List<String> FLAGS = List.of("--systemd-cgroup", "--debug");

    GlobalOptions {
        rest = List.copyOf(rest);
    }

    /** {@return the options, up to the first word that is none of them} */
    static GlobalOptions of(List<String> words) {
        Optional<String> root = Optional.empty();
        Optional<String> log = Optional.empty();
        boolean json = false;
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            boolean attached = equals > 0;
            if (FLAGS.contains(name)) {
                at++;
                continue;
            }
            if (!VALUED.contains(name) || (!attached && at + 1 == words.size())) {
                break;
            }
            String value = attached ? word.substring(equals + 1) : words.get(at + 1);
            at += attached ? 1 : 2;
            switch (name) {
                case "--root" -> root = Optional.of(value);
                case "--log" -> log = Optional.of(value).filter(file -> !file.isEmpty());
                case "--log-format" -> json = value.equals("json");
                default -> {
                    // The guest has its own cgroups and no CRIU.
                }
            }
        }
        List<String> rest = words.subList(at, words.size());
        boolean version =
                rest.size() == 1
                        && (rest.getFirst().equals("--version") || rest.getFirst().equals("-v"));
        return new GlobalOptions(root, log, json, version, rest);
    }

    /**
     * Appends what failed to the log: one record, as runc's. What cannot be written is on standard
     * error all the same.
     */
    void append(String message, Instant time) {
        if (log.isEmpty()) {
            return;
        }
        String text = new String(JsonBytes.quoted(message), UTF_8);
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        String line =
                json
                        ? "{\"level\":\"error\",\"msg\":\""
                                + text
                                + "\",\"time\":\""
                                + second
                                + "\"}\n"
                        : "time=\"" + second + "\" level=error msg=\"" + text + "\"\n";
        try {
            Files.writeString(
                    Path.of(log.get()), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            return;
        }
    }
}

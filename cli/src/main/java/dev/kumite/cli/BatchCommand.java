package dev.kumite.cli;

import dev.kumite.oci.Location;
import dev.kumite.oci.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code kumite plan --batch}: answers one case per line. */
final class BatchCommand {

    private static final String STANDARD_INPUT = "-";

    /** What each line says itself. */
    private static final List<String> PER_LINE =
            List.of("bundle", "id", "console", "detach", "systemd-cgroup", PlanCommand.FORMAT);

    private BatchCommand() {}

    static ExitCode run(String command, Arguments arguments, Console console) {
        for (String option : PER_LINE) {
            if (arguments.has(option)) {
                return console.misused(
                        command,
                        "--"
                                + option
                                + " means nothing with --"
                                + PlanCommand.BATCH
                                + ": each line says it");
            }
        }
        for (String assignment : arguments.values(PlanCommand.SUBSTITUTE)) {
            Optional<String> complaint = Substitutions.complaint(assignment);
            if (complaint.isPresent()) {
                return console.misused(command, complaint.get());
            }
        }
        Batch batch =
                new Batch(
                        ConfigurationInput.host(arguments),
                        arguments.value(PlanCommand.CONFIG_DIR, ""),
                        Substitutions.of(arguments.values(PlanCommand.SUBSTITUTE)),
                        ConfigurationInput.path(
                                arguments.value(ConfigurationInput.CONFIG), console),
                        ConfigurationInput.loadOptions(arguments));
        BatchRun run = new BatchRun(new BatchAnswers(batch), console);
        String file = arguments.value(PlanCommand.BATCH, STANDARD_INPUT);
        if (file.equals(STANDARD_INPUT)) {
            return run.run(console.in());
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return run.run(in);
        } catch (NoSuchFileException e) {
            return unreadable(file, "there is no such file", console);
        } catch (IOException | InvalidPathException e) {
            return unreadable(file, String.valueOf(e.getMessage()), console);
        }
    }

    private static ExitCode unreadable(String file, String reason, Console console) {
        Problem problem =
                Problem.error(
                        new Location.Text(file, 0, 0, ""),
                        "the batch cannot be read",
                        reason,
                        "name a file of JSON documents, one per line, or - for standard input");
        console.report(List.of(problem), Console.Format.TEXT);
        return ExitCode.REFUSED;
    }
}

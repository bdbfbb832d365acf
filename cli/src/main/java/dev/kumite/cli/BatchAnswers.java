package dev.kumite.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kumite.config.ContainerPlanner;
import dev.kumite.config.ContainerType;
import dev.kumite.config.KataJson;
import dev.kumite.config.Origin;
import dev.kumite.config.PlanRequest;
import dev.kumite.config.RuntimeConfig;
import dev.kumite.config.SandboxPlanner;
import dev.kumite.config.Sizing;
import dev.kumite.oci.Location;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Problem;
import dev.kumite.oci.Process;
import dev.kumite.oci.Spec;
import dev.kumite.oci.SpecReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Answers the lines of a batch. Thread-safe. */
final class BatchAnswers {

    /** Names the specification of a case in messages. */
    private static final String SPEC = "config.json";

    private final Batch batch;
    private final BatchConfigurations configurations;

    BatchAnswers(Batch batch) {
        this.batch = batch;
        configurations = new BatchConfigurations(batch);
    }

    /**
     * What came of a case.
     *
     * @param json the result; empty if the case was refused
     * @param resolved the configuration file that was loaded; empty if that was not asked for
     * @param problems all of them
     */
    private record Result(String json, String resolved, List<Problem> problems) {

        static Result of(String json, List<Problem> problems) {
            return new Result(json, "", problems);
        }

        static Result refused(List<Problem> problems) {
            return new Result("", "", problems);
        }

        static <T> Result of(Outcome<T> outcome, List<Problem> before, Function<T, String> writer) {
            List<Problem> problems = before;
            if (!outcome.problems().isEmpty()) {
                problems = new ArrayList<>(before);
                problems.addAll(outcome.problems());
            }
            return outcome.isRefused()
                    ? refused(problems)
                    : of(writer.apply(outcome.value().orElseThrow()), problems);
        }
    }

    /**
     * {@return the answer to a line, one JSON document without the end of the line; never an
     * exception}
     */
    byte[] answer(byte[] line, long lineNumber) {
        String name = "line " + lineNumber;
        try {
            BatchCaseReader.Answerable read =
                    BatchCaseReader.read(
                            batch.substitutions().inJson(line), lineNumber, batch.cpus());
            name = read.name();
            Outcome<BatchCase> asked = read.outcome();
            Result result =
                    asked.isRefused()
                            ? Result.refused(asked.problems())
                            : answer(asked.value().orElseThrow());
            return write(name, result);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError defect) {
            // One line must not end the batch, whatever is wrong with it, or with us.
            return write(name, Result.refused(List.of(defect(lineNumber, defect))));
        }
    }

    /** {@return the answer to a line that is longer than any may be} */
    byte[] tooLong(long lineNumber) {
        Problem problem =
                Problem.error(
                        place(lineNumber),
                        "the line is longer than " + BatchLines.MAX_LINE_BYTES + " bytes",
                        "",
                        "split it, or plan this bundle alone");
        return write("line " + lineNumber, Result.refused(List.of(problem)));
    }

    private Result answer(BatchCase asked) {
        return switch (asked.operation()) {
            case LOAD_CONFIG -> loadConfig(asked);
            case SANDBOX, CREATE -> withConfiguration(asked);
            case CONTAINER,
                    CONTAINER_TYPE,
                    SANDBOX_ID,
                    IS_CRIO,
                    CONFIG_PATH,
                    SANDBOX_SIZING,
                    CONTAINER_SIZING ->
                    withSpec(asked, this::withoutConfiguration);
        };
    }

    private Result loadConfig(BatchCase asked) {
        Outcome<RuntimeConfig> outcome = configurations.get(asked.configuration()).outcome();
        if (outcome.isRefused()) {
            return Result.refused(outcome.problems());
        }
        RuntimeConfig runtime = outcome.value().orElseThrow();
        String resolved = runtime.files().isEmpty() ? "" : runtime.files().getFirst();
        return new Result(KataJson.of(runtime), resolved, outcome.problems());
    }

    private Result withConfiguration(BatchCase asked) {
        BatchConfigurations.Loaded loaded = configurations.get(asked.configuration());
        if (loaded.planner().isEmpty()) {
            return Result.refused(loaded.outcome().problems());
        }
        SandboxPlanner planner = loaded.planner().get();
        return withSpec(
                asked,
                (each, spec) -> {
                    if (each.operation() == BatchCase.Operation.CREATE) {
                        return Result.of(
                                planner.plan(spec, createRequest(each, spec)),
                                List.of(),
                                KataJson::of);
                    }
                    Sizing sizing =
                            Sizing.of(
                                    each.size().cpus(),
                                    each.size().memoryMib(),
                                    new Origin.Argument("sandboxCPUs, sandboxMemMB"));
                    return Result.of(
                            planner.sandbox(spec, each.request(), sizing), List.of(), KataJson::of);
                });
    }

    /**
     * As the shim asks where the case does not say: no output where nobody asked for the terminal
     * that the process wants.
     */
    private static PlanRequest createRequest(BatchCase asked, Spec spec) {
        PlanRequest request = asked.request();
        if (asked.saysDetach()) {
            return request;
        }
        boolean wantsTerminal = spec.process().map(Process::terminal).orElse(false);
        return new PlanRequest(
                request.bundle(),
                request.id(),
                request.console(),
                wantsTerminal && !asked.terminal(),
                request.systemdCgroup());
    }

    /** What is done with a specification once it is read. */
    @FunctionalInterface
    private interface Answerer {
        Result answer(BatchCase asked, Spec spec);
    }

    private static Result withSpec(BatchCase asked, Answerer answerer) {
        Outcome<Spec> read =
                switch (asked.spec()) {
                    case BatchCase.Document.Absent _ -> Outcome.refused(List.of(noSpec()));
                    case BatchCase.Document.Bytes(byte[] utf8, boolean plain) ->
                            plain ? SpecReader.readPlain(utf8, SPEC) : SpecReader.read(utf8, SPEC);
                    case BatchCase.Document.Text(String json, boolean plain) ->
                            plain ? SpecReader.readPlain(json, SPEC) : SpecReader.read(json, SPEC);
                };
        if (read.isRefused()) {
            return Result.refused(read.problems());
        }
        Result result = answerer.answer(asked, read.value().orElseThrow());
        if (read.problems().isEmpty()) {
            return result;
        }
        List<Problem> problems = new ArrayList<>(read.problems());
        problems.addAll(result.problems());
        return new Result(result.json(), result.resolved(), problems);
    }

    private Result withoutConfiguration(BatchCase asked, Spec spec) {
        List<Problem> none = List.of();
        return switch (asked.operation()) {
            case CONTAINER ->
                    Result.of(ContainerPlanner.plan(spec, asked.request()), none, KataJson::of);
            case CONTAINER_TYPE ->
                    Result.of(ContainerType.of(spec), none, type -> '"' + type.word() + '"');
            case SANDBOX_ID ->
                    Result.of(
                            ContainerType.sandboxId(spec),
                            none,
                            id -> "{\"SandboxID\":\"" + quoted(id) + "\"}");
            case IS_CRIO -> Result.of("{\"IsCRIO\":" + ContainerType.isCrio(spec) + "}", none);
            // Differs from kata: a pod must not choose files of the host
            case CONFIG_PATH -> Result.of("{\"ConfigPath\":\"\"}", none);
            case SANDBOX_SIZING -> Result.of(Sizing.ofPod(spec), none, KataJson::of);
            case CONTAINER_SIZING -> Result.of(KataJson.of(Sizing.ofContainer(spec)), none);
            case LOAD_CONFIG, SANDBOX, CREATE ->
                    throw new IllegalArgumentException(
                            asked.operation() + " needs a configuration");
        };
    }

    private static byte[] write(String name, Result result) {
        StringBuilder head = new StringBuilder(64);
        head.append("{\"name\":\"").append(quoted(name)).append('"');
        StringBuilder tail = new StringBuilder();
        if (result.json().isEmpty()) {
            head.append(",\"error\":\"").append(quoted(errors(result.problems()))).append('"');
        } else {
            head.append(",\"result\":");
        }
        if (!result.resolved().isEmpty()) {
            tail.append(",\"resolved\":\"").append(quoted(result.resolved())).append('"');
        }
        if (result.problems().isEmpty()) {
            tail.append('}');
        } else {
            String problems = ProblemJson.document(result.problems());
            tail.append(',').append(problems, 1, problems.length());
        }
        return joined(head.toString(), result.json(), tail.toString());
    }

    /** The result is by far the longest part; it is not copied more often than it must be. */
    private static byte[] joined(String head, String body, String tail) {
        byte[] first = head.getBytes(UTF_8);
        byte[] second = body.getBytes(UTF_8);
        byte[] third = tail.getBytes(UTF_8);
        byte[] all = Arrays.copyOf(first, first.length + second.length + third.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        System.arraycopy(third, 0, all, first.length + second.length, third.length);
        return all;
    }

    private static String errors(List<Problem> problems) {
        StringBuilder errors = new StringBuilder();
        for (Problem problem : problems) {
            if (problem.isError()) {
                errors.append(errors.isEmpty() ? "" : "; ").append(problem.describe());
            }
        }
        return errors.toString();
    }

    private static String quoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return new String(JsonBytes.quoted(text), UTF_8);
            }
        }
        return text;
    }

    private static Problem noSpec() {
        return Problem.error(
                new Location.Text(BatchCaseReader.SOURCE, 0, 0, "/spec"),
                "the case has no specification",
                "",
                "give it as \"spec\", \"specText\" or \"specBase64\"");
    }

    private static Problem defect(long lineNumber, Throwable defect) {
        return Problem.error(
                place(lineNumber),
                "internal error: " + defect,
                "this is a defect of kumite",
                "report it with the line");
    }

    private static Location place(long lineNumber) {
        return new Location.Text(
                BatchCaseReader.SOURCE, (int) Math.min(lineNumber, Integer.MAX_VALUE), 0, "");
    }
}

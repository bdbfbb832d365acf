package dev.kumite.engine;

import dev.kumite.oci.Hooks.Hook;
import dev.kumite.oci.State;
import dev.kumite.oci.StateWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs the hooks of a specification on the host, in the runtime's namespaces, one after the other.
 *
 * <p>Source: runtime-spec config.md, POSIX-platform Hooks; runtime.md, Lifecycle.
 */
final class HookRunner {

    /** Most output of a hook that is kept, in bytes. */
    private static final int MAX_OUTPUT = 16 << 10;

    /** Longer than any machine runs, and short enough to count in nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Duration fallbackTimeout;
    private final RecordWriter record;

    /**
     * @param fallbackTimeout for hooks that have no timeout
     */
    HookRunner(Duration fallbackTimeout, RecordWriter record) {
        this.fallbackTimeout = fallbackTimeout;
        this.record = record;
    }

    /**
     * Runs hooks all of which must succeed.
     *
     * @param point the name of the point of the container's life, such as {@code prestart}
     * @param state what each of them gets on its standard input
     * @throws EngineException HOST for the first one that fails; the others are not run
     */
    void runAll(String point, List<Hook> hooks, State state) {
        for (Hook hook : hooks) {
            Optional<String> failure = run(point, hook, state);
            if (failure.isPresent()) {
                throw EngineException.of(
                        EngineException.Category.HOST,
                        failure.get(),
                        "correct the hook, or remove it from hooks." + point + " of config.json");
            }
        }
    }

    /** Runs hooks whose failure only becomes a line of the record. */
    void runWhateverFails(String point, List<Hook> hooks, State state) {
        for (Hook hook : hooks) {
            run(point, hook, state).ifPresent(record::note);
        }
    }

    /** {@return why it failed, if it did} */
    private Optional<String> run(String point, Hook hook, State state) {
        String name = point + " hook \"" + hook.path() + "\"";
        ProcessBuilder builder = new ProcessBuilder(hook.path());
        if (hook.args().size() > 1) {
            builder.command().addAll(hook.args().subList(1, hook.args().size()));
        }
        builder.environment().clear();
        for (String variable : hook.env()) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                builder.environment()
                        .put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        Path bundle = Path.of(state.bundle());
        if (Files.isDirectory(bundle)) {
            builder.directory(bundle.toFile());
        }
        builder.redirectErrorStream(true);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return Optional.of(name + " cannot be started: " + Failures.reason(e));
        }
        return finish(name, process, state, timeout(hook));
    }

    /** {@return how long all of these may take, one after the other} */
    Duration timeout(List<Hook> hooks) {
        Duration sum = Duration.ZERO;
        for (Hook hook : hooks) {
            sum = sum.plus(timeout(hook));
        }
        return sum.compareTo(LONGEST) > 0 ? LONGEST : sum;
    }

    /** {@return how long a hook may take} */
    Duration timeout(Hook hook) {
        return hook.timeout()
                .filter(seconds -> seconds > 0)
                .map(seconds -> Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds())))
                .orElse(fallbackTimeout);
    }

    private Optional<String> finish(String name, Process process, State state, Duration timeout) {
        CompletableFuture<String> output = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("hook-output")
                .start(() -> output.complete(drain(process.getInputStream())));
        Thread.ofVirtual().name("hook-input").start(() -> feed(process, state));
        try {
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.of(
                        name + " still ran after " + timeout.toMillis() + " ms and was killed");
            }
            String said = output.get(1, TimeUnit.SECONDS).strip();
            if (!said.isEmpty()) {
                record.note(name + " says: " + said);
            }
            int code = process.exitValue();
            return code == 0
                    ? Optional.empty()
                    : Optional.of(
                            name
                                    + " failed with exit code "
                                    + code
                                    + (said.isEmpty() ? "" : ": " + said));
        } catch (InterruptedException _) {
            throw EngineException.interrupted("running the " + name);
        } catch (java.util.concurrent.TimeoutException
                | java.util.concurrent.ExecutionException _) {
            // A child of the hook holds its output open; that does not concern us.
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(name + " failed with exit code " + process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    private static void feed(Process process, State state) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(StateWriter.write(state).getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // A hook need not read its input.
        }
    }

    private static String drain(InputStream out) {
        try (out) {
            byte[] kept = out.readNBytes(MAX_OUTPUT);
            out.transferTo(OutputStream.nullOutputStream());
            return new String(kept, StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }
}

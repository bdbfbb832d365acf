package dev.kumite.shim;

import dev.kumite.linux.Fd;
import dev.kumite.linux.Pipe;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that takes a container's output from its descriptors 3 and 4, and closes its descriptor
 * 5 when it is ready.
 *
 * <p>Source: containerd, cio.BinaryIO and runtime/v2/logging.
 */
final class LogBinary implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(10);
    private static final Duration LAST_LINES = Duration.ofSeconds(10);

    private final Process process;
    private final Fd stdout;
    private final Fd stderr;

    private LogBinary(Process process, Fd stdout, Fd stderr) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * Starts it, and waits until it is ready.
     *
     * @param uri {@code binary://PATH?NAME=VALUE&...}: the pairs are its arguments
     * @throws ShimException MACHINE if it cannot be started or is not ready in time
     */
    static LogBinary start(URI uri, String namespace, String id) {
        if (!Files.isExecutable(Path.of(String.valueOf(uri.getPath())))) {
            throw ShimException.of(
                    ShimException.Category.USAGE,
                    "the program that is to take the output, " + uri.getPath() + ", is none");
        }
        Pipe out = Pipe.open();
        Pipe err = Pipe.open();
        Pipe wait = Pipe.open();
        try {
            Process process =
                    launch(
                            uri,
                            Map.of("CONTAINER_ID", id, "CONTAINER_NAMESPACE", namespace),
                            out,
                            err,
                            wait);
            awaitReady(wait, process, uri);
            return new LogBinary(process, out.writer(), err.writer());
        } catch (IOException | ShimException failure) {
            out.writer().close();
            err.writer().close();
            throw ShimException.of(
                    ShimException.Category.MACHINE,
                    "cannot start the program that is to take the output, "
                            + uri
                            + ": "
                            + failure.getMessage(),
                    failure);
        } finally {
            out.reader().close();
            err.reader().close();
            wait.reader().close();
            wait.writer().close();
        }
    }

    /** Java passes on three descriptors only, so a shell opens the others. */
    private static Process launch(
            URI uri, Map<String, String> variables, Pipe out, Pipe err, Pipe wait)
            throws IOException {
        String ours = "/proc/" + ProcessHandle.current().pid() + "/fd/";
        List<String> command = new ArrayList<>();
        command.add("/bin/sh");
        command.add("-c");
        command.add(
                "exec 3<%s%d 4<%s%d 5>%s%d && echo >&5 && exec \"$@\""
                        .formatted(
                                ours,
                                out.reader().number(),
                                ours,
                                err.reader().number(),
                                ours,
                                wait.writer().number()));
        command.add("sh");
        command.addAll(arguments(uri));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(variables);
        return builder.start();
    }

    /** {@return the program and its arguments} */
    static List<String> arguments(URI uri) {
        List<String> arguments = new ArrayList<>();
        arguments.add(uri.getPath());
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String pair : query.split("&", -1)) {
            for (String part : pair.split("=", 2)) {
                String text = URLDecoder.decode(part, StandardCharsets.UTF_8);
                if (!text.isEmpty()) {
                    arguments.add(text);
                }
            }
        }
        return arguments;
    }

    /** The shell's line says that it has descriptor 5; then our own end can go. */
    private static void awaitReady(Pipe wait, Process process, URI uri) {
        ByteBuffer line = ByteBuffer.allocate(1);
        boolean opened = wait.reader().awaitReadable(READY) && wait.reader().read(line) == 1;
        wait.writer().close();
        boolean ready = opened && wait.reader().awaitReadable(READY);
        if (!ready) {
            process.destroyForcibly();
            throw ShimException.of(
                    ShimException.Category.MACHINE,
                    uri.getPath() + " was not ready within " + READY.toSeconds() + " s");
        }
    }

    Fd stdout() {
        return stdout;
    }

    Fd stderr() {
        return stderr;
    }

    /** Gives it time to write its last lines; the output has ended. */
    @Override
    public void close() {
        Thread.ofVirtual()
                .name("log program " + process.pid())
                .start(() -> {
                    try {
                        if (!process.waitFor(LAST_LINES.toSeconds(), TimeUnit.SECONDS)) {
                            process.destroyForcibly();
                        }
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}

package dev.kumite.supervisor;

import dev.kumite.linux.Children;
import dev.kumite.linux.Pipe;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.shim.Shim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The {@code kumite} command's front and holder as they are shipped, and a supervisor in this
 * process, over local processes in place of machines.
 */
final class FrontHarness {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final LocalMachines machines = new LocalMachines();
    final Path root;
    private final Path directory;
    private final Thread server;
    private final RequestPipe requests;
    private volatile boolean stopped;

    /** How a command ended. */
    record Result(int code, String out, String err) {}

    FrontHarness(Path directory) throws IOException {
        this.directory = directory;
        this.root = Files.createDirectories(directory.resolve("root"));
        Children.adoptOrphans();
        Path here = Path.of("").toAbsolutePath();
        Path bin = Files.createDirectories(directory.resolve("dist/bin"));
        Path libexec = Files.createDirectories(directory.resolve("dist/libexec"));
        Files.copy(
                here.resolveSibling("kumite"),
                bin.resolve("kumite"),
                StandardCopyOption.COPY_ATTRIBUTES);
        for (String script : List.of("front", "holder")) {
            Files.copy(here.resolve("src/main/sh/" + script), libexec.resolve(script));
        }
        Path run = Files.createDirectories(root.resolve(".supervisor"));
        Supervisor supervisor =
                new Supervisor(
                        root,
                        machines,
                        Optional.of(new Shim(root, machines, Clock.systemUTC())),
                        Clock.systemUTC());
        supervisor.adopt();
        this.requests = RequestPipe.open(run);
        this.server = Thread.ofPlatform().daemon().start(() -> serve(supervisor));
    }

    private void serve(Supervisor supervisor) {
        while (!stopped) {
            requests.next(Duration.ofMillis(100))
                    .ifPresent(
                            request -> Thread.ofVirtual().start(() -> supervisor.serve(request)));
        }
    }

    /** Runs the command without input. */
    Result run(String... arguments) throws IOException, InterruptedException {
        return run(Path.of("/dev/null"), arguments);
    }

    Result run(Path input, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        Process process = start(input, out, err, arguments);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no answer to " + List.of(arguments));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    Process start(Path input, Path out, Path err, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(directory.resolve("dist/bin/kumite").toString());
        command.addAll(List.of("--root", root.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(input.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /** Makes a bundle whose program is a shell script. */
    Path bundle(String name, String script, boolean terminal) throws IOException {
        Path bundle = Files.createDirectories(directory.resolve(name));
        Files.writeString(
                bundle.resolve("config.json"),
                """
                {"ociVersion": "1.0.2",
                 "process": {"args": ["sh", "-c", "%s"], "cwd": "/", "terminal": %s,
                             "user": {"uid": 0, "gid": 0}},
                 "root": {"path": "rootfs"}, "annotations": {"key": "value"}}
                """
                        .formatted(script.replace("\"", "\\\""), terminal));
        return bundle;
    }

    /** Waits for an adopted child, as conmon and containerd's shim do. */
    static int reap(Path pidFile) throws IOException {
        return Children.reap(Integer.parseInt(Files.readString(pidFile)), PATIENCE)
                .orElseThrow(() -> new AssertionError("the holder does not end"))
                .shellCode();
    }

    static void signal(Path pidFile, int number) throws IOException {
        ProcessIdentity.of(Integer.parseInt(Files.readString(pidFile)))
                .orElseThrow()
                .signal(number);
    }

    /** Waits until the file has the text. */
    static void await(Path file, String text) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (Pipe never = Pipe.open()) {
            while (!Files.exists(file) || !Files.readString(file).contains(text)) {
                if (System.nanoTime() > end) {
                    throw new AssertionError(
                            "no \"" + text + "\" in " + file + ": " + Files.readString(file));
                }
                never.reader().awaitReadable(Duration.ofMillis(20));
            }
        }
    }

    void close() throws InterruptedException {
        for (LocalMachines.LocalGuest guest : List.copyOf(machines.guests.values())) {
            guest.close();
        }
        stopped = true;
        server.join(PATIENCE);
        requests.close();
        endHolders();
    }

    /** Those of containers that a test has not deleted would stay for ever. */
    private void endHolders() {
        List<ProcessHandle> left =
                ProcessHandle.current()
                        .children()
                        .filter(child ->
                                child.info()
                                        .commandLine()
                                        .orElse("")
                                        .contains(directory + "/dist/bin/../libexec/holder"))
                        .toList();
        for (ProcessHandle holder : left) {
            holder.destroyForcibly();
            var _ = Children.reap((int) holder.pid(), PATIENCE);
        }
    }
}

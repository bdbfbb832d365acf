package dev.kumite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumite.config.FactoryConfig;
import dev.kumite.config.Origin;
import dev.kumite.config.RuntimeConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What tests with real machines share. */
final class VmFixture {

    /** Long enough for an emulated guest on a loaded host. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Deadlines for hosts that are busy with other tests. */
    static final Deadlines DEADLINES = Deadlines.DEFAULT.withAgent(PATIENCE).withCall(PATIENCE);

    private VmFixture() {}

    /** {@return the guest that the tests boot} */
    static Path guest() {
        String directory = System.getProperty("kumite.guest", "");
        if (directory.isEmpty()) {
            throw new IllegalStateException(
                    "-Dkumite.guest=DIR is missing: the directory that \"kumite guest build\" made");
        }
        return Path.of(directory);
    }

    static Engine engine(Path root) {
        return Engine.builder().root(root).guest(guest()).deadlines(DEADLINES).build();
    }

    /** {@return the configuration, for machines that are booted each} */
    static RuntimeConfig withoutTemplates(RuntimeConfig configured) {
        return configured.withFactoryConfig(
                configured.factoryConfig().toBuilder()
                        .set(FactoryConfig.TEMPLATE, false, new Origin.Argument("test"))
                        .build());
    }

    /** {@return a directory for sandboxes with a path short enough for sockets} */
    static Path temporaryRoot() {
        try {
            return Files.createTempDirectory("kumite-vm-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a process said and how it ended.
     *
     * @param code exit code
     * @param oom whether memory ran out
     */
    record Result(String stdout, String stderr, int code, boolean oom) {}

    /** Waits until somebody has made the file. */
    static void await(Path file) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Runs a process to its end, with this input. */
    static Result finish(ContainerProcess process, byte[] input) {
        CompletableFuture<byte[]> errors = read(process.stderr());
        CompletableFuture<byte[]> output = read(process.stdout());
        try (var stdin = process.stdin()) {
            stdin.write(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ExitStatus status = process.await(PATIENCE);
        return new Result(text(output), text(errors), status.code(), status.oomKilled());
    }

    static CompletableFuture<byte[]> read(InputStream stream) {
        CompletableFuture<byte[]> all = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    try {
                        stream.transferTo(bytes);
                        all.complete(bytes.toByteArray());
                    } catch (IOException e) {
                        all.completeExceptionally(e);
                    }
                });
        return all;
    }

    static String text(CompletableFuture<byte[]> bytes) {
        try {
            return new String(
                    bytes.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), StandardCharsets.UTF_8);
        } catch (Exception e) {
            throw new AssertionError("an output did not end", e);
        }
    }

    /** {@return the command lines of other processes that name something in the directory} */
    static List<String> processesThatName(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                try {
                    String line = Files.readString(entry.resolve("cmdline"));
                    boolean self = entry.endsWith(Long.toString(ProcessHandle.current().pid()));
                    if (!self && line.contains(directory + "/")) {
                        found.add(line.replace('\0', ' '));
                    }
                } catch (IOException _) {
                    // It has ended.
                }
            }
        }
        return found;
    }
}

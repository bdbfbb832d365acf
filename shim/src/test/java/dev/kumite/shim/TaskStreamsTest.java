package dev.kumite.shim;

import static dev.kumite.shim.ShimHarness.await;
import static dev.kumite.shim.ShimHarness.call;
import static dev.kumite.shim.ShimHarness.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumite.linux.Fd;
import dev.kumite.linux.FileNode;
import dev.kumite.shim.messages.CloseIORequest;
import dev.kumite.shim.messages.CreateTaskRequest;
import dev.kumite.ttrpc.TtrpcClient;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskStreamsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;

    private ShimHarness shim;

    @BeforeEach
    void open() {
        shim = ShimHarness.in(directory);
    }

    @AfterEach
    void close() {
        shim.close();
    }

    private String fifo(String name) {
        Path path = directory.resolve(name);
        FileNode.fifo(path, 0600);
        return path.toString();
    }

    private static String read(Fd fd, Duration patience) {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        int count = fd.read(buffer, patience);
        return count < 0 ? "" : new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
    }

    @Test
    void carryOutputIntoANamedPipeThatNobodyReadsYet() throws Exception {
        String out = fifo("out");
        TtrpcClient client =
                shim.create(
                        CreateTaskRequest.newBuilder().setId("t1").setStdout(out), "echo", "hello");
        try (Fd reader = Fd.open(Path.of(out), Fd.O_RDONLY | Fd.O_NONBLOCK)) {
            start(client, "t1", "");

            assertThat(read(reader, PATIENCE)).isEqualTo("hello");
            await(client, "t1", "");
            assertThat(read(reader, PATIENCE)).isEmpty();
        }
    }

    @Test
    void keepInputOpenUntilContainerdSaysThatNothingMoreComes() throws Exception {
        String in = fifo("in");
        String out = fifo("out");
        TtrpcClient client =
                shim.create(
                        CreateTaskRequest.newBuilder().setId("t1").setStdin(in).setStdout(out),
                        "cat");
        start(client, "t1", "");
        // Two clients after each other, neither of which ends the input.
        for (String text : new String[] {"one ", "two"}) {
            try (Fd writer = Fd.open(Path.of(in), Fd.O_WRONLY | Fd.O_NONBLOCK)) {
                writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
        }
        try (Fd reader = Fd.open(Path.of(out), Fd.O_RDONLY | Fd.O_NONBLOCK)) {
            call(client, "CloseIO", CloseIORequest.newBuilder().setId("t1").setStdin(true).build());

            assertThat(read(reader, PATIENCE)).isEqualTo("one two");
            assertThat(await(client, "t1", "").getExitStatus()).isZero();
        }
    }

    @Test
    void endTheInputOfAProcessThatGetsNone() throws Exception {
        TtrpcClient client = shim.create("t1", "cat");

        start(client, "t1", "");

        assertThat(await(client, "t1", "").getExitStatus()).isZero();
    }

    @Test
    void appendToAFile() throws Exception {
        Path file = directory.resolve("log");
        Files.writeString(file, "before ");
        TtrpcClient client =
                shim.create(
                        CreateTaskRequest.newBuilder().setId("t1").setStdout("file://" + file),
                        "echo",
                        "after");

        start(client, "t1", "");
        await(client, "t1", "");

        assertThat(file).hasContent("before after");
    }

    @Test
    void goToAProgramThatTakesLogs() throws Exception {
        Path program = directory.resolve("logger");
        Path log = directory.resolve("log");
        Files.writeString(
                program,
                """
                #!/bin/sh
                exec 5>&-
                { printf '%s %s %s ' "$CONTAINER_ID" "$CONTAINER_NAMESPACE" "$2"; cat <&3; } >"$1.new"
                mv "$1.new" "$1"
                """);
        program.toFile().setExecutable(true);
        String uri = "binary://" + program + "?" + log + "=word";
        TtrpcClient client =
                shim.create(
                        CreateTaskRequest.newBuilder().setId("t1").setStdout(uri), "echo", "text");

        start(client, "t1", "");
        await(client, "t1", "");

        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(log) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(log).hasContent("t1 ns word text");
    }

    @Test
    void areRefusedWhereTheyCannotBeOpened() {
        assertThatThrownBy(() ->
                        shim.create(
                                CreateTaskRequest.newBuilder()
                                        .setId("t1")
                                        .setStdin(directory + "/nothing"),
                                "cat"))
                .hasMessageContaining("cannot open the streams");
        assertThatThrownBy(() ->
                        shim.create(
                                CreateTaskRequest.newBuilder()
                                        .setId("t1")
                                        .setStdout("binary:///nonexistent/program"),
                                "cat"))
                .hasMessageContaining("/nonexistent/program");
    }

    @Test
    void findALogProgramsArgumentsInItsUri() {
        assertThat(LogBinary.arguments(URI.create("binary:///bin/l?a=b%20c&d")))
                .containsExactly("/bin/l", "a", "b c", "d");
    }
}

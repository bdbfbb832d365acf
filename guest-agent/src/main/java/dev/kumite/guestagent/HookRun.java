package dev.kumite.guestagent;

import dev.kumite.ttrpc.TtrpcException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One run of a hook under {@code crun exec}. Confined to one thread, but for what it prints.
 *
 * @param name what it is called in messages
 * @param files where crun leaves why it could not start it
 * @param timeout after which it has failed
 */
record HookRun(String name, ProcessFiles files, Duration timeout) {

    /** What is kept of its output, in bytes. */
    private static final int MAX_OUTPUT_BYTES = 4 << 10;

    private static final int PIECE_BYTES = 4 << 10;

    /** How often we look whether the container is still wanted. */
    private static final int LOOK_MILLIS = 50;

    /** For the rest of its output; a child of it may hold the pipe open for ever. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /**
     * Runs the hook to its end.
     *
     * @param input what it reads
     * @throws TtrpcException if it fails; what is left of it goes with the container
     */
    void run(List<String> command, String input, BooleanSupplier unwanted) {
        try (Pipes pipes = Pipes.open()) {
            Process child = Spawn.start(pipes.connect(Command.builder(command)));
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            try {
                pipes.handedOver();
                begin("hook-input", () -> feed(pipes.in().channels().sink(), input));
                Thread reader =
                        begin("hook-output", () -> keep(pipes.out().channels().source(), said));
                await(child, unwanted);
                reader.join(GRACE);
                judge(child.exitValue(), said);
            } finally {
                child.destroyForcibly();
            }
        } catch (InterruptedException _) {
            throw Refusal.interrupted();
        } catch (IOException e) {
            throw Refusal.failed(name + " cannot be started: " + e.getMessage());
        }
    }

    private record Pipes(ProcessPipe in, ProcessPipe out) implements AutoCloseable {

        static Pipes open() throws IOException {
            ProcessPipe in = ProcessPipe.open();
            try {
                return new Pipes(in, ProcessPipe.open());
            } catch (IOException e) {
                Quietly.close(in.channels().source());
                Quietly.close(in.channels().sink());
                throw e;
            }
        }

        ProcessBuilder connect(ProcessBuilder builder) {
            return builder.redirectInput(in.readEnd())
                    .redirectErrorStream(true)
                    .redirectOutput(out.writeEnd());
        }

        void handedOver() {
            Quietly.close(in.channels().source());
            Quietly.close(out.channels().sink());
        }

        @Override
        public void close() {
            handedOver();
            Quietly.close(in.channels().sink());
            Quietly.close(out.channels().source());
        }
    }

    private static Thread begin(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    private void await(Process child, BooleanSupplier unwanted) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!child.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (unwanted.getAsBoolean()) {
                throw Refusal.notNow("the container was ended while its " + name + " ran");
            }
            if (System.nanoTime() - deadline > 0) {
                throw Refusal.late(
                        name + " still ran after " + timeout.toSeconds() + " s and was killed");
            }
        }
    }

    private void judge(int code, ByteArrayOutputStream said) {
        if (code == 0) {
            return;
        }
        if (files.readPid() == 0) {
            throw Refusal.failed(
                    name + " cannot be started: " + Crun.failure(files.log(), code).getMessage());
        }
        String text = OneLine.of(said.toString(StandardCharsets.UTF_8));
        throw Refusal.failed(
                name + " failed with exit code " + code + (text.isEmpty() ? "" : ": " + text));
    }

    private static void feed(Pipe.SinkChannel pipe, String text) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        try (pipe) {
            while (bytes.hasRemaining()) {
                pipe.write(bytes);
            }
        } catch (IOException _) {
            // A hook need not read its input.
        }
    }

    private static void keep(Pipe.SourceChannel pipe, ByteArrayOutputStream said) {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        try (pipe) {
            while (pipe.read(piece.clear()) >= 0) {
                int most = Math.min(piece.position(), MAX_OUTPUT_BYTES - said.size());
                said.write(piece.array(), 0, Math.max(most, 0));
            }
        } catch (IOException _) {
            // Closed by us: it has said enough.
        }
    }
}

package dev.kumite.examples;

import dev.kumite.engine.ContainerProcess;
import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.Engine;
import dev.kumite.engine.EngineException;
import dev.kumite.engine.ExitStatus;
import dev.kumite.engine.MemorySize;
import dev.kumite.engine.Sandbox;
import dev.kumite.engine.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs a shell script that nobody vouches for: in a machine of its own, with limits of memory,
 * processor, processes and time, without a network, and with a root file system that it cannot
 * change.
 *
 * <pre>
 * UntrustedScript ROOT-FILE-SYSTEM SCRIPT
 * </pre>
 */
public final class UntrustedScript {

    private static final MemorySize MEMORY = MemorySize.ofMib(64);
    private static final double CPUS = 0.5;
    private static final long PROCESSES = 16;
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** A script could write for ever; more than this is not kept. */
    private static final int MAX_OUTPUT_BYTES = 64 << 10;

    private static final int KILL = 9;

    private final Engine engine;
    private final Path rootfs;
    private final Duration time;

    /**
     * @param engine makes the machines
     * @param rootfs directory with the root file system, which has a shell
     * @param time how long a script may run
     */
    public UntrustedScript(Engine engine, Path rootfs, Duration time) {
        this.engine = engine;
        this.rootfs = rootfs;
        this.time = time;
    }

    /**
     * What became of a script.
     *
     * @param output what it wrote, the first part of it
     * @param code its exit code
     * @param tookTooLong whether it was stopped for taking too long
     * @param ranOutOfMemory whether it wanted more memory than it may have
     */
    public record Verdict(String output, int code, boolean tookTooLong, boolean ranOutOfMemory) {}

    /** Runs a script, and says what became of it. */
    public Verdict run(Path script) {
        ContainerRequest request =
                Workload.builder()
                        .rootfs(rootfs)
                        .readOnlyRoot()
                        .tmpfs("/tmp", MemorySize.ofMib(16))
                        .mountReadOnly(script, "/script")
                        .command("sh", "-c", "exec sh /script 2>&1")
                        .memory(MEMORY)
                        .cpus(CPUS)
                        .pids(PROCESSES)
                        .noNetwork()
                        .build();
        try (Sandbox sandbox = engine.start(request)) {
            ContainerProcess process = sandbox.container().process();
            AtomicReference<String> output = new AtomicReference<>("");
            Thread reader = Thread.ofVirtual().start(() -> output.set(firstPart(process.stdout())));
            boolean tookTooLong = false;
            ExitStatus status;
            try {
                status = process.await(time);
            } catch (EngineException e) {
                if (e.category() != EngineException.Category.TIMEOUT) {
                    throw e;
                }
                tookTooLong = true;
                sandbox.container().signalAll(KILL);
                status = process.await(GRACE);
            }
            join(reader);
            return new Verdict(output.get(), status.code(), tookTooLong, status.oomKilled());
        }
    }

    private static String firstPart(InputStream stream) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        try {
            kept.write(stream.readNBytes(MAX_OUTPUT_BYTES));
            // Reading goes on, or the script would wait for ever.
            stream.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException _) {
            // The machine is gone; what was read counts.
        }
        return kept.toString(StandardCharsets.UTF_8);
    }

    private static void join(Thread reader) {
        try {
            boolean _ = reader.join(GRACE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs the script that the arguments name. */
    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: UntrustedScript ROOT-FILE-SYSTEM SCRIPT");
            System.exit(2);
        }
        UntrustedScript runner = new UntrustedScript(Engine.open(), Path.of(arguments[0]), TIME);
        Verdict verdict = runner.run(Path.of(arguments[1]));
        System.out.print(verdict.output());
        System.err.println("exit code " + verdict.code());
        if (verdict.tookTooLong()) {
            System.err.println("stopped after " + TIME.toSeconds() + " s");
        }
        if (verdict.ranOutOfMemory()) {
            System.err.println("more than " + MEMORY + " of memory were wanted");
        }
    }
}

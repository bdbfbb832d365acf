package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.SignalProcessRequest;
import dev.kumite.agentprotocol.messages.TtyWinResizeRequest;
import dev.kumite.agentprotocol.messages.WaitProcessRequest;
import dev.kumite.ttrpc.TtrpcException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A process in a container: its first one, or one that {@link Container#exec} started. Safe for use
 * by several threads; each stream for one thread at a time.
 *
 * <p>The guest keeps some of what the process writes and then makes it wait: a process that writes
 * much ends only if somebody reads {@link #stdout()} and {@link #stderr()}.
 */
public final class ContainerProcess {

    /** Longer than anybody waits; nanoseconds of it still fit a long. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private static final int MAX_CODE = 255;

    private final Container container;
    private final GuestAgent agent;
    private final String execId;
    private final boolean terminal;
    private final ProcessStreams.Input stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final AtomicBoolean watched = new AtomicBoolean();

    ContainerProcess(Container container, GuestAgent agent, String execId, boolean terminal) {
        this.container = container;
        this.agent = agent;
        this.execId = execId;
        this.terminal = terminal;
        this.stdin = new ProcessStreams.Input(agent, container.id(), execId);
        this.stdout = output(ProcessStreams.Output.STDOUT);
        this.stderr =
                terminal ? InputStream.nullInputStream() : output(ProcessStreams.Output.STDERR);
    }

    private InputStream output(ProcessStreams.Output which) {
        InputStream output = new ProcessStreams.Reader(agent, container.id(), execId, which);
        return agent.isForeign() ? new ReadAhead(output) : output;
    }

    /** {@return the process's identity within its container; the container's for its first one} */
    public String id() {
        return execId;
    }

    /** {@return whether it has a terminal} */
    public boolean terminal() {
        return terminal;
    }

    /**
     * {@return its standard input} Writing blocks while the process does not read. Closing the
     * stream ends the process's input.
     */
    public OutputStream stdin() {
        return stdin;
    }

    /** {@return its standard output, or all output if it has a terminal} Reading blocks. */
    public InputStream stdout() {
        return stdout;
    }

    /** {@return its standard error; at its end at once if the process has a terminal} */
    public InputStream stderr() {
        return stderr;
    }

    /**
     * Waits for the process to end.
     *
     * @return how it ended; the same however often one asks
     * @throws EngineException TIMEOUT if it still runs then (it goes on), INTERRUPTED, CLOSED if
     *     the machine is gone
     */
    public ExitStatus await(Duration timeout) {
        watch();
        Duration limit = timeout.compareTo(FOREVER) > 0 ? FOREVER : timeout;
        try {
            return exit.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw EngineException.of(
                    EngineException.Category.TIMEOUT,
                    "the process still runs after " + timeout.toMillis() + " ms",
                    "wait longer, or end it with a signal");
        } catch (InterruptedException _) {
            throw EngineException.interrupted("waiting for a process");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineException failure) {
                throw failure.toBuilder().cause(failure).build();
            }
            throw new AssertionError("waiting fails by an EngineException only", e);
        }
    }

    /** Waits for the process to end, however long that takes; else as {@link #await(Duration)}. */
    public ExitStatus await() {
        return await(FOREVER);
    }

    /** Begins to wait for the end, if nobody does yet. */
    void watch() {
        if (watched.compareAndSet(false, true)) {
            Thread.ofVirtual().name("wait-" + execId).start(this::waitForEnd);
        }
    }

    private void waitForEnd() {
        awaitOutput();
        try {
            int status =
                    agent.client()
                            .waitProcess(
                                    WaitProcessRequest.newBuilder()
                                            .setContainerId(container.id())
                                            .setExecId(execId)
                                            .build())
                            .getStatus();
            // The guest may say anything; an exit code has 8 bits.
            int code = status < 0 ? MAX_CODE : Math.min(status, MAX_CODE);
            exit.complete(container.ended(this, code));
        } catch (TtrpcException e) {
            exit.completeExceptionally(
                    container.sandbox().explain(GuestAgent.failure("waiting for a process", e)));
        }
    }

    /** Waits until what has to be read ahead was read; nothing where the agent keeps it. */
    private void awaitOutput() {
        List<ReadAhead> outputs =
                Stream.of(stdout, stderr)
                        .filter(ReadAhead.class::isInstance)
                        .map(ReadAhead.class::cast)
                        .toList();
        outputs.forEach(ReadAhead::start);
        outputs.forEach(output -> output.ended().join());
    }

    /** {@return whether the process is known to have ended} */
    boolean hasEnded() {
        return exit.isDone();
    }

    /**
     * Sends the process a signal. Does nothing if it has ended.
     *
     * @param number such as 15 for SIGTERM
     */
    public void signal(int number) {
        container.send(execId, number);
    }

    /** Tells the process's terminal its size in characters. */
    public void resize(int rows, int columns) {
        container
                .sandbox()
                .call(
                        "changing the size of a terminal",
                        client ->
                                client.ttyWinResize(
                                        TtyWinResizeRequest.newBuilder()
                                                .setContainerId(container.id())
                                                .setExecId(execId)
                                                .setRow(rows)
                                                .setColumn(columns)
                                                .build()));
    }

    static SignalProcessRequest signalRequest(String containerId, String execId, int number) {
        return SignalProcessRequest.newBuilder()
                .setContainerId(containerId)
                .setExecId(execId)
                .setSignal(number)
                .build();
    }
}

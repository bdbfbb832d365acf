package dev.kumite.vmm;

import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * QEMU or virtiofsd: a child of this process, or one that a former owner started. Safe for use by
 * several threads.
 */
final class HelperProcess {

    /** Exit code of a process whose parent was another one. */
    static final int UNKNOWN = -1;

    private static final long NEVER = -1;

    private static final int CHUNK_BYTES = 16 << 10;

    private final ProcessIdentity identity;
    private final Optional<BoundedLog> stderr;
    private final CompletableFuture<Integer> ended;

    private HelperProcess(
            ProcessIdentity identity,
            Optional<BoundedLog> stderr,
            CompletableFuture<Integer> ended) {
        this.identity = identity;
        this.stderr = stderr;
        this.ended = ended;
    }

    /**
     * {@return a new process}
     *
     * @param command the program and its arguments
     * @param log gets what it writes to its standard error and output; its own from now on
     */
    static HelperProcess start(String name, List<String> command, BoundedLog log) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            CompletableFuture<Integer> drained = new CompletableFuture<>();
            // reading from a child's pipe occupies a carrier: so no virtual thread
            Thread.ofPlatform()
                    .daemon()
                    .name(name + "-stderr")
                    .start(() -> drain(process.getInputStream(), log, drained));
            CompletableFuture<Integer> ended =
                    process.onExit()
                            .thenCombine(drained, (done, _) -> done.exitValue())
                            .whenComplete((_, _) -> log.close());
            int pid = (int) process.pid();
            // one that ended at once has no start time any more, and no process has this one
            ProcessIdentity identity =
                    ProcessIdentity.of(pid).orElse(new ProcessIdentity(pid, NEVER));
            return new HelperProcess(identity, Optional.of(log), ended);
        } catch (IOException e) {
            log.close();
            throw new VmmException(
                    VmmException.Category.HOST, name + " does not start: " + e.getMessage(), e);
        }
    }

    /** {@return a process that somebody else started} */
    static HelperProcess attach(String name, ProcessIdentity identity) {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Thread.ofVirtual()
                .name(name + "-watch")
                .start(() -> {
                    while (!identity.awaitExit(Duration.ofDays(1))) {
                        // a day is only the longest single wait
                    }
                    ended.complete(UNKNOWN);
                });
        return new HelperProcess(identity, Optional.empty(), ended);
    }

    private static void drain(InputStream in, BoundedLog log, CompletableFuture<Integer> drained) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (in) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                log.write(chunk, count);
            }
        } catch (IOException e) {
            // the process is gone, and with it what it may still have had to say
        } finally {
            drained.complete(0);
        }
    }

    ProcessIdentity identity() {
        return identity;
    }

    boolean isAlive() {
        return !ended.isDone();
    }

    /** {@return its exit code, once it ended and all that it wrote is in its log} */
    CompletableFuture<Integer> ended() {
        return ended.copy();
    }

    /** {@return what it wrote last} */
    List<String> lastLines(int most) {
        return stderr.map(log -> log.lastLines(most)).orElse(List.of());
    }

    /**
     * Waits for its end, or less.
     *
     * @return whether it ended
     */
    boolean await(Duration timeout, String during) {
        try {
            ended.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw VmmException.interrupted(during);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills it, if it is still there. */
    void kill() {
        if (isAlive()) {
            try {
                kill(identity);
            } catch (LinuxException e) {
                throw new VmmException(
                        VmmException.Category.HOST,
                        "process " + identity.pid() + " cannot be killed: " + e.getMessage(),
                        e);
            }
        }
    }

    /**
     * Kills a process with all of its group, if it leads one. virtiofsd has a child that serves,
     * and that survives its parent while it waits for QEMU to connect.
     */
    static void kill(ProcessIdentity process) {
        if (process.isAlive()) {
            boolean _ = Signals.kill(-process.pid(), Signals.KILL);
            boolean _ = process.signal(Signals.KILL);
        }
    }
}

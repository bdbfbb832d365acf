package dev.kumite.guestagent;

import dev.kumite.ttrpc.CallContext;
import dev.kumite.ttrpc.TtrpcException;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A process in a container, the first one or one more. It runs under a {@code crun} in the
 * foreground, our child, whose exit code is its own: that spares adopting orphans and waiting for
 * them by system calls, but for containers with hooks, see {@link HeldStart}. Guarded by {@code
 * lock}; {@code exited} and {@code started} publish what was written before they are counted down.
 */
final class ContainerProcess {

    /** How long a process may take to start; a large image under emulation takes seconds. */
    private static final int START_SECONDS = 120;

    /** How often we look whether crun has written the process's number. */
    private static final int LOOK_MILLIS = 2;

    private final String id;
    private final ProcessFiles files;
    private final ProcessStreams streams;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch exited = new CountDownLatch(1);
    private boolean launched;
    private volatile int pid;
    private volatile int exitCode;

    ContainerProcess(String id, ProcessFiles files) {
        this.id = id;
        this.files = files;
        this.streams = files.terminal() ? new TerminalStreams(files) : PipeStreams.open();
    }

    /** {@return the exec id; the first process has its container's} */
    String id() {
        return id;
    }

    ProcessFiles files() {
        return files;
    }

    ProcessStreams streams() {
        return streams;
    }

    /**
     * Starts the process and waits until it runs.
     *
     * @param atExit told once the process has ended, before anybody who waits for it
     * @throws TtrpcException if it did not start; it has exited then
     */
    void start(List<String> command, Runnable atExit) {
        start(() -> launch(command, atExit));
    }

    /**
     * Starts the first process of a container that has hooks, and waits until it runs.
     *
     * @param atExit told once the process has ended, before anybody who waits for it
     * @throws TtrpcException if a hook failed or it did not start; it has exited then
     */
    void start(HeldStart held, Runnable atExit) {
        start(() -> launch(held, atExit));
    }

    private void start(Runnable launch) {
        lock.lock();
        try {
            if (launched || exited.getCount() == 0) {
                throw Refusal.notNow("process " + id + " was started before");
            }
            launched = true;
            launch.run();
        } finally {
            lock.unlock();
        }
    }

    private void launch(HeldStart held, Runnable atExit) {
        try {
            pid = held.start(streams, files, Duration.ofSeconds(START_SECONDS), this::hasExited);
            started.countDown();
            Thread.ofPlatform()
                    .daemon()
                    .name("exit-" + id)
                    .start(() -> finish(held.awaitExit(pid), atExit));
        } catch (TtrpcException e) {
            end(127);
            throw e;
        }
    }

    private void launch(List<String> command, Runnable atExit) {
        try {
            ProcessBuilder builder = Command.builder(command);
            streams.prepare(builder);
            Process child = Spawn.start(builder);
            streams.handedOver();
            awaitStart(child);
            started.countDown();
            Thread.ofPlatform().daemon().name("exit-" + id).start(() -> awaitExit(child, atExit));
        } catch (IOException e) {
            end(127);
            throw Refusal.failed("cannot start " + command.getFirst() + ": " + e.getMessage());
        } catch (TtrpcException e) {
            end(127);
            throw e;
        }
    }

    /** Returns when crun has let go of the process, which may have ended already. */
    private void awaitStart(Process child) {
        long deadline = System.nanoTime() + Duration.ofSeconds(START_SECONDS).toNanos();
        streams.connect(child, deadline);
        try {
            while (true) {
                boolean ended = child.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                pid = files.readPid();
                if (pid != 0) {
                    return;
                }
                if (ended) {
                    throw Crun.failure(files.log(), child.exitValue());
                }
                if (System.nanoTime() - deadline > 0) {
                    child.destroyForcibly();
                    throw Refusal.late("crun did not start the process in " + START_SECONDS + " s");
                }
            }
        } catch (InterruptedException _) {
            child.destroyForcibly();
            throw Refusal.interrupted();
        }
    }

    private void awaitExit(Process child, Runnable atExit) {
        int code = 255;
        try {
            code = child.waitFor();
        } catch (InterruptedException _) {
            // Nobody interrupts this thread; the code stays the one for "unknown".
        }
        finish(code, atExit);
    }

    private void finish(int code, Runnable atExit) {
        atExit.run();
        exitCode = code;
        exited.countDown();
        streams.processEnded();
    }

    /** Ends a process that never ran, so that nobody waits for it any longer. */
    void end(int code) {
        exitCode = code;
        exited.countDown();
        started.countDown();
        streams.close();
    }

    /** {@return whether it has been started and has not ended} */
    boolean isRunning() {
        return started.getCount() == 0 && exited.getCount() != 0;
    }

    boolean hasExited() {
        return exited.getCount() == 0;
    }

    /** {@return its number in the guest; 0 before it runs} */
    int pid() {
        return pid;
    }

    /** {@return its exit code, or 128 + the signal that ended it} */
    int await(CallContext context) {
        context.interruptOnCancel();
        try {
            exited.await();
            return exitCode;
        } catch (InterruptedException _) {
            throw Refusal.interrupted();
        }
    }

    /** {@return its exit code, if it ends in time} */
    Optional<Integer> await(Duration timeout) {
        try {
            return exited.await(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    ? Optional.of(exitCode)
                    : Optional.empty();
        } catch (InterruptedException _) {
            throw Refusal.interrupted();
        }
    }

    /** Closes its streams and removes its files. It must have ended. */
    void release() {
        streams.close();
        files.delete();
    }

    /** {@return a file to open instead of an input or output} */
    static File nothing() {
        return new File("/dev/null");
    }
}

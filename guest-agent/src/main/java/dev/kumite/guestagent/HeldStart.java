package dev.kumite.guestagent;

import dev.kumite.linux.LinuxException;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The start of a container that has hooks: crun makes it, the hooks run in it, crun lets it go.
 *
 * <p>crun 1.8.1 runs such hooks itself too, but tells them that the container is {@code starting},
 * as process 0 of a bundle that is the working directory, throws away what they print, and says
 * only in the container's own error output that one has failed, when {@code crun run} has written
 * its pid file long since. What a hook gets by {@code crun exec} is what it would get there: the
 * user, rights and working directory of the container's program.
 *
 * <p>The container's first process, orphaned when {@code crun create} ends, becomes a child of this
 * one, see {@link Orphans}: who has no hooks is spared the system calls for that.
 *
 * @param crun how it is called
 * @param containerId the container
 * @param bundle where its {@code config.json} is
 * @param hooks what to run
 * @param files makes a place for the files of one more process
 */
record HeldStart(
        Crun crun,
        String containerId,
        Path bundle,
        StartHooks hooks,
        Supplier<ProcessFiles> files) {

    /** For a process that was killed to be gone. */
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    /**
     * Makes the container, runs the hooks, and lets the program run.
     *
     * @param own files of the container's first process
     * @param patience for crun to make the container
     * @param unwanted whether the container has been ended meanwhile
     * @return the first process
     * @throws TtrpcException if crun cannot, a hook fails, or the container is unwanted; there is
     *     no container then
     */
    int start(
            ProcessStreams streams, ProcessFiles own, Duration patience, BooleanSupplier unwanted) {
        boolean runs = false;
        try {
            int pid = make(streams, own, patience);
            hooks.run(crun, files, pid, unwanted);
            crun.start(containerId);
            runs = true;
            return pid;
        } finally {
            if (!runs) {
                crun.delete(containerId);
                int pid = own.readPid();
                if (pid != 0) {
                    Optional<Integer> _ = Orphans.awaitExit(pid, KILL_PATIENCE);
                }
            }
        }
    }

    private int make(ProcessStreams streams, ProcessFiles own, Duration patience) {
        try {
            Orphans.expect();
        } catch (LinuxException e) {
            throw Refusal.failed("cannot hold the container for its hooks: " + e.getMessage());
        }
        try {
            return create(streams, own, patience);
        } finally {
            Orphans.adopt(own.readPid());
        }
    }

    private int create(ProcessStreams streams, ProcessFiles own, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        Process child = launch(streams, Command.builder(crun.create(containerId, bundle, own)));
        try {
            streams.connect(child, deadline);
            if (!child.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw Refusal.late(
                        "crun did not make the container in " + patience.toSeconds() + " s");
            }
        } catch (InterruptedException _) {
            throw Refusal.interrupted();
        } finally {
            child.destroyForcibly();
        }
        int pid = own.readPid();
        if (child.exitValue() != 0 || pid == 0) {
            throw Crun.failure(own.log(), child.exitValue());
        }
        return pid;
    }

    private static Process launch(ProcessStreams streams, ProcessBuilder builder) {
        try {
            streams.prepare(builder);
            Process child = Spawn.start(builder);
            streams.handedOver();
            return child;
        } catch (IOException e) {
            throw Refusal.failed("cannot start crun: " + e.getMessage());
        }
    }

    /** {@return the exit code, once the process has ended} */
    int awaitExit(int pid) {
        int code = Orphans.awaitExit(pid);
        // In the foreground, crun would forget the container itself.
        crun.delete(containerId);
        return code;
    }
}

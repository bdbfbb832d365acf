package dev.kumite.shim;

import dev.kumite.doors.Machines;
import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.EngineException;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.engine.RootDevice;
import dev.kumite.linux.Signals;
import dev.kumite.oci.Resources;
import dev.kumite.shim.ShimException.Category;
import dev.kumite.shim.messages.CreateTaskRequest;
import dev.kumite.shim.messages.ExecProcessRequest;
import dev.kumite.shim.messages.Mount;
import dev.kumite.shim.messages.Status;
import dev.kumite.shim.messages.TaskRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A task of containerd: a container in a machine, from its making to its removal. Changes of the
 * container's state, and their events, are made under {@code lock}, so that an exit never overtakes
 * a start; the state is read without it.
 *
 * <p>Its pid, and that of all its processes, is QEMU's: the one process on this host that lives as
 * long as the machine, whose namespaces containerd can name, and whose end is the task's.
 */
final class Task {

    /** A shell's exit code for a program that SIGKILL has ended. */
    static final int KILLED = 128 + Signals.KILL;

    private static final int NOT_STARTED = 127;
    private static final int BY_SIGNAL = 128;

    private static final Duration FORCED_PATIENCE = Duration.ofSeconds(30);

    private final TaskHome home;
    private final CreateTaskRequest request;
    private final TaskLock lock;
    private final SignalsUnderWay signals = new SignalsUnderWay();
    private final TaskProcess init;
    private final Execs execs;
    private final TaskEvents events;
    private final TaskFile file;

    private volatile Optional<Machines.Guest> guest = Optional.empty();
    private volatile Optional<Thread> creator = Optional.empty();
    private volatile boolean removed;

    Task(TaskHome home, CreateTaskRequest request) {
        this.home = home;
        this.request = request;
        this.init =
                new TaskProcess(
                        "",
                        new Stdio(
                                request.getStdin(),
                                request.getStdout(),
                                request.getStderr(),
                                request.getTerminal()));
        this.events = new TaskEvents(home.events(), request);
        this.lock = new TaskLock(request.getId());
        this.file = new TaskFile(home.files(), request.getId(), this::record);
        this.execs =
                new Execs(home, request.getId(), events, () -> file.saveWhatever(init.exitNow()));
    }

    String id() {
        return request.getId();
    }

    Path bundle() {
        return Path.of(request.getBundle());
    }

    TaskProcess init() {
        return init;
    }

    /** {@return whether it has, or may have, a machine} */
    boolean lives() {
        return init.status() != Status.STOPPED;
    }

    /**
     * Makes it.
     *
     * @return its pid
     */
    int create(Function<String, Optional<String>> environment) {
        return lock.hold(() -> {
            try {
                creator = Optional.of(Thread.currentThread());
                file.save(init.exitNow());
                ContainerRequest wanted = withRoot(environment);
                init.open(home.namespace(), id());
                Machines.Guest made = home.machines().create(wanted, environment);
                guest = Optional.of(made);
                made.whenOutOfMemory(this::ranOutOfMemory);
                creator = Optional.empty();
                init.pid(made.pid());
                file.save(init.exitNow());
                events.created(init.pid());
                return init.pid();
            } catch (RuntimeException failure) {
                creator = Optional.empty();
                // The interruption has done its work; what follows must not be interrupted.
                boolean interrupted = Thread.interrupted();
                release();
                init.ended(home.exit(KILLED));
                throw interrupted
                        ? ShimException.of(Category.ILLEGAL_STATE, "the task was deleted")
                        : failure;
            }
        });
    }

    /** Gives its root file system to the machine as a disk, or mounts it here. */
    private ContainerRequest withRoot(Function<String, Optional<String>> environment) {
        List<Mount> mounts = request.getRootfsList();
        Optional<RootDevice> device = Rootfs.device(mounts);
        if (device.isPresent()) {
            ContainerRequest wanted =
                    ContainerRequest.ofBundle(bundle(), id()).withRootDevice(device.get());
            if (home.machines().obstacleToRootDevice(wanted, environment).isEmpty()) {
                return wanted;
            }
        }
        Rootfs.mount(bundle(), mounts);
        return ContainerRequest.ofBundle(bundle(), id());
    }

    /** Takes it over from a supervisor that has died; says it has ended if it is gone. */
    void adopt(TaskRecord record) {
        lock.run(() -> {
            init.pid(record.getPid());
            init.status(record.getStatus());
            if (record.getStatus() == Status.STOPPED) {
                init.ended(new Exit(record.getExitStatus(), record.getExitedAt()));
                execs.restore(record.getExecsList(), Optional.empty());
                return;
            }
            guest = home.machines().adopt(record.getSandbox(), id());
            execs.restore(record.getExecsList(), guest);
            if (guest.isEmpty()) {
                end(KILLED);
                return;
            }
            guest.get().whenOutOfMemory(this::ranOutOfMemory);
            if (record.getInputClosed()) {
                init.closeInput();
            }
            init.reopen(home.namespace(), id());
            if (init.status() != Status.CREATED) {
                init.begin(guest.get().process(), this::ended);
            }
        });
    }

    /**
     * Starts its first process.
     *
     * @return the pid
     */
    int start() {
        return lock.hold(() -> {
            require(Status.CREATED, "start");
            init.status(Status.RUNNING);
            file.save(init.exitNow());
            Machines.Guest machine = guest.orElseThrow();
            try {
                machine.start();
            } catch (RuntimeException failure) {
                init.abandon();
                boolean machineEnded =
                        failure instanceof EngineException ended
                                && ended.category() == EngineException.Category.CLOSED;
                end(machineEnded ? KILLED : NOT_STARTED);
                throw failure;
            }
            events.started(init.pid());
            init.begin(machine.process(), this::ended);
            return init.pid();
        });
    }

    /** Adds a further process. */
    void exec(ExecProcessRequest wanted) {
        lock.run(() -> {
            if (!lives()) {
                throw ShimException.of(Category.ILLEGAL_STATE, "cannot exec in a stopped task");
            }
            execs.add(wanted);
        });
    }

    /**
     * Starts a process that was added.
     *
     * @return the pid
     */
    int start(String execId, Function<ExecProcessRequest, ProcessSpec> program) {
        require(Status.RUNNING, "exec in");
        return execs.start(execId, living(), init.pid(), program);
    }

    /** {@return the process of that name; the first one if it is empty} */
    TaskProcess process(String execId) {
        return execId.isEmpty() ? init : execs.find(execId);
    }

    /** Sends a signal. Needs no lock: it must reach also a task that another call is at. */
    void kill(String execId, int signal, boolean all) {
        if (!execId.isEmpty()) {
            execs.find(execId).signal(signal);
            return;
        }
        switch (init.status()) {
            case RUNNING, PAUSED -> signals.send(() -> living().signal(signal, all));
            case CREATED -> {
                // There is no program yet that could have its own way with a signal.
                if (signal == Signals.KILL || signal == Signals.TERM) {
                    lock.run(() -> {
                        if (init.status() == Status.CREATED) {
                            guest.ifPresent(this::close);
                            init.abandon();
                            end(BY_SIGNAL + signal);
                        }
                    });
                }
            }
            default -> throw ShimException.ended();
        }
    }

    void pause() {
        lock.run(() -> {
            require(Status.RUNNING, "pause");
            living().pause();
            init.status(Status.PAUSED);
            file.save(init.exitNow());
            events.paused();
        });
    }

    void resume() {
        lock.run(() -> {
            require(Status.PAUSED, "resume");
            living().resume();
            init.status(Status.RUNNING);
            file.save(init.exitNow());
            events.resumed();
        });
    }

    void update(Resources limits) {
        lock.run(() -> living().update(limits));
    }

    ContainerStats stats() {
        return living().stats();
    }

    void closeInput(String execId) {
        process(execId).closeInput();
        file.save(init.exitNow());
    }

    /** {@return the pids of its processes on this host} */
    List<Integer> pids() {
        return lives() ? List.of(init.pid()) : List.of();
    }

    /** Forgets a process that does not run. */
    TaskProcess deleteExec(String execId) {
        return execs.delete(execId);
    }

    /** Removes it, unless it runs. */
    Exit delete() {
        return lock.hold(() -> {
            if (removed) {
                throw ShimException.unknownTask(id());
            }
            if (init.status() != Status.STOPPED && init.status() != Status.CREATED) {
                throw ShimException.of(
                        Category.ILLEGAL_STATE,
                        "cannot delete a task that is not stopped: it is " + word(init.status()));
            }
            init.abandon();
            init.ended(home.exit(KILLED));
            release();
            events.deleted(init);
            return init.exitNow();
        });
    }

    /** Ends and removes it in bounded time, whatever it is doing. */
    Exit destroy() {
        creator.ifPresent(Thread::interrupt);
        return lock.hold(
                FORCED_PATIENCE,
                () -> {
                    if (!removed) {
                        if (lives()) {
                            init.abandon();
                            end(KILLED);
                        }
                        release();
                    }
                    return init.exitNow();
                });
    }

    /** Gives back all that it has; the lock is held. */
    private void release() {
        removed = true;
        guest.ifPresent(this::close);
        init.abandon();
        execs.abandon();
        Rootfs.unmount(bundle());
        file.remove();
    }

    /** What cannot be released must not keep the rest. The garbage collector tries again. */
    private void close(Machines.Guest machine) {
        try {
            machine.close();
        } catch (RuntimeException failure) {
            System.err.println("removing task " + id() + ": " + failure.getMessage());
        }
    }

    /** Its first process has ended by itself, or by a signal. */
    private void ended(int code) {
        // Once it hears of the end, containerd closes the task's connection: whoever has sent a
        // signal must have been answered by then.
        signals.await();
        lock.lock();
        try {
            if (removed || init.status() == Status.STOPPED) {
                return;
            }
            if (guest.map(Machines.Guest::oomKilled).orElse(false)) {
                ranOutOfMemory();
            }
            end(code);
        } finally {
            lock.unlock();
        }
        guest.ifPresent(machine -> Thread.ofVirtual().name("end of " + id()).start(machine::ended));
    }

    /** Without the lock, which may be held for long. */
    private void ranOutOfMemory() {
        if (!removed) {
            events.oom();
        }
    }

    /** Says that it has ended: on disk, to containerd, to those who wait. The lock is held. */
    private void end(int code) {
        Exit how = home.exit(code);
        init.status(Status.STOPPED);
        file.saveWhatever(how);
        events.exited(init, how);
        init.ended(how);
    }

    private TaskRecord record(Exit how) {
        return TaskRecords.of(
                request, guest.map(Machines.Guest::sandbox).orElse(""), init, how, execs);
    }

    private Machines.Guest living() {
        if (!lives()) {
            throw ShimException.ended();
        }
        return guest.orElseThrow(ShimException::ended);
    }

    private void require(Status status, String verb) {
        if (removed) {
            throw ShimException.unknownTask(id());
        }
        if (init.status() != status) {
            throw ShimException.of(
                    Category.ILLEGAL_STATE,
                    "cannot %s task %s: it is %s, not %s"
                            .formatted(verb, id(), word(init.status()), word(status)));
        }
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}

package dev.kumite.supervisor;

import dev.kumite.doors.Machines;
import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.ContainerStats;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.linux.Fd;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import dev.kumite.oci.Resources;
import dev.kumite.supervisor.SupervisorException.Category;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A container from its making to its removal: {@code creating}, {@code created}, {@code running},
 * {@code paused}, {@code stopped}. Changes of state are made under {@code lock}, and are on disk
 * before they are done; the state is read without it.
 */
final class ContainerLife {

    /** Source: a shell's exit code for a program that SIGKILL has ended. */
    static final int KILLED = 128 + Signals.KILL;

    private static final int NOT_STARTED = 127;
    private static final int BY_SIGNAL = 128;

    /** How long a command waits for another one on the same container; above a machine's boot. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration FORCED_PATIENCE = Duration.ofSeconds(30);

    /** Between the death of a holder and the end of its container. */
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    /** From SIGKILL to the visible end; podman waits 5 s. Source: libpod, killContainerTimeout. */
    private static final Duration SIGKILL_PATIENCE = Duration.ofSeconds(3);

    private final LifeLock lock = new LifeLock(this::entry);
    private final Ledger ledger;
    private final FurtherProcesses execs;

    private volatile Entry entry;
    private volatile Optional<Machines.Guest> guest = Optional.empty();
    private volatile Optional<HeldProcess> init = Optional.empty();
    private volatile Optional<Thread> creator = Optional.empty();
    private volatile boolean removed;

    /** That it was told to end, whatever it does. */
    private volatile boolean doomed;

    ContainerLife(Ledger ledger, Entry entry) {
        this.ledger = ledger;
        this.entry = entry;
        this.execs = new FurtherProcesses(ledger, entry.id());
    }

    Entry entry() {
        return entry;
    }

    /** {@return whether it has, or may have, a machine} */
    boolean lives() {
        return !entry.is(Entry.STOPPED);
    }

    /**
     * Makes it.
     *
     * @param console where the caller listens for a terminal; empty if the program wants none
     */
    void create(
            Machines machines,
            ContainerRequest request,
            Function<String, Optional<String>> environment,
            Holder holder,
            Optional<Path> console) {
        lock.lock();
        try {
            ledger.write(entry);
            creator = Optional.of(Thread.currentThread());
            if (doomed) {
                Thread.currentThread().interrupt();
            }
            // Hooks find the network by the holder.
            HolderNetwork.join(holder, request.spec());
            Machines.Guest made = machines.create(request, environment);
            creator = Optional.empty();
            guest = Optional.of(made);
            Optional<Fd> terminal = console.map(socket -> Console.open(socket, holder));
            HeldProcess process = new HeldProcess(holder, made.process(), terminal);
            init = Optional.of(process);
            change(entry.withSandbox(made.sandbox()).withStatus(Entry.CREATED));
            process.watch(this::holderDied);
        } catch (RuntimeException | Error failure) {
            creator = Optional.empty();
            // The interruption has done its work; what follows must not be interrupted.
            boolean interrupted = Thread.interrupted();
            removed = true;
            guest.ifPresent(Machines.Guest::close);
            ledger.remove(entry.id());
            SupervisorException.throwIfDeleted(interrupted);
            throw failure;
        } finally {
            lock.unlock();
        }
    }

    /** Takes it over from a supervisor that has died; says it has stopped if it is gone. */
    void adopt(Machines machines) {
        Optional<Holder> holder = entry.holder().flatMap(Holder::found);
        Optional<Machines.Guest> found = machines.adopt(entry.sandbox(), entry.id());
        lock.lock();
        try {
            if (found.isEmpty() || holder.isEmpty()) {
                change(entry.stopped(KILLED));
                found.ifPresent(Machines.Guest::close);
                holder.ifPresent(waiting -> waiting.exit(KILLED));
                execs.giveUp();
                return;
            }
            guest = found;
            Optional<Fd> terminal =
                    entry.terminal() ? Console.reopen(holder.get()) : Optional.empty();
            HeldProcess process = new HeldProcess(holder.get(), found.get().process(), terminal);
            init = Optional.of(process);
            process.watch(this::holderDied);
            String status = found.get().status();
            if (!status.equals(entry.status()) && !status.equals(Entry.STOPPED)) {
                change(entry.withStatus(status));
            }
            if (!entry.is(Entry.CREATED)) {
                process.begin(this::ended);
            }
            execs.adopt(found.get());
        } finally {
            lock.unlock();
        }
    }

    /** Runs the program of a container that was made. */
    void start(boolean again) {
        locked(() -> {
            if (again && entry.is(Entry.RUNNING)) {
                return;
            }
            require(Entry.CREATED, "start");
            change(entry.withStatus(Entry.RUNNING));
            try {
                guest.orElseThrow().start();
            } catch (RuntimeException failure) {
                stopNow(NOT_STARTED);
                throw failure;
            }
            init.orElseThrow().begin(this::ended);
        });
    }

    /**
     * Runs a further program.
     *
     * @param console see {@link #create}
     * @param command see {@link FurtherProcesses#run}
     */
    void exec(
            ProcessSpec program,
            Holder holder,
            Optional<Path> console,
            Optional<ProcessIdentity> command) {
        locked(() -> {
            require(Entry.RUNNING, "exec in");
            execs.run(guest.orElseThrow(), program, holder, console, command);
        });
    }

    /** Sends a signal. Needs no lock: it must reach also a container that another command is at. */
    void kill(int signal, boolean all) {
        switch (entry.status()) {
            case Entry.RUNNING, Entry.PAUSED -> {
                if (signal == Signals.KILL) {
                    endInTime();
                }
                guest.orElseThrow().signal(signal, all);
            }
            case Entry.CREATED -> {
                // There is no program yet that could have its own way with a signal.
                if (signal == Signals.KILL || signal == Signals.TERM) {
                    locked(() -> {
                        if (entry.is(Entry.CREATED)) {
                            stopNow(BY_SIGNAL + signal);
                        }
                    });
                }
            }
            case Entry.STOPPED -> {
                if (!all) {
                    throw SupervisorException.notRunning();
                }
            }
            default -> throw SupervisorException.notRunning();
        }
    }

    /** A guest that is slow, or does not answer, must not outlive SIGKILL for long. */
    private void endInTime() {
        Thread.ofVirtual()
                .name("kill of " + entry.id())
                .start(() -> {
                    try {
                        TimeUnit.NANOSECONDS.sleep(SIGKILL_PATIENCE.toNanos());
                    } catch (InterruptedException stopped) {
                        return;
                    }
                    evenBelowOthers(
                            Duration.ofSeconds(1),
                            () -> {
                                if (!removed && !entry.is(Entry.STOPPED)) {
                                    stopNow(KILLED);
                                }
                            });
                });
    }

    /**
     * Passes on what a holder has got.
     *
     * @return whether it is one of this container's
     */
    boolean signal(int holder, int signal) {
        Optional<HeldProcess> process =
                init.filter(held -> held.holder().process().pid() == holder)
                        .or(() -> execs.of(holder));
        if (process.isEmpty()) {
            return false;
        }
        if (init.equals(process) && entry.is(Entry.CREATED)) {
            kill(signal, false);
        } else {
            process.get().signal(signal);
        }
        return true;
    }

    void pause() {
        locked(() -> {
            require(Entry.RUNNING, "pause");
            guest.orElseThrow().pause();
            change(entry.withStatus(Entry.PAUSED));
        });
    }

    void resume() {
        locked(() -> {
            require(Entry.PAUSED, "resume");
            guest.orElseThrow().resume();
            change(entry.withStatus(Entry.RUNNING));
        });
    }

    void update(Resources limits) {
        locked(() -> living().update(limits));
    }

    ContainerStats stats() {
        return living().stats();
    }

    /** {@return the pids of the holders of its processes} */
    List<Integer> holders() {
        List<Integer> pids = new ArrayList<>();
        if (lives()) {
            init.ifPresent(held -> pids.add(held.holder().process().pid()));
            pids.addAll(execs.holders());
        }
        return pids;
    }

    /** Removes it. With force in bounded time, whatever it is doing. */
    void delete(boolean force) {
        if (!force) {
            locked(this::remove);
            return;
        }
        doomed = true;
        creator.ifPresent(Thread::interrupt);
        evenBelowOthers(FORCED_PATIENCE, this::remove);
    }

    /** Does something under the lock, if need be by ending the machine that its holder is at. */
    private void evenBelowOthers(Duration patience, Runnable action) {
        if (!lock.tryRun(patience, action)) {
            // Whoever has the lock waits for the machine, and is told so by its end.
            guest.ifPresent(Machines.Guest::close);
            lock.run(FORCED_PATIENCE, action);
        }
    }

    private void remove() {
        if (removed) {
            return;
        }
        if (!doomed && !entry.is(Entry.STOPPED) && !entry.is(Entry.CREATED)) {
            throw SupervisorException.of(
                    Category.ILLEGAL_STATE,
                    "cannot delete container %s that is not stopped: %s"
                            .formatted(entry.id(), entry.status()));
        }
        if (!entry.is(Entry.STOPPED)) {
            stopNow(KILLED);
        }
        guest.ifPresent(Machines.Guest::close);
        removed = true;
        ledger.remove(entry.id());
    }

    /** Its first process has ended by itself, or by a signal. */
    private void ended(int code) {
        lock.lock();
        try {
            if (!removed && !entry.is(Entry.STOPPED)) {
                guest.filter(Machines.Guest::oomKilled).ifPresent(_ -> OomMark.leave(entry));
                change(entry.stopped(code));
            }
        } finally {
            lock.unlock();
        }
        guest.ifPresent(
                machine -> Thread.ofVirtual().name("end of " + entry.id()).start(machine::ended));
    }

    /** Ends it without waiting for its program. The lock is held. */
    private void stopNow(int code) {
        boolean begun = !entry.is(Entry.CREATED) && code != NOT_STARTED;
        change(entry.stopped(code));
        // Before the machine's end, which takes its time where a guest hangs.
        init.ifPresent(held -> {
            if (begun) {
                held.holder().exit(code);
            } else {
                held.abandon(code);
            }
        });
        guest.ifPresent(Machines.Guest::close);
    }

    private void holderDied() {
        if (entry.is(Entry.CREATED)) {
            kill(Signals.KILL, false);
            return;
        }
        init.ifPresent(HeldProcess::kill);
        try {
            TimeUnit.NANOSECONDS.sleep(KILL_PATIENCE.toNanos());
        } catch (InterruptedException endedInTime) {
            return;
        }
        locked(() -> {
            if (!removed && !entry.is(Entry.STOPPED)) {
                stopNow(KILLED);
            }
        });
    }

    private Machines.Guest living() {
        if (!lives()) {
            throw SupervisorException.notRunning();
        }
        return guest.orElseThrow(SupervisorException::notRunning);
    }

    private void require(String status, String verb) {
        if (removed) {
            throw SupervisorException.unknown(entry.id());
        }
        if (!entry.is(status)) {
            throw entry.is(Entry.STOPPED) && !status.equals(Entry.CREATED)
                    ? SupervisorException.notRunning()
                    : SupervisorException.of(
                            Category.ILLEGAL_STATE,
                            "cannot %s container %s: it is %s, not %s"
                                    .formatted(verb, entry.id(), entry.status(), status));
        }
    }

    private void change(Entry next) {
        ledger.write(next);
        entry = next;
    }

    private void locked(Runnable action) {
        lock.run(PATIENCE, action);
    }
}

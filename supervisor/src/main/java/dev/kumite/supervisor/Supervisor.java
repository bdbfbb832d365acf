package dev.kumite.supervisor;

import dev.kumite.doors.DoorException;
import dev.kumite.doors.Machines;
import dev.kumite.engine.ContainerRequest;
import dev.kumite.engine.EngineException;
import dev.kumite.linux.LinuxException;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import dev.kumite.oci.Spec;
import dev.kumite.oci.State;
import dev.kumite.oci.StateWriter;
import dev.kumite.shim.Shim;
import dev.kumite.shim.ShimException;
import dev.kumite.supervisor.SupervisorException.Category;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** The containers of a root, and what commands do with them. Safe for use by several threads. */
final class Supervisor {

    /** How long a command takes at most to ask again after its supervisor has died. */
    private static final Duration NEXT_TRY = Duration.ofSeconds(15);

    /** How long a removal waits for what may be about to be made. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private static final long LOOK_NANOS = 1_000_000;

    private final Map<String, ContainerLife> containers = new ConcurrentHashMap<>();
    private final AtomicInteger commands = new AtomicInteger();

    /** Commands of which it is not known yet what they make. */
    private final Set<Request> unsettled = ConcurrentHashMap.newKeySet();

    private final Machines machines;
    private final Ledger ledger;
    private final InstantSource clock;
    private final Optional<Shim> shim;

    Supervisor(Path root, Machines machines, InstantSource clock) {
        this(root, machines, Optional.empty(), clock);
    }

    /**
     * @param shim serves containerd, from the same machines
     */
    Supervisor(Path root, Machines machines, Optional<Shim> shim, InstantSource clock) {
        this.machines = machines;
        this.shim = shim;
        this.ledger = new Ledger(root);
        this.clock = clock;
    }

    /** Takes over what an earlier supervisor has left, and releases what is dead. */
    void adopt() {
        ledger.damaged().forEach(ledger::remove);
        for (Entry entry : ledger.entries()) {
            if (entry.is(Entry.CREATING)) {
                ledger.remove(entry.id());
                entry.holder().ifPresent(this::awaitNextTry);
                continue;
            }
            ContainerLife life = new ContainerLife(ledger, entry);
            containers.put(entry.id(), life);
            if (life.lives()) {
                life.adopt(machines);
            }
        }
        shim.ifPresent(Shim::adopt);
        machines.collectGarbage();
    }

    /** Whoever has asked for it asks again; unless that one is gone, too. */
    private void awaitNextTry(ProcessIdentity holder) {
        Thread.ofVirtual()
                .name("holder " + holder.pid())
                .start(() -> {
                    boolean ended = holder.awaitExit(NEXT_TRY);
                    boolean wanted =
                            containers.values().stream()
                                    .map(ContainerLife::entry)
                                    .anyMatch(entry -> entry.holder().equals(Optional.of(holder)));
                    if (!ended && !wanted) {
                        holder.signal(Signals.KILL);
                    }
                });
    }

    /** {@return whether no container lives and no command is served} */
    boolean idle() {
        return commands.get() == 0
                && containers.values().stream().noneMatch(ContainerLife::lives)
                && shim.map(Shim::idle).orElse(true);
    }

    /** Does what the command wants, and answers. */
    void serve(Request request) {
        commands.incrementAndGet();
        unsettled.add(request);
        try {
            Optional<Caller> found = Caller.of(request);
            if (found.isPresent()) {
                try (Caller caller = found.get()) {
                    caller.answer(run(request, caller));
                }
            }
        } catch (SupervisorException | LinuxException callerIsGone) {
            // Nobody is there who could be told.
            return;
        } finally {
            unsettled.remove(request);
            commands.decrementAndGet();
        }
    }

    private int run(Request request, Caller caller) {
        try {
            if (shim.isPresent() && ShimDoor.isMeant(caller)) {
                ShimDoor.answer(shim.get(), caller);
            } else {
                Verb verb = CommandLine.parse(caller.arguments()).verb();
                if (!(verb instanceof Verb.Create)) {
                    unsettled.remove(request);
                }
                run(caller, verb, () -> unsettled.remove(request));
            }
            return 0;
        } catch (ShimException refused) {
            return fail(caller, refused.getMessage());
        } catch (DoorException refused) {
            return fail(caller, refused.getMessage());
        } catch (SupervisorException refused) {
            return fail(caller, refused.text());
        } catch (EngineException failed) {
            return fail(caller, failed.inOneLine());
        } catch (LinuxException | UncheckedIOException failed) {
            return fail(caller, SupervisorException.reason(failed));
        } catch (RuntimeException | Error bug) {
            // Errors, too: the caller would wait for ever.
            bug.printStackTrace();
            return fail(caller, "an error in kumite itself: " + bug);
        }
    }

    private int fail(Caller caller, String message) {
        // Callers read standard error to its end; a holder that stays would keep it open.
        caller.holder().ifPresent(Holder::kill);
        CommandLine.Logging logging = CommandLine.logging(caller.arguments());
        logging.log()
                .ifPresent(file ->
                        ErrorRecord.append(
                                caller.resolve(file), logging.json(), message, clock.instant()));
        caller.complain(message);
        return 1;
    }

    private void run(Caller caller, Verb verb, Runnable settled) {
        switch (verb) {
            case Verb.Create create -> create(caller, create, settled);
            case Verb.Start(String id) -> find(id).start(caller.again());
            case Verb.State(String id) ->
                    caller.print(StateWriter.write(find(id).entry().state()) + "\n");
            case Verb.Kill(String id, int signal, boolean all) -> find(id).kill(signal, all);
            case Verb.Delete(String id, boolean force) ->
                    delete(id, force, force || caller.again());
            case Verb.Exec exec -> exec(caller, exec);
            case Verb.Pause(String id) -> find(id).pause();
            case Verb.Resume(String id) -> find(id).resume();
            case Verb.Update update -> find(update.id()).update(Inputs.limits(caller, update));
            case Verb.Ps(String id, boolean json) -> caller.print(ps(find(id), json));
            case Verb.Events(String id) -> caller.print(StatsJson.of(id, find(id).stats()) + "\n");
            case Verb.HolderSignal(int pid, int signal) -> signal(pid, signal);
        }
    }

    private void create(Caller caller, Verb.Create create, Runnable settled) {
        requireId(create.id());
        caller.requireSharedMounts();
        Holder holder = holder(caller);
        ContainerRequest request =
                ContainerRequest.ofBundle(caller.resolve(create.bundle()), create.id())
                        .withPid(holder.process().pid());
        ProgramSearch.complaint(request.spec(), request.bundle())
                .ifPresent(missing -> {
                    throw SupervisorException.of(Category.NOT_FOUND, missing);
                });
        Optional<Path> console =
                Inputs.console(
                        caller,
                        create.consoleSocket(),
                        request.spec().process().map(p -> p.terminal()).orElse(false));
        ContainerLife life = new ContainerLife(ledger, creating(request, holder, console));
        showFiles(request, holder);
        ContainerLife taken = containers.putIfAbsent(create.id(), life);
        settled.run();
        if (taken != null) {
            boolean ours = taken.entry().holder().equals(Optional.of(holder.process()));
            if (!ours || !caller.again()) {
                throw SupervisorException.of(
                        Category.CONFLICT, "container with id exists: " + create.id());
            }
            holder.close();
        } else {
            try {
                life.create(machines, request, caller::environment, holder, console);
            } catch (RuntimeException | Error failure) {
                containers.remove(create.id(), life);
                throw failure;
            }
        }
        try {
            create.pidFile().ifPresent(file -> writePid(caller.resolve(file), holder));
        } catch (UncheckedIOException failure) {
            delete(create.id(), true, true);
            throw failure;
        }
    }

    /** Without, "podman cp" would find the host's files where it looks for the container's. */
    private static void showFiles(ContainerRequest request, Holder holder) {
        request.spec()
                .root()
                .map(root -> request.bundle().resolve(root.path()).normalize())
                .filter(Files::isDirectory)
                .ifPresent(rootfs -> {
                    if (rootfs.toString().indexOf('\n') >= 0) {
                        throw SupervisorException.of(
                                Category.CALLER, "the path of the rootfs has a line break in it");
                    }
                    holder.show(rootfs);
                });
    }

    private static Entry creating(ContainerRequest request, Holder holder, Optional<Path> console) {
        Spec spec = request.spec();
        ProcessIdentity process = holder.process();
        return new Entry(
                new State(
                        spec.ociVersion(),
                        request.id(),
                        Entry.CREATING,
                        process.pid(),
                        request.bundle().toString(),
                        spec.annotations()),
                "",
                Optional.of(process),
                console.isPresent(),
                0);
    }

    private void exec(Caller caller, Verb.Exec exec) {
        ContainerLife life = find(exec.id());
        Holder holder = holder(caller);
        Inputs.ExecProgram program = Inputs.program(caller, exec);
        life.exec(
                program.spec(),
                holder,
                program.console(),
                exec.detach() ? Optional.empty() : Optional.of(caller.process()));
        exec.pidFile().ifPresent(file -> writePid(caller.resolve(file), holder));
    }

    private void delete(String id, boolean force, boolean mayBeGone) {
        long begin = System.nanoTime();
        while (force
                && !containers.containsKey(id)
                && !unsettled.isEmpty()
                && System.nanoTime() - begin < SETTLING.toNanos()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        ContainerLife life = containers.get(id);
        if (life == null) {
            if (mayBeGone) {
                return;
            }
            throw SupervisorException.unknown(id);
        }
        life.delete(force);
        containers.remove(id, life);
    }

    private static String ps(ContainerLife life, boolean json) {
        List<Integer> pids = life.holders();
        return json
                ? pids.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]\n"))
                : pids.stream().map(pid -> pid + "\n").collect(Collectors.joining("", "PID\n", ""));
    }

    private void signal(int holder, int signal) {
        for (ContainerLife life : containers.values()) {
            if (life.signal(holder, signal)) {
                return;
            }
        }
    }

    private ContainerLife find(String id) {
        ContainerLife life = containers.get(id);
        if (life == null) {
            throw SupervisorException.unknown(id);
        }
        return life;
    }

    private static Holder holder(Caller caller) {
        return caller.holder()
                .orElseThrow(() ->
                        SupervisorException.of(
                                Category.CALLER,
                                "the process that was to stand for the container's is gone"));
    }

    /** Source: runc, utils.ValidateID, but for the first character. */
    private static void requireId(String id) {
        boolean valid = !id.isEmpty() && id.length() <= 128 && letterOrDigit(id.charAt(0));
        for (int i = 0; valid && i < id.length(); i++) {
            valid = letterOrDigit(id.charAt(i)) || "_.+-".indexOf(id.charAt(i)) >= 0;
        }
        if (!valid) {
            throw SupervisorException.of(
                    Category.USAGE,
                    "invalid container id \""
                            + id
                            + "\": it has to be a letter or digit, then up to 127 letters, digits,"
                            + " \"_\", \".\", \"+\", \"-\"");
        }
    }

    private static boolean letterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Renamed into place, so that nobody reads half a number. */
    private static void writePid(Path file, Holder holder) {
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            Files.writeString(next, Integer.toString(holder.process().pid()));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the pid to " + file, failure);
        }
    }
}

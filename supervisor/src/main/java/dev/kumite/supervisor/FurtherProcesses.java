package dev.kumite.supervisor;

import dev.kumite.doors.Machines;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.linux.Fd;
import dev.kumite.linux.ProcessIdentity;
import dev.kumite.linux.Signals;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The programs that {@code exec} has started in a container, by the pid of the process that stands
 * for each. Changed under the container's lock, but for ends; safe to read for every thread.
 */
final class FurtherProcesses {

    private final Ledger ledger;
    private final String container;
    private final Map<Integer, HeldProcess> processes = new ConcurrentHashMap<>();

    FurtherProcesses(Ledger ledger, String container) {
        this.ledger = ledger;
        this.container = container;
    }

    /**
     * Runs a program.
     *
     * @param console where the caller listens for a terminal; empty if the program wants none
     * @param command the command that waits for its end, and with which it ends; empty if detached
     */
    void run(
            Machines.Guest guest,
            ProcessSpec program,
            Holder holder,
            Optional<Path> console,
            Optional<ProcessIdentity> command) {
        Machines.GuestProcess process = guest.exec(program);
        try {
            Optional<Fd> terminal = console.map(socket -> Console.open(socket, holder));
            ledger.write(
                    container,
                    new Ledger.Exec(holder.process(), process.id(), terminal.isPresent(), command));
            begin(new HeldProcess(holder, process, terminal), command);
        } catch (RuntimeException failure) {
            process.signal(Signals.KILL);
            throw failure;
        }
    }

    /** Takes over those of a supervisor that has died. */
    void adopt(Machines.Guest guest) {
        for (Ledger.Exec exec : ledger.execs(container)) {
            Machines.GuestProcess process = guest.find(exec.execId(), exec.terminal());
            Optional<Holder> found = Holder.found(exec.holder());
            if (found.isEmpty()) {
                process.signal(Signals.KILL);
                ledger.remove(container, exec.holder());
                continue;
            }
            Holder holder = found.get();
            begin(
                    new HeldProcess(
                            holder,
                            process,
                            exec.terminal() ? Console.reopen(holder) : Optional.empty()),
                    exec.command());
        }
    }

    /** Ends what stands for those that are gone with their machine. */
    void giveUp() {
        for (Ledger.Exec exec : ledger.execs(container)) {
            Holder.found(exec.holder()).ifPresent(waiting -> waiting.exit(ContainerLife.KILLED));
            ledger.remove(container, exec.holder());
        }
    }

    private void begin(HeldProcess process, Optional<ProcessIdentity> command) {
        ProcessIdentity holder = process.holder().process();
        processes.put(holder.pid(), process);
        process.watch(process::kill);
        command.ifPresent(process::endWith);
        process.begin(code -> {
            processes.remove(holder.pid());
            ledger.remove(container, holder);
        });
    }

    /** {@return the process that a holder stands for; empty if it is none of these} */
    Optional<HeldProcess> of(int holder) {
        return Optional.ofNullable(processes.get(holder));
    }

    /** {@return the pids of their holders} */
    Set<Integer> holders() {
        return Set.copyOf(processes.keySet());
    }
}

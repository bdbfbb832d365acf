package dev.kumite.shim;

import dev.kumite.doors.Machines;
import dev.kumite.engine.ProcessSpec;
import dev.kumite.shim.ShimException.Category;
import dev.kumite.shim.messages.ExecProcessRequest;
import dev.kumite.shim.messages.ExecRecord;
import dev.kumite.shim.messages.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The processes that were added to a task. Each has a lock of its own, under which it is started
 * and its end is told, so that one that starts slowly holds up no other.
 */
final class Execs {

    private final TaskHome home;
    private final String task;
    private final TaskEvents events;
    private final Runnable save;
    private final Map<String, Exec> all = new ConcurrentHashMap<>();

    private record Exec(ExecProcessRequest request, TaskProcess process, ReentrantLock lock) {

        static Exec of(ExecProcessRequest request) {
            return new Exec(
                    request,
                    new TaskProcess(
                            request.getExecId(),
                            new Stdio(
                                    request.getStdin(),
                                    request.getStdout(),
                                    request.getStderr(),
                                    request.getTerminal())),
                    new ReentrantLock());
        }
    }

    /**
     * @param task the task's identity
     * @param save writes down what they do
     */
    Execs(TaskHome home, String task, TaskEvents events, Runnable save) {
        this.home = home;
        this.task = task;
        this.events = events;
        this.save = save;
    }

    void add(ExecProcessRequest request) {
        if (request.getExecId().isEmpty()) {
            throw ShimException.of(Category.USAGE, "an exec needs an identity");
        }
        if (all.putIfAbsent(request.getExecId(), Exec.of(request)) != null) {
            throw ShimException.of(
                    Category.CONFLICT, "there is an exec " + request.getExecId() + " already");
        }
        save.run();
        events.execAdded(request.getExecId());
    }

    TaskProcess find(String execId) {
        return exec(execId).process();
    }

    int start(
            String execId,
            Machines.Guest machine,
            int pid,
            Function<ExecProcessRequest, ProcessSpec> program) {
        Exec exec = exec(execId);
        TaskProcess process = exec.process();
        exec.lock().lock();
        try {
            if (process.status() != Status.CREATED || process.exit().isDone()) {
                throw ShimException.of(
                        Category.ILLEGAL_STATE, "exec " + execId + " was started before");
            }
            try {
                process.open(home.namespace(), task);
                Machines.GuestProcess started = machine.exec(program.apply(exec.request()));
                process.pid(pid);
                process.status(Status.RUNNING);
                events.execStarted(execId, pid);
                process.begin(started, code -> ended(exec, code));
            } catch (RuntimeException failure) {
                process.abandon();
                // Who waits for it gets what the runc shim says then.
                process.exit().complete(new Exit(0, Exit.NEVER));
                throw failure;
            }
        } finally {
            exec.lock().unlock();
        }
        save.run();
        return pid;
    }

    private void ended(Exec exec, int code) {
        Exit how = home.exit(code);
        exec.lock().lock();
        try {
            exec.process().status(Status.STOPPED);
            events.exited(exec.process(), how);
            exec.process().ended(how);
        } finally {
            exec.lock().unlock();
        }
        save.run();
    }

    /** Forgets one that does not run. */
    TaskProcess delete(String execId) {
        Exec exec = exec(execId);
        if (exec.process().status() == Status.RUNNING) {
            throw ShimException.of(Category.ILLEGAL_STATE, "exec " + execId + " still runs");
        }
        exec.process().abandon();
        all.remove(execId, exec);
        save.run();
        return exec.process();
    }

    /** Gives up those that were not started. */
    void abandon() {
        for (Exec exec : all.values()) {
            if (exec.process().status() != Status.RUNNING) {
                exec.process().abandon();
            }
        }
    }

    List<ExecRecord> records() {
        List<ExecRecord> records = new ArrayList<>();
        for (Exec exec : all.values()) {
            TaskProcess process = exec.process();
            Exit how = process.exitNow();
            records.add(
                    ExecRecord.newBuilder()
                            .setRequest(exec.request())
                            .setGuestId(process.program().map(Machines.GuestProcess::id).orElse(""))
                            .setStatus(process.status())
                            .setExitStatus(how.code())
                            .setExitedAt(how.at())
                            .setInputClosed(process.inputClosed())
                            .build());
        }
        return records;
    }

    /** Takes them over from a supervisor that has died. */
    void restore(List<ExecRecord> records, Optional<Machines.Guest> machine) {
        for (ExecRecord record : records) {
            Exec exec = Exec.of(record.getRequest());
            all.put(record.getRequest().getExecId(), exec);
            TaskProcess process = exec.process();
            process.status(record.getStatus());
            if (record.getInputClosed()) {
                process.closeInput();
            }
            if (record.getStatus() == Status.STOPPED) {
                process.ended(new Exit(record.getExitStatus(), record.getExitedAt()));
            } else if (record.getStatus() == Status.RUNNING) {
                machine.ifPresentOrElse(
                        found -> resume(exec, found, record), () -> ended(exec, Task.KILLED));
            }
        }
    }

    private void resume(Exec exec, Machines.Guest machine, ExecRecord record) {
        TaskProcess process = exec.process();
        process.pid(machine.pid());
        process.reopen(home.namespace(), task);
        process.begin(
                machine.find(record.getGuestId(), record.getRequest().getTerminal()),
                code -> ended(exec, code));
    }

    private Exec exec(String execId) {
        Exec exec = all.get(execId);
        if (exec == null) {
            throw ShimException.of(Category.NOT_FOUND, "there is no exec " + execId);
        }
        return exec;
    }
}

package dev.kumite.shim;

import dev.kumite.shim.messages.CreateTaskRequest;
import dev.kumite.shim.messages.TaskCreate;
import dev.kumite.shim.messages.TaskDelete;
import dev.kumite.shim.messages.TaskExecAdded;
import dev.kumite.shim.messages.TaskExecStarted;
import dev.kumite.shim.messages.TaskExit;
import dev.kumite.shim.messages.TaskIO;
import dev.kumite.shim.messages.TaskOOM;
import dev.kumite.shim.messages.TaskPaused;
import dev.kumite.shim.messages.TaskResumed;
import dev.kumite.shim.messages.TaskStart;
import java.util.concurrent.locks.ReentrantLock;

/** What containerd is told of one task. Never blocks. */
final class TaskEvents {

    private final EventQueue queue;
    private final CreateTaskRequest task;
    private final ReentrantLock memory = new ReentrantLock();

    /** Guarded by memory. */
    private boolean outOfMemory;

    TaskEvents(EventQueue queue, CreateTaskRequest task) {
        this.queue = queue;
        this.task = task;
    }

    void created(int pid) {
        queue.publish(
                "/tasks/create",
                "TaskCreate",
                TaskCreate.newBuilder()
                        .setContainerId(task.getId())
                        .setBundle(task.getBundle())
                        .addAllRootfs(task.getRootfsList())
                        .setIo(
                                TaskIO.newBuilder()
                                        .setStdin(task.getStdin())
                                        .setStdout(task.getStdout())
                                        .setStderr(task.getStderr())
                                        .setTerminal(task.getTerminal()))
                        .setCheckpoint(task.getCheckpoint())
                        .setPid(pid)
                        .build());
    }

    void started(int pid) {
        queue.publish(
                "/tasks/start",
                "TaskStart",
                TaskStart.newBuilder().setContainerId(task.getId()).setPid(pid).build());
    }

    void execAdded(String execId) {
        queue.publish(
                "/tasks/exec-added",
                "TaskExecAdded",
                TaskExecAdded.newBuilder().setContainerId(task.getId()).setExecId(execId).build());
    }

    void execStarted(String execId, int pid) {
        queue.publish(
                "/tasks/exec-started",
                "TaskExecStarted",
                TaskExecStarted.newBuilder()
                        .setContainerId(task.getId())
                        .setExecId(execId)
                        .setPid(pid)
                        .build());
    }

    void exited(TaskProcess process, Exit how) {
        queue.publish(
                "/tasks/exit",
                "TaskExit",
                TaskExit.newBuilder()
                        .setContainerId(task.getId())
                        .setId(process.id().isEmpty() ? task.getId() : process.id())
                        .setPid(process.pid())
                        .setExitStatus(how.code())
                        .setExitedAt(how.at())
                        .build());
    }

    void deleted(TaskProcess init) {
        Exit how = init.exitNow();
        queue.publish(
                "/tasks/delete",
                "TaskDelete",
                TaskDelete.newBuilder()
                        .setContainerId(task.getId())
                        .setPid(init.pid())
                        .setExitStatus(how.code())
                        .setExitedAt(how.at())
                        .build());
    }

    /** Says once that memory has run out: when it happens, or else before the end. */
    void oom() {
        memory.lock();
        try {
            if (!outOfMemory) {
                outOfMemory = true;
                queue.publish(
                        "/tasks/oom",
                        "TaskOOM",
                        TaskOOM.newBuilder().setContainerId(task.getId()).build());
            }
        } finally {
            memory.unlock();
        }
    }

    void paused() {
        queue.publish(
                "/tasks/paused",
                "TaskPaused",
                TaskPaused.newBuilder().setContainerId(task.getId()).build());
    }

    void resumed() {
        queue.publish(
                "/tasks/resumed",
                "TaskResumed",
                TaskResumed.newBuilder().setContainerId(task.getId()).build());
    }
}

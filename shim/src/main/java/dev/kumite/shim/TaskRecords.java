package dev.kumite.shim;

import dev.kumite.shim.messages.CreateTaskRequest;
import dev.kumite.shim.messages.TaskRecord;

/** Makes what is kept on disk about a task. */
final class TaskRecords {

    private TaskRecords() {}

    static TaskRecord of(
            CreateTaskRequest request, String sandbox, TaskProcess init, Exit how, Execs execs) {
        return TaskRecord.newBuilder()
                .setRequest(request)
                .setSandbox(sandbox)
                .setPid(init.pid())
                .setStatus(init.status())
                .setExitStatus(how.code())
                .setExitedAt(how.at())
                .setInputClosed(init.inputClosed())
                .addAllExecs(execs.records())
                .build();
    }
}

package dev.kumite.shim;

import dev.kumite.doors.Machines;
import dev.kumite.shim.messages.CreateTaskRequest;
import dev.kumite.shim.messages.TaskRecord;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The tasks of one containerd and namespace. Safe for use by several threads. */
final class Tasks {

    private final TaskHome home;
    private final Map<String, Task> all = new ConcurrentHashMap<>();

    /** containerd's variables, as its last call of the binary had them. */
    private volatile Map<String, String> environment = Map.of();

    Tasks(TaskHome home) {
        this.home = home;
    }

    void environment(Map<String, String> variables) {
        environment = Map.copyOf(variables);
    }

    /** Takes over what an earlier supervisor has left. */
    void adopt(List<TaskRecord> records) {
        for (TaskRecord record : records) {
            Task task = new Task(home, record.getRequest());
            if (record.getSandbox().isEmpty() && record.getPid() == 0) {
                // It was being made; whoever asked for it knows that it has failed.
                Rootfs.unmount(task.bundle());
                home.files().remove(task.id());
                continue;
            }
            all.put(task.id(), task);
            task.adopt(record);
            if (!Files.isDirectory(task.bundle())) {
                destroy(task.id());
            }
        }
    }

    /** {@return whether a task has, or may have, a machine} */
    boolean live() {
        return all.values().stream().anyMatch(Task::lives);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Task find(String id) {
        Task task = all.get(id);
        if (task == null) {
            throw ShimException.unknownTask(id);
        }
        return task;
    }

    int create(CreateTaskRequest request) {
        requireId(request.getId());
        Task task = new Task(home, request);
        if (all.putIfAbsent(request.getId(), task) != null) {
            throw ShimException.of(
                    ShimException.Category.CONFLICT, "there is a task " + request.getId());
        }
        Map<String, String> variables = environment;
        Optional<String> configuration = TaskDocuments.configuration(request.getOptions());
        Function<String, Optional<String>> lookup =
                name -> Optional.ofNullable(variables.get(name));
        try {
            return task.create(name ->
                    name.equals(Machines.CONFIGURATION)
                            ? configuration.or(() -> lookup.apply(name))
                            : lookup.apply(name));
        } catch (RuntimeException failure) {
            all.remove(task.id(), task);
            throw failure;
        }
    }

    Task delete(String id) {
        Task task = find(id);
        task.delete();
        all.remove(id, task);
        return task;
    }

    /**
     * Ends and removes a task, whatever it is doing.
     *
     * @return the task; empty if there is none
     */
    Optional<Task> destroy(String id) {
        Task task = all.get(id);
        if (task == null) {
            return Optional.empty();
        }
        task.destroy();
        all.remove(id, task);
        return Optional.of(task);
    }

    /** The identity becomes a file's name. */
    private static void requireId(String id) {
        boolean valid = !id.isEmpty() && id.length() <= 128;
        for (int i = 0; valid && i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letter =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            valid = letter || (i > 0 && "_.+-".indexOf(c) >= 0);
        }
        if (!valid) {
            throw ShimException.of(
                    ShimException.Category.USAGE, "\"" + id + "\" is no identity of a task");
        }
    }
}

package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Storage;
import dev.kumite.ttrpc.TtrpcException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A container: what was mounted for it, and its processes by exec id, the first one's being the
 * container's own. Safe for any number of threads: {@code processes} is concurrent, {@code removed}
 * volatile; the rest never changes.
 */
final class Container {

    /** More than any host asks for; each process holds three pipes and a thread. */
    private static final int MAX_PROCESSES = 4096;

    private final String id;
    private final ContainerProcess first;
    private final ContainerCgroup cgroup;
    private final List<Storage> storages;
    private final StartHooks hooks;
    private volatile boolean removed;
    private final Map<String, ContainerProcess> processes = new ConcurrentHashMap<>();

    Container(
            String id,
            ContainerProcess first,
            ContainerCgroup cgroup,
            List<Storage> storages,
            StartHooks hooks) {
        this.id = id;
        this.first = first;
        this.cgroup = cgroup;
        this.storages = List.copyOf(storages);
        this.hooks = hooks;
        processes.put(first.id(), first);
    }

    String id() {
        return id;
    }

    ContainerProcess first() {
        return first;
    }

    ContainerCgroup cgroup() {
        return cgroup;
    }

    /** {@return what was mounted for this container, in the order of mounting} */
    List<Storage> storages() {
        return storages;
    }

    /** {@return what runs in it before its program} */
    StartHooks hooks() {
        return hooks;
    }

    /** {@return all processes that have not been removed, also those that have ended} */
    List<ContainerProcess> processes() {
        return new ArrayList<>(processes.values());
    }

    /**
     * {@return the process of that exec id; the first one for an empty id}
     *
     * @throws TtrpcException if there is none
     */
    ContainerProcess process(String execId) {
        ContainerProcess process = execId.isEmpty() ? first : processes.get(execId);
        if (process == null) {
            throw Refusal.notFound("there is no process " + execId + " in container " + id);
        }
        return process;
    }

    /** {@return whether it was removed: it may be forgotten once what it left has been told} */
    boolean isRemoved() {
        return removed;
    }

    void markRemoved() {
        removed = true;
    }

    /** Adds a process, unless there is one of that id. */
    void add(ContainerProcess process) {
        if (processes.size() >= MAX_PROCESSES) {
            throw Refusal.notNow(
                    "container " + id + " has " + MAX_PROCESSES + " processes, the most allowed");
        }
        if (processes.putIfAbsent(process.id(), process) != null) {
            throw Refusal.exists(
                    "there is a process " + process.id() + " in container " + id + " already");
        }
    }

    /** Forgets a process that did not start, or that everybody is done with. */
    void remove(ContainerProcess process) {
        processes.remove(process.id(), process);
    }
}

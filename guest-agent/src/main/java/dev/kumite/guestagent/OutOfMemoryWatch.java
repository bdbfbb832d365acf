package dev.kumite.guestagent;

import dev.kumite.ttrpc.CallContext;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells of containers in which the kernel has killed for lack of memory, once for each time that
 * was looked. Looks when a process ends, before that is told, and every second while the host
 * waits: a killed child need not end its container. Guarded by {@code lock}.
 */
final class OutOfMemoryWatch {

    private static final int LOOK_SECONDS = 1;

    private final Collection<Container> containers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Container, Long> told = new HashMap<>();
    private final Map<Container, Long> seen = new HashMap<>();

    OutOfMemoryWatch(Collection<Container> containers) {
        this.containers = containers;
    }

    /** Looks at one container. */
    void look(Container container) {
        long kills = container.cgroup().outOfMemoryKills();
        if (kills == 0) {
            return;
        }
        lock.lock();
        try {
            seen.merge(container, kills, Math::max);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the id of a container that has lost a process} Waits until there is one. */
    String await(CallContext context) {
        context.interruptOnCancel();
        lock.lock();
        try {
            while (true) {
                for (Container container : containers) {
                    look(container);
                }
                seen.keySet().removeIf(container -> container.isRemoved());
                told.keySet().removeIf(container -> container.isRemoved());
                for (Map.Entry<Container, Long> entry : seen.entrySet()) {
                    if (entry.getValue() > told.getOrDefault(entry.getKey(), 0L)) {
                        told.put(entry.getKey(), entry.getValue());
                        return entry.getKey().id();
                    }
                }
                changed.await(LOOK_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            throw Refusal.interrupted();
        } finally {
            lock.unlock();
        }
    }
}

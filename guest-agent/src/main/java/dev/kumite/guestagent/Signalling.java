package dev.kumite.guestagent;

import dev.kumite.linux.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Sends signals to the processes of a container. */
final class Signalling {

    private static final int KILL = 9;
    private static final int TERM = 15;
    private static final int MAX = 64;

    /** What a process that never ran is said to have exited with, added to the signal. */
    private static final int BY_SIGNAL = 128;

    private Signalling() {}

    /** Sends a signal to every process of a container, those that it started itself included. */
    static void all(Container container, int signal) {
        if (!container.first().isRunning()) {
            one(container.first(), container, signal);
            return;
        }
        require(signal);
        List<Integer> pids = container.cgroup().pids();
        send(pids.isEmpty() ? List.of(container.first().pid()) : pids, signal);
    }

    /**
     * Sends a signal to one process. One that has not been started yet is ended by the signals that
     * would end it. In a container without a pid namespace, the first process may be gone, and its
     * number another's, while crun waits for what it has left: then all others get the signal.
     */
    static void one(ContainerProcess process, Container container, int signal) {
        require(signal);
        if (process.hasExited()) {
            throw Refusal.notFound("process " + process.id() + " has exited");
        }
        if (!process.isRunning()) {
            if (signal == KILL || signal == TERM) {
                process.end(BY_SIGNAL + signal);
                return;
            }
            throw Refusal.notNow("process " + process.id() + " has not been started");
        }
        List<Integer> others = process == container.first() ? container.cgroup().pids() : List.of();
        if (others.isEmpty() || others.contains(process.pid())) {
            send(process.pid(), wouldBeIgnored(process, container, signal) ? KILL : signal);
            return;
        }
        send(others, signal);
    }

    private static void require(int signal) {
        if (signal < 0 || signal > MAX) {
            throw Refusal.invalid(signal + " is no signal; they are 1 to " + MAX);
        }
    }

    private static void send(List<Integer> pids, int signal) {
        for (int pid : pids) {
            send(pid, signal);
        }
    }

    /** The two that matter most need no system call of ours. */
    private static void send(int pid, int signal) {
        if (signal != KILL && signal != TERM) {
            Signals.kill(pid, signal);
            return;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isPresent()) {
            if (signal == KILL) {
                process.get().destroyForcibly();
            } else {
                process.get().destroy();
            }
        }
    }

    /**
     * The first process of a pid namespace does not get signals that it does not handle. A host
     * that asks such a process to end means it.
     *
     * <p>Source: pid_namespaces(7); Kata Containers 4.1, agent, SignalProcess.
     */
    private static boolean wouldBeIgnored(
            ContainerProcess process, Container container, int signal) {
        if (signal != TERM || process != container.first()) {
            return false;
        }
        try {
            return !catches(Files.readString(Path.of("/proc/" + process.pid() + "/status")), TERM);
        } catch (IOException _) {
            return false;
        }
    }

    /** {@return whether a process handles a signal, from its {@code /proc/[pid]/status}} */
    static boolean catches(String status, int signal) {
        int at = status.indexOf("SigCgt:");
        int end = status.indexOf('\n', Math.max(at, 0));
        if (at < 0 || end < 0) {
            return true;
        }
        String mask = status.substring(at + "SigCgt:".length(), end).strip();
        return ((Long.parseUnsignedLong(mask, 16) >> (signal - 1)) & 1) == 1;
    }
}

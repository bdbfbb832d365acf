package dev.kumite.engine;

import dev.kumite.linux.FileLock;
import dev.kumite.vmm.SandboxDirectory;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A port of the agent that this process has for itself until it closes it.
 *
 * @param socket where it is reached
 * @param lock says that it is taken
 */
record AgentPort(Path socket, FileLock lock) implements AutoCloseable {

    /** The owner's port; the others are for processes that attach. */
    private static final int OWNER = 0;

    /** {@return the owner's port; nothing if somebody has it} */
    static Optional<AgentPort> ofOwner(SandboxDirectory directory) {
        return take(directory, OWNER);
    }

    /** {@return a port for a process that attaches; nothing if all are taken} */
    static Optional<AgentPort> free(SandboxDirectory directory) {
        for (int port = OWNER + 1; port < SandboxDirectory.AGENT_PORTS; port++) {
            Optional<AgentPort> taken = take(directory, port);
            if (taken.isPresent()) {
                return taken;
            }
        }
        return Optional.empty();
    }

    private static Optional<AgentPort> take(SandboxDirectory directory, int port) {
        return FileLock.tryAcquire(directory.agentLock(port), FileLock.Mode.EXCLUSIVE)
                .map(lock -> new AgentPort(directory.agentSocket(port), lock));
    }

    @Override
    public void close() {
        lock.close();
    }
}

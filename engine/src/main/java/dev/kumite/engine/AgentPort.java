package dev.kumite.engine;

import dev.kumite.linux.FileLock;
import dev.kumite.linux.VsockAddress;
import dev.kumite.vmm.AgentTransport;
import dev.kumite.vmm.SandboxDirectory;
import java.nio.file.Path;
import java.util.Optional;

/** A way to the agent that this process has for itself until it closes it. */
sealed interface AgentPort extends AutoCloseable {

    /** The owner's port; the others are for processes that attach. */
    int OWNER = 0;

    /**
     * A serial port.
     *
     * @param socket where it is reached
     * @param lock says that it is taken
     */
    record Serial(Path socket, FileLock lock) implements AgentPort {
        @Override
        public void close() {
            lock.close();
        }
    }

    /**
     * A connection of vsock; there may be any number.
     *
     * @param address where the agent listens
     */
    record Vsock(VsockAddress address) implements AgentPort {
        @Override
        public void close() {
            // Nothing is held but the connection itself.
        }
    }

    /**
     * A connection of hybrid vsock; there may be many.
     *
     * @param socket where the host's side is reached
     */
    record HybridVsock(Path socket) implements AgentPort {
        @Override
        public void close() {
            // Nothing is held but the connection itself.
        }
    }

    /** {@return the owner's port; nothing if somebody has it} */
    static Optional<AgentPort> ofOwner(SandboxDirectory directory, AgentTransport transport) {
        return switch (transport) {
            case AgentTransport.VirtioSerial() -> take(directory, OWNER);
            case AgentTransport.Vsock vsock -> Optional.of(of(vsock));
            case AgentTransport.HybridVsock _ -> Optional.of(hybrid(directory));
        };
    }

    /** {@return a port for a process that attaches; nothing if all are taken} */
    static Optional<AgentPort> free(SandboxDirectory directory, AgentTransport transport) {
        return switch (transport) {
            case AgentTransport.VirtioSerial() -> freeSerial(directory);
            case AgentTransport.Vsock vsock -> Optional.of(of(vsock));
            case AgentTransport.HybridVsock _ -> Optional.of(hybrid(directory));
        };
    }

    private static Optional<AgentPort> freeSerial(SandboxDirectory directory) {
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
                .map(lock -> new Serial(directory.agentSocket(port), lock));
    }

    private static Vsock of(AgentTransport.Vsock vsock) {
        return new Vsock(new VsockAddress((int) vsock.guestCid(), AgentTransport.VSOCK_PORT));
    }

    private static HybridVsock hybrid(SandboxDirectory directory) {
        return new HybridVsock(directory.hybridVsockSocket());
    }

    @Override
    void close();
}

package dev.kumite.vmm;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of one sandbox, and the names of what this module puts there.
 *
 * @param path absolute
 */
public record SandboxDirectory(Path path) {

    /** Number of ports that the agent serves. */
    public static final int AGENT_PORTS = 4;

    /**
     * Longest path of a Unix socket, in bytes. Source: Linux, unix(7), {@code sun_path} less NUL.
     */
    public static final int MAX_SOCKET_PATH_BYTES = 107;

    private static final String LONGEST_SOCKET = "virtiofsd.sock";

    /**
     * @throws VmmException if the path is relative, or too long for the sockets in it
     */
    public SandboxDirectory {
        if (!path.isAbsolute()) {
            throw new VmmException(
                    VmmException.Category.REFUSED,
                    "the sandbox directory \"" + path + "\" is not absolute");
        }
        int bytes = path.resolve(LONGEST_SOCKET).toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_SOCKET_PATH_BYTES) {
            throw new VmmException(
                    VmmException.Category.REFUSED,
                    "the sandbox directory \""
                            + path
                            + "\" is "
                            + (bytes - MAX_SOCKET_PATH_BYTES)
                            + " bytes too long: the path of a Unix socket has at most "
                            + MAX_SOCKET_PATH_BYTES
                            + "; use a shorter --root or id");
        }
    }

    /** {@return QEMU's control socket} */
    public Path qmpSocket() {
        return path.resolve("qmp.sock");
    }

    /** {@return the socket of an agent port, from 0} */
    public Path agentSocket(int port) {
        return path.resolve("agent-" + port + ".sock");
    }

    /** {@return the file whose lock says that an agent port is in use} */
    public Path agentLock(int port) {
        return path.resolve("agent-" + port + ".lock");
    }

    /** {@return the socket of the guest's console} */
    public Path consoleSocket() {
        return path.resolve("console.sock");
    }

    /** {@return what the guest wrote to its console} */
    public Path consoleLog() {
        return path.resolve("console.log");
    }

    /** {@return what QEMU wrote to its standard error} */
    public Path qemuLog() {
        return path.resolve("qemu.log");
    }

    /** {@return the socket between QEMU and virtiofsd} */
    public Path virtiofsdSocket() {
        return path.resolve(LONGEST_SOCKET);
    }

    /** {@return what virtiofsd wrote to its standard error} */
    public Path virtiofsdLog() {
        return path.resolve("virtiofsd.log");
    }

    /** {@return the socket between QEMU and the process that is its vsock device} */
    public Path vsockDeviceSocket() {
        return path.resolve("vsockdev.sock");
    }

    /**
     * {@return the socket by which ports in the guest are reached where the host has no vsock} See
     * {@link AgentTransport.HybridVsock}.
     */
    public Path hybridVsockSocket() {
        return path.resolve("vsock.sock");
    }

    /** {@return what the vsock device's process wrote to its standard error} */
    public Path vsockDeviceLog() {
        return path.resolve("vsockdev.log");
    }

    /** {@return the directory that is shared with the guest} */
    public Path shared() {
        return path.resolve("shared");
    }

    /** {@return all files that the module makes there; none of them may be there before a start} */
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        files.addAll(sockets());
        files.addAll(List.of(consoleLog(), qemuLog(), virtiofsdLog(), vsockDeviceLog()));
        return List.copyOf(files);
    }

    /** {@return all sockets that the module makes there} */
    public List<Path> sockets() {
        List<Path> sockets = new ArrayList<>();
        sockets.add(qmpSocket());
        sockets.add(consoleSocket());
        sockets.add(virtiofsdSocket());
        // virtiofsd (the one in C) locks this file as long as it uses the socket
        sockets.add(path.resolve(LONGEST_SOCKET + ".pid"));
        sockets.add(vsockDeviceSocket());
        sockets.add(hybridVsockSocket());
        for (int port = 0; port < AGENT_PORTS; port++) {
            sockets.add(agentSocket(port));
        }
        return List.copyOf(sockets);
    }
}

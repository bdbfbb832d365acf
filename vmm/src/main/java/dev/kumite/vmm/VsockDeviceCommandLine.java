package dev.kumite.vmm;

import dev.kumite.vsockdevice.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of the process that is a machine's vsock device: this Java with this class path.
 *
 * @param java the launcher
 * @param classPath where the classes are
 * @param guestCid the guest's address
 * @param socket that QEMU connects to
 * @param udsPath that clients connect to
 */
record VsockDeviceCommandLine(
        Path java, String classPath, long guestCid, Path socket, Path udsPath) {

    /** For the 64 connections that it takes; a runtime has a handful. */
    private static final String HEAP = "-Xmx32m";

    /**
     * {@return the device of a machine}
     *
     * @throws VmmException if there is no Java launcher
     */
    static VsockDeviceCommandLine of(SandboxDirectory directory, AgentTransport.HybridVsock agent) {
        Path java = launcher();
        if (!Files.isExecutable(java)) {
            throw new VmmException(
                    VmmException.Category.HOST,
                    "the vsock device cannot be started: there is no \"" + java + "\"");
        }
        return new VsockDeviceCommandLine(
                java,
                // Not where single classes come from: in an AOT cache they do not know.
                System.getProperty("java.class.path", ""),
                agent.guestCid(),
                directory.vsockDeviceSocket(),
                directory.hybridVsockSocket());
    }

    private static Path launcher() {
        return Path.of(System.getProperty("java.home", "/"), "bin", "java");
    }

    /** {@return the argument by which the device of a sandbox is known} */
    static String mark(SandboxDirectory directory) {
        return Main.SOCKET + directory.vsockDeviceSocket();
    }

    /** {@return the program and its arguments} */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add(java.toString());
        arguments.addAll(
                List.of(
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        Main.class.getName(),
                        Main.GUEST_CID + guestCid,
                        Main.SOCKET + socket,
                        Main.UDS_PATH + udsPath));
        return List.copyOf(arguments);
    }
}

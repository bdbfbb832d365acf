package dev.kumite.engine;

import java.util.Set;

/**
 * Names of the files that QEMU, the processes beside it and the agent's clients have in a sandbox's
 * directory.
 */
final class SandboxFiles {

    static final String CONSOLE_LOG = "console.log";
    static final String QEMU_LOG = "qemu.log";
    static final String VIRTIOFSD_LOG = "virtiofsd.log";
    static final String VSOCK_DEVICE_LOG = "vsockdev.log";

    private static final Set<String> LOGS =
            Set.of(CONSOLE_LOG, QEMU_LOG, VIRTIOFSD_LOG, VSOCK_DEVICE_LOG);

    private SandboxFiles() {}

    /** {@return whether the file may be deleted with the sandbox} */
    static boolean isKnown(String name) {
        return LOGS.contains(name)
                || name.endsWith(".sock")
                || name.endsWith(".sock.pid")
                || (name.startsWith("agent-") && name.endsWith(".lock"));
    }

    /** {@return whether the file is part of the sandbox's record} */
    static boolean isRecord(String name) {
        return LOGS.contains(name) || name.equals(RecordWriter.FILE);
    }
}

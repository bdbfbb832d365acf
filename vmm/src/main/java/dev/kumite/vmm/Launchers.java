package dev.kumite.vmm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs that run another one in its place, differently. Source: util-linux. */
final class Launchers {

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private Launchers() {}

    /**
     * {@return what starts a program in a session of its own; nothing if the host has no setsid}
     */
    static List<String> session() {
        return Files.isExecutable(SETSID) ? List.of(SETSID.toString()) : List.of();
    }

    /** {@return what starts a program in a network namespace} */
    static List<String> inNetworkNamespace(Path namespace) {
        return List.of("/usr/bin/nsenter", "--net=" + namespace, "--");
    }
}

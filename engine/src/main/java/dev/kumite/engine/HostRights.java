package dev.kumite.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do on the host. */
final class HostRights {

    /** Source: Linux include/uapi/linux/capability.h, {@code CAP_SYS_ADMIN}. */
    private static final int CAP_SYS_ADMIN = 21;

    private static final String EFFECTIVE = "CapEff:";

    private HostRights() {}

    /**
     * Checks that mounts can be made, before anything is taken.
     *
     * @throws EngineException HOST if not
     */
    static void requireMounting() {
        if (!mayMount()) {
            throw EngineException.of(
                    EngineException.Category.HOST,
                    "sharing files with a machine needs root: root file system and volumes are"
                            + " bound into the directory that it sees, which CAP_SYS_ADMIN is needed for",
                    "run it as root; planning and explaining need no rights");
        }
    }

    private static boolean mayMount() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(EFFECTIVE)) {
                    long effective =
                            Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16);
                    return (effective >>> CAP_SYS_ADMIN & 1) == 1;
                }
            }
        } catch (IOException | NumberFormatException _) {
            // Without /proc nothing works; the first mount will say so.
        }
        return true;
    }
}

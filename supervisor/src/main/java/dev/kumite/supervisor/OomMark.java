package dev.kumite.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What podman knows by that a container has run out of memory. Its monitor leaves it when the
 * host's kernel says so; of a guest's kernel, only we hear.
 *
 * <p>Source: conmon, {@code write_oom_files}; libpod, {@code handleExitFile}.
 */
final class OomMark {

    private static final String MANAGER = "io.container.manager";
    private static final String PODMAN = "libpod";
    private static final String FILE = "oom";

    private OomMark() {}

    /** Leaves it, if podman has asked for the container. */
    static void leave(Entry entry) {
        if (!PODMAN.equals(entry.state().annotations().get(MANAGER))) {
            return;
        }
        try {
            Files.createFile(Path.of(entry.state().bundle(), FILE));
        } catch (IOException _) {
            // It is there, or the bundle is gone and nobody will ask.
        }
    }
}

package dev.kumite.guestagent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The namespaces that the containers of a sandbox share: ipc and uts always, pid if the host says
 * so. The first container makes its own; when the second one comes, they are pinned as files, so
 * that they outlive the first. A sandbox of one container pays nothing. Guarded by the sandbox's
 * lock.
 */
final class SandboxNamespaces {

    private static final int TIMEOUT_SECONDS = 30;

    private final GuestLayout layout;
    private final Map<String, String> pinned = new HashMap<>();
    private boolean sharesPids;

    SandboxNamespaces(GuestLayout layout) {
        this.layout = layout;
    }

    void sharePids(boolean share) {
        sharesPids = share;
    }

    /**
     * {@return the namespaces that a new container is to join, by type}
     *
     * @param others containers that are there already
     * @param withPids whether the new one shares process ids
     */
    Map<String, String> toJoin(Collection<Container> others, boolean withPids) {
        if (pinned.isEmpty()) {
            for (Container other : others) {
                if (other.first().isRunning()) {
                    pin(other.first().pid());
                    break;
                }
            }
        }
        Map<String, String> join = new HashMap<>(pinned);
        if (!withPids && !sharesPids) {
            join.remove("pid");
        }
        return join;
    }

    private void pin(int pid) {
        Path directory = layout.state().resolve("sandbox-ns");
        for (String type : List.of("ipc", "uts", "pid")) {
            Path file = directory.resolve(type);
            try {
                Files.createDirectories(directory);
                if (!Files.exists(file)) {
                    Files.createFile(file);
                }
            } catch (IOException e) {
                throw Refusal.failed("cannot make " + file + ": " + e.getMessage());
            }
            Command.require(
                    Command.line(
                            layout.busybox(),
                            "mount",
                            "-o",
                            "bind",
                            "/proc/" + pid + "/ns/" + type,
                            file.toString()),
                    TIMEOUT_SECONDS,
                    "cannot keep the " + type + " namespace of process " + pid);
            pinned.put(type, file.toString());
        }
    }

    /** Lets go of the namespaces; they end with their last process. */
    void release() {
        for (String file : new ArrayList<>(pinned.values())) {
            Command.run(Command.line(layout.busybox(), "umount", file), TIMEOUT_SECONDS);
        }
        pinned.clear();
    }
}

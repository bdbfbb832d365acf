package dev.kumite.guestagent;

import dev.kumite.agentprotocol.messages.Mount;
import dev.kumite.agentprotocol.messages.Spec;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the file systems that a container has from the host until the container is removed. For the
 * holder of the sandbox's lock, but for {@link #holdNamespace}: a start need not wait for a
 * removal.
 *
 * <p>In virtio-fs, what is mounted below the share on the host is a file system of its own in the
 * guest, which the kernel mounts when somebody looks into it, and shuts down with its last mount.
 * If the first look is crun's, that mount is the container's, and so ends with its last process;
 * pages of its program may still be on their way, and the kernel then finds a file of a file system
 * that is gone: it panics ("Busy inodes after unmount of virtiofs"). So the first look is the
 * agent's. What a container mounts in this way itself, further down, is held with its namespace,
 * unless it ends before that can be opened. Both are given up when what was on its way has come.
 *
 * <p>Source: Linux 6.1, fs/fuse/dir.c, {@code fuse_dentry_automount}; fs/fuse/file.c, {@code
 * fuse_file_put}, which {@code fuse_flush} spares files that were not mapped; fs/super.c, {@code
 * generic_shutdown_super}.
 */
final class SharedMounts {

    private static final int TIMEOUT_SECONDS = 60;

    /**
     * Each waits for what the host was asked before, some ten requests of a processor's that read
     * ahead and one that gives up a file; a killed container has some more.
     */
    private static final int ROUNDS = 4;

    private final GuestLayout layout;
    private final Map<String, List<Path>> places = new ConcurrentHashMap<>();
    private final Map<String, FileInputStream> namespaces = new ConcurrentHashMap<>();

    /** What removed containers had, and is mounted still. */
    private final List<Path> left = new ArrayList<>();

    SharedMounts(GuestLayout layout) {
        this.layout = layout;
    }

    /** Looks into the directories of a container that the host shares. */
    void hold(String container, Spec spec) {
        unmountLeft();
        Set<Path> sources = new LinkedHashSet<>();
        addTo(sources, spec.getRoot().getPath());
        for (Mount mount : spec.getMountsList()) {
            addTo(sources, mount.getSource());
        }
        List<Path> mounted = new ArrayList<>(sources.size());
        for (Path source : sources) {
            if (isMounted(source)) {
                mounted.add(source);
            }
        }
        if (!mounted.isEmpty()) {
            places.put(container, mounted);
        }
    }

    private void addTo(Set<Path> sources, String source) {
        if (source.startsWith(layout.share() + "/")) {
            sources.add(Path.of(source));
        }
    }

    /** Asking for what is in it, not for itself, makes the kernel mount it. */
    private boolean isMounted(Path place) {
        try {
            Path inside = place.resolve(".");
            return Files.isDirectory(inside)
                    && !Files.getAttribute(inside, "unix:dev")
                            .equals(Files.getAttribute(layout.share(), "unix:dev"));
        } catch (IOException _) {
            // Whoever needs it will say that it is not there.
            return false;
        }
    }

    /** Keeps the mounts of a container's process. */
    void holdNamespace(String container, int pid) {
        if (!places.containsKey(container)) {
            return;
        }
        try {
            namespaces.put(container, new FileInputStream("/proc/" + pid + "/ns/mnt"));
        } catch (IOException _) {
            // It has ended.
        }
        if (!places.containsKey(container)) {
            // It was removed meanwhile.
            letGoOfNamespace(container);
        }
    }

    /**
     * Waits until nothing that a container's processes wanted of the host is on its way, and lets
     * go of their namespace.
     */
    void settle(String container) {
        if (places.containsKey(container)) {
            for (int round = 0; round < ROUNDS; round++) {
                // Never answered from a cache, and one queue for all that is shared.
                long _ = layout.share().toFile().getTotalSpace();
            }
        }
        letGoOfNamespace(container);
    }

    /**
     * Lets go of what a container had.
     *
     * @param othersLive whether the machine is still needed; if not, its end is soon enough
     */
    void release(String container, boolean othersLive) {
        List<Path> mounted = places.remove(container);
        letGoOfNamespace(container);
        if (mounted != null) {
            left.addAll(mounted.reversed());
        }
        if (othersLive) {
            unmountLeft();
        }
    }

    private void letGoOfNamespace(String container) {
        FileInputStream namespace = namespaces.remove(container);
        if (namespace != null) {
            Quietly.close(namespace);
        }
    }

    private void unmountLeft() {
        if (left.isEmpty()) {
            return;
        }
        List<String> command = Command.line(layout.busybox(), "umount", "-l");
        for (Path place : left) {
            command.add(place.toString());
        }
        left.clear();
        Command.run(command, TIMEOUT_SECONDS);
    }
}

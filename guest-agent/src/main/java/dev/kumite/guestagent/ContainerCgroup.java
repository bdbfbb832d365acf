package dev.kumite.guestagent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a container is in the tree of cgroup v2: crun's group for its processes, in a group of ours
 * that outlives it. So it can still be seen, after the container has ended and crun has tidied up,
 * whether the kernel killed for lack of memory: the counts of a group include those below it.
 *
 * @param mount where cgroup v2 is mounted
 * @param containerId whose it is
 */
record ContainerCgroup(Path mount, String containerId) {

    private static final String PARENT = "kumite";
    private static final String LEAF = "container";

    /** {@return the path that crun gets} */
    String path() {
        return "/" + PARENT + "/" + containerId + "/" + LEAF;
    }

    /** {@return our group} */
    Path group() {
        return mount.resolve(PARENT).resolve(containerId);
    }

    /** {@return the group of the container's processes; there only while it runs} */
    Path processes() {
        return group().resolve(LEAF);
    }

    /** Makes our group, with the controllers that the mount has. */
    void create() {
        if (!Files.exists(mount.resolve("cgroup.controllers"))) {
            return;
        }
        try {
            Files.createDirectories(group());
        } catch (IOException e) {
            throw Refusal.failed("cannot make the cgroup " + group() + ": " + e.getMessage());
        }
    }

    /** Removes our group, if crun has removed its own. */
    void delete() {
        try {
            Files.deleteIfExists(processes());
            Files.deleteIfExists(group());
        } catch (IOException _) {
            // Something in it lives on; an empty group costs nothing.
        }
    }

    /** {@return how often the kernel has killed in this container for lack of memory} */
    long outOfMemoryKills() {
        try {
            return Keyed.value(Files.readString(group().resolve("memory.events")), "oom_kill");
        } catch (IOException _) {
            return 0;
        }
    }

    /** {@return the processes of the container, those in groups that it made itself included} */
    List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        collect(processes().toFile(), pids);
        return pids;
    }

    private static void collect(File group, List<Integer> pids) {
        File[] entries = group.listFiles();
        if (entries == null) {
            return;
        }
        try {
            for (String line : Files.readAllLines(new File(group, "cgroup.procs").toPath())) {
                // 0 stands for a process in another pid namespace; there is none above ours.
                if (!line.equals("0")) {
                    pids.add(Integer.parseInt(line));
                }
            }
        } catch (IOException _) {
            // The group is being removed, so it has no processes.
        }
        for (File entry : entries) {
            if (entry.isDirectory()) {
                collect(entry, pids);
            }
        }
    }
}

package dev.kumite.guestagent;

import java.nio.file.Path;
import java.util.List;

/**
 * Where things are on this system. A guest uses {@link #GUEST}; tests lay it out in a directory of
 * their own.
 *
 * @param run the directory that the host's paths begin with; bundles are made in it
 * @param state what the agent alone uses: crun's state, logs, sockets
 * @param crun how crun is called, without its options
 * @param busybox how busybox is called, without the applet
 * @param cgroups where cgroup v2 is mounted, and {@code crun} manages it
 * @param cgroupManager crun's option of that name; "disabled" where there is no cgroup v2
 */
record GuestLayout(
        Path run,
        Path state,
        List<String> crun,
        List<String> busybox,
        Path cgroups,
        String cgroupManager) {

    /** Source: Kata's kata-agent for {@code run}; Kumite's guest image for the rest. */
    static final GuestLayout GUEST =
            new GuestLayout(
                    Path.of("/run/kata-containers"),
                    Path.of("/run/kumite"),
                    List.of("/usr/bin/crun"),
                    List.of("/bin/busybox"),
                    Path.of("/sys/fs/cgroup"),
                    "cgroupfs");

    GuestLayout {
        crun = List.copyOf(crun);
        busybox = List.copyOf(busybox);
    }

    /** {@return where a container's {@code config.json} is} */
    Path bundle(String containerId) {
        return run.resolve(containerId);
    }

    /** {@return where what the host shares is mounted} */
    Path share() {
        return run.resolve("shared/containers");
    }

    /** {@return the sandbox's own directory} */
    Path sandbox() {
        return run.resolve("sandbox");
    }
}

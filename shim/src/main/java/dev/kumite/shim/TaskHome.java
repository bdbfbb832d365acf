package dev.kumite.shim;

import dev.kumite.doors.Machines;
import java.time.InstantSource;

/**
 * What the tasks of one containerd and namespace have in common.
 *
 * @param namespace containerd's
 * @param machines where containers are made
 * @param events what containerd is told
 * @param files what is on disk
 * @param clock tells when processes have ended
 */
record TaskHome(
        String namespace,
        Machines machines,
        EventQueue events,
        TaskFiles files,
        InstantSource clock) {

    Exit exit(int code) {
        return Exit.at(code, clock.instant());
    }
}

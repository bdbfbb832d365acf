/**
 * The process behind the OCI commands: owns the sandboxes of one {@code --root}, and answers {@code
 * create}, {@code start}, {@code kill} and the like for callers such as podman's conmon and
 * containerd's runc shim.
 *
 * <p>{@link dev.kumite.supervisor.Main} starts it; {@code front}, a part of the {@code kumite}
 * command in POSIX shell, starts that on demand and sends it requests; {@code holder}, a shell
 * process for each container and each exec, is what the caller waits for. Everything in between is
 * here: reading requests and their arguments ({@link dev.kumite.supervisor.CommandLine}), the life
 * of containers, their streams, and what of it is on disk.
 *
 * <p>It knows nothing of machines: what it needs of them is {@link dev.kumite.doors.Machines}. One
 * virtual thread per request, stream and wait; each container has a lock of its own.
 *
 * <p>Source: the command lines of runc(8) and crun(1); conmon 2.1 for what it does with the pid
 * file.
 */
@NullMarked
package dev.kumite.supervisor;

import org.jspecify.annotations.NullMarked;

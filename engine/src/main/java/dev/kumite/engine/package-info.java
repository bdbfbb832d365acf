/**
 * Sandboxes: containers, each in a virtual machine of its own. The API that programs embed.
 *
 * <p>Needed are Linux, QEMU, root (files are shared with a machine by mounts), and a guest, which
 * {@code kumite guest build} makes once.
 *
 * <h2>Run a program</h2>
 *
 * An {@link dev.kumite.engine.Engine} makes sandboxes. A {@link dev.kumite.engine.Workload} says
 * what runs: a directory with a root file system, and a command.
 *
 * {@snippet class = "dev.kumite.engine.Tutorial" region = "run"}
 *
 * {@link dev.kumite.engine.Engine#start} boots the machine and starts the container; when it
 * returns, the program runs. Closing the sandbox ends all of it and leaves nothing behind. The
 * three streams block; {@link dev.kumite.engine.ContainerProcess#await} says how the program ended.
 * A program that writes much waits until somebody reads, so read before you wait.
 *
 * <h2>Limit it</h2>
 *
 * A workload has no network, few capabilities and no way to more. Memory, processor time and the
 * number of processes are limited where that is asked; time is a matter of how long you wait.
 *
 * {@snippet class = "dev.kumite.engine.Tutorial" region = "limits"}
 *
 * <h2>Give it input, and more programs</h2>
 *
 * {@link dev.kumite.engine.Container#exec} starts a further program beside the first one, with its
 * user, environment and rights where nothing else is said.
 *
 * {@snippet class = "dev.kumite.engine.Tutorial" region = "exec"}
 *
 * <h2>Bundles and configurations</h2>
 *
 * What container managers make is an OCI bundle; how machines are made says a Kata Containers
 * {@code configuration.toml}. {@link dev.kumite.engine.Engine#plan} tells what would happen, and
 * does nothing.
 *
 * {@snippet class = "dev.kumite.engine.Tutorial" region = "bundle"}
 *
 * <h2>Several containers in one machine</h2>
 *
 * {@link dev.kumite.engine.Sandbox#create} makes further containers, as in a pod. The machine grows
 * for them where the configuration does not say otherwise.
 *
 * <h2>When something fails</h2>
 *
 * Everything fails by one exception, {@link dev.kumite.engine.EngineException}, whose category says
 * what kind of failure it is. A start that failed says the step, the likely cause, the evidence and
 * what to do; {@link dev.kumite.engine.Engine#record} has all that was written meanwhile. A machine
 * that ends is noticed at once, by whoever waits for something in it.
 *
 * {@snippet class = "dev.kumite.engine.Tutorial" region = "failure"}
 *
 * <h2>After a crash</h2>
 *
 * What is taken from the host is written down first, under the root directory. The process that
 * made a sandbox owns it; others can {@link dev.kumite.engine.Engine#attach}. If the owner is
 * killed, {@link dev.kumite.engine.Engine#adopt} takes the machine over, and {@link
 * dev.kumite.engine.Engine#collectGarbage} releases all that is left.
 *
 * {@snippet class = "dev.kumite.engine.Tutorial" region = "crash"}
 *
 * <h2>Rules</h2>
 *
 * All calls block, are meant for virtual threads, and end when their thread is interrupted. Every
 * wait has a deadline ({@link dev.kumite.engine.Deadlines}) but those for what a container itself
 * does. Engines, sandboxes, containers and processes are safe for use by several threads; a stream
 * is for one thread at a time. There is no global state: any number of engines and sandboxes can be
 * in a program. Nothing ever runs outside a machine: what cannot be carried out is refused. What a
 * guest says is bounded and never trusted.
 *
 * <p>A network is connected if a namespace with interfaces is named, see {@link
 * dev.kumite.engine.Workload.Builder#network}; what cannot be connected is refused with the reason.
 *
 * <p>Not here: devices of the host, which are refused.
 *
 * <p>Source: OCI runtime specification 1.2; Kata Containers, Go runtime, {@code virtcontainers}.
 */
@NullMarked
package dev.kumite.engine;

import org.jspecify.annotations.NullMarked;

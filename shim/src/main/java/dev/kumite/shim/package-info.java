/**
 * containerd's shim v2: its tasks as containers in machines.
 *
 * <p>{@link dev.kumite.shim.Shim} is what the supervisor holds; it answers the calls of the shim
 * binary and serves, on a socket for each containerd and namespace, the service {@code Task}. It
 * has its machines from {@link dev.kumite.doors.Machines}, and knows nothing of QEMU, of plans and
 * of the guest; they are those of the OCI command, too.
 *
 * <p>Threads: each call of containerd has a virtual thread. A task has a lock, under which its
 * state and the order of its events are decided; see {@code Task}.
 *
 * <p>Source: containerd, runtime/v2/README.md, api/runtime/task/v2/shim.proto.
 */
@org.jspecify.annotations.NullMarked
package dev.kumite.shim;

/**
 * What the doors of a long-lived process share.
 *
 * <p>{@link dev.kumite.doors.Machines} is what the OCI command and containerd's tasks need of
 * machines: containers by name, which find the machine of their pod, and take it with them when the
 * last one ends. {@link dev.kumite.doors.EngineMachines} has them from the engine; tests have
 * others. {@link dev.kumite.doors.ByteCarrier} carries a process's bytes between its machine and
 * descriptors of this host. Neither knows who calls.
 */
@org.jspecify.annotations.NullMarked
package dev.kumite.doors;

/**
 * A hypervisor process and its control socket: QEMU, and virtiofsd beside it.
 *
 * <p>{@link dev.kumite.vmm.MachinePlan} says what the machine is to be; {@link
 * dev.kumite.vmm.QemuCommandLine} and {@link dev.kumite.vmm.VirtiofsdCommandLine} are what that
 * means as arguments, as pure functions; {@link dev.kumite.vmm.VirtualMachine} starts, finds again,
 * changes and ends the processes, over {@link dev.kumite.vmm.Qmp}. {@link
 * dev.kumite.vmm.VmmFindings} names the configuration keys that have no effect here, {@link
 * dev.kumite.vmm.HostCheck} what this host can do.
 *
 * <p>Not here: networks and disks are made by the engine, which hands in their names; nobody here
 * talks to the agent, or knows what a container is.
 *
 * <p>Calls block, and every wait has a deadline. Objects that may be used by several threads say
 * so. What comes from the guest (the console, events) is bounded and never trusted.
 *
 * <p>Source: QEMU 7.2, qemu-options and QMP reference; Kata Containers, Go runtime, {@code
 * virtcontainers/qemu*.go}.
 */
@NullMarked
package dev.kumite.vmm;

import org.jspecify.annotations.NullMarked;

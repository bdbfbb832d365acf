/**
 * vsock for a machine on a host whose kernel cannot give it: a device that QEMU reaches by
 * vhost-user, in a process of its own. The machine's side is a virtio socket device; the host's
 * side is a Unix socket, where a client says {@code CONNECT port} and is connected to that port in
 * the guest.
 *
 * <p>Only the host connects. What the guest wants to connect to is refused: nothing on the host
 * listens for guests.
 *
 * <p>Everything that the guest's memory holds is taken for hostile: each descriptor is read once,
 * each address is checked, and what is kept for the guest has a bound.
 *
 * <p>Source: virtio 1.2, 5.10 (Socket Device) and 2.7 (Split Virtqueues); QEMU, docs/interop,
 * "Vhost-user Protocol"; Firecracker, docs/vsock.md (the host's side).
 */
@NullMarked
package dev.kumite.vsockdevice;

import org.jspecify.annotations.NullMarked;

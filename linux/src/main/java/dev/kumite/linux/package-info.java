/**
 * The system calls that Java has no API for: mounts, namespaces, descriptors that are passed on,
 * terminals, processes by identity, network devices.
 *
 * <p>All of them go through {@code Syscall}, the only class of Kumite that calls native code; start
 * Java with {@code --enable-native-access=ALL-UNNAMED}. x86_64 and aarch64 are supported.
 *
 * <p>Failures are {@link dev.kumite.linux.LinuxException}s with the kernel's {@link
 * dev.kumite.linux.Errno}. Types are immutable or say how they are shared. There is no policy here:
 * nothing is retried, cleaned up or logged for the caller.
 *
 * <p>Source: the Linux manual pages, sections 2, 4 and 7, and the kernel's include/uapi.
 */
@NullMarked
package dev.kumite.linux;

import org.jspecify.annotations.NullMarked;

/** Builds the guest: kernel, userspace, Java runtime and agent. */
@NullMarked
package dev.kumite.guestimage;

import org.jspecify.annotations.NullMarked;

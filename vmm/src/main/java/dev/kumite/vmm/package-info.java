/** A hypervisor process and its control socket. */
@NullMarked
package dev.kumite.vmm;

import org.jspecify.annotations.NullMarked;

/** Runs inside the virtual machine, serves the agent protocol, and drives crun. */
@NullMarked
package dev.kumite.guestagent;

import org.jspecify.annotations.NullMarked;

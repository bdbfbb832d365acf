/** ttrpc, client and server, on virtual threads. */
@NullMarked
package dev.kumite.ttrpc;

import org.jspecify.annotations.NullMarked;

/** Kata's agent protocol: messages, client and service. */
@NullMarked
package dev.kumite.agentprotocol;

import org.jspecify.annotations.NullMarked;

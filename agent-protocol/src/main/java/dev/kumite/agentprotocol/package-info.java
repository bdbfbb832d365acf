/**
 * Kata's agent protocol: how a host drives the agent in a guest. Client and service binding; the
 * messages are in {@code dev.kumite.agentprotocol.messages}, generated.
 *
 * <p>{@link dev.kumite.agentprotocol.AgentClient} is the host's end, {@link
 * dev.kumite.agentprotocol.AgentService} with {@link dev.kumite.agentprotocol.AgentBinding} the
 * guest's. What the calls mean is the agent's business; nothing here looks into a message. A
 * blocking call occupies its thread, so threads should be virtual.
 *
 * <p>Names and numbers are those of Kata Containers 4.1, so that either end can stand in for
 * Kata's.
 */
@NullMarked
package dev.kumite.agentprotocol;

import org.jspecify.annotations.NullMarked;

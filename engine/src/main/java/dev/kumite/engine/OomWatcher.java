package dev.kumite.engine;

import dev.kumite.agentprotocol.messages.GetOOMEventRequest;
import dev.kumite.ttrpc.TtrpcException;

/** Hears from the guest which containers run out of memory. Ends with the connection. */
final class OomWatcher {

    /** Most events; a guest could send them without end. */
    private static final int MAX_EVENTS = 100_000;

    private OomWatcher() {}

    static void start(Sandbox sandbox) {
        Thread.ofVirtual().name("oom-" + sandbox.id()).start(() -> watch(sandbox));
    }

    private static void watch(Sandbox sandbox) {
        try {
            for (int i = 0; i < MAX_EVENTS; i++) {
                String id =
                        sandbox.agent()
                                .client()
                                .getOomEvent(GetOOMEventRequest.getDefaultInstance())
                                .getContainerId();
                sandbox.container(id)
                        .ifPresent(container -> {
                            sandbox.note("container \"" + container.id() + "\" ran out of memory");
                            container.ranOutOfMemory();
                        });
            }
        } catch (TtrpcException _) {
            // The sandbox is closed, or its agent does not tell.
        }
    }
}

package dev.kumite.agentprotocol;

import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.agentprotocol.messages.HealthCheckResponse;
import dev.kumite.agentprotocol.messages.VersionCheckResponse;
import dev.kumite.ttrpc.CallContext;

/** Whether an agent is alive. Source: Kata Containers 4.1, health.proto. */
public interface HealthService {

    /** The service's name on the wire. */
    String NAME = "grpc.Health";

    /** Answers that the agent serves calls. */
    default HealthCheckResponse check(CheckRequest request, CallContext context) {
        return HealthCheckResponse.newBuilder()
                .setStatus(HealthCheckResponse.ServingStatus.SERVING)
                .build();
    }

    /** Names the versions of the protocol and of the agent. */
    VersionCheckResponse version(CheckRequest request, CallContext context);
}

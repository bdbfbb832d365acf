package dev.kumite.guestagent;

import dev.kumite.agentprotocol.HealthService;
import dev.kumite.agentprotocol.messages.CheckRequest;
import dev.kumite.agentprotocol.messages.VersionCheckResponse;
import dev.kumite.ttrpc.CallContext;

/** Answers that the agent is there. */
final class Health implements HealthService {

    /** The version of the protocol. Source: Kata Containers 4.1, agent, GRPC_VERSION. */
    private static final String PROTOCOL_VERSION = "0.0.1";

    /** The agent's own. */
    static final String VERSION = "0.1.0";

    @Override
    public VersionCheckResponse version(CheckRequest request, CallContext context) {
        return VersionCheckResponse.newBuilder()
                .setGrpcVersion(PROTOCOL_VERSION)
                .setAgentVersion(VERSION)
                .build();
    }
}

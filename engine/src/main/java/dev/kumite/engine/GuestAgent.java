package dev.kumite.engine;

import com.google.protobuf.Empty;
import dev.kumite.agentprotocol.AgentClient;
import dev.kumite.agentprotocol.messages.DestroySandboxRequest;
import dev.kumite.ttrpc.TtrpcClient;
import dev.kumite.ttrpc.TtrpcException;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/** The agent in a guest, over one of its ports. Safe for use by several threads. */
final class GuestAgent implements Closeable {

    /** Longest message of the guest's that is shown, in characters. */
    private static final int MAX_MESSAGE = 1000;

    /** What is done, for messages. */
    static final String CONNECTING = "connecting to the agent in the guest";

    private final TtrpcClient connection;
    private final AgentClient client;
    private final boolean foreign;

    private GuestAgent(TtrpcClient connection, Duration longestCall, boolean foreign) {
        this.connection = connection;
        this.foreign = foreign;
        this.client = AgentClient.over(connection).withTimeout(longestCall);
    }

    /**
     * Connects and waits until the agent answers.
     *
     * @param patience after which a guest that does not answer over a serial port is taken to be in
     *     the middle of a frame
     * @param timeout after which the attempt fails
     * @param longestCall how long a call may take that is not made to wait
     */
    static GuestAgent connect(
            AgentPort port, Duration patience, Duration timeout, Duration longestCall) {
        return switch (port) {
            case AgentPort.Serial serial ->
                    connect(serial.socket(), patience, timeout, longestCall);
            case AgentPort.Vsock vsock ->
                    new GuestAgent(VsockLine.to(vsock.address()).open(timeout), longestCall, true);
            case AgentPort.HybridVsock hybrid ->
                    new GuestAgent(
                            VsockLine.through(hybrid.socket()).open(timeout), longestCall, true);
        };
    }

    /** Connects over a serial port. */
    static GuestAgent connect(
            Path socket, Duration patience, Duration timeout, Duration longestCall) {
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw EngineException.builder(
                            EngineException.Category.CLOSED,
                            "cannot connect to the guest at \""
                                    + socket
                                    + "\": "
                                    + Failures.reason(e))
                    .cause(e)
                    .build();
        }
        try {
            return new GuestAgent(
                    TtrpcClient.open(
                            Channels.newInputStream(channel),
                            Channels.newOutputStream(channel),
                            channel,
                            AgentClient.serialLine(patience, timeout)),
                    longestCall,
                    false);
        } catch (TtrpcException e) {
            throw failure(CONNECTING, e);
        }
    }

    /**
     * Calls the agent.
     *
     * @param what what is being done, for messages, such as {@code starting container "x"}
     */
    <T> T call(String what, Function<AgentClient, T> call) {
        try {
            return call.apply(client);
        } catch (TtrpcException e) {
            throw failure(what, e);
        }
    }

    /** {@return whether it is another agent than Kumite's, such as Kata's} */
    boolean isForeign() {
        return foreign;
    }

    /** {@return the client, for callers that tell the failures apart themselves} */
    AgentClient client() {
        return client;
    }

    /** Asks the agent to end all containers, and waits for that no longer than {@code timeout}. */
    void destroySandbox(Duration timeout) {
        try {
            Empty _ =
                    client.callWithin(
                            timeout,
                            "DestroySandbox",
                            DestroySandboxRequest.getDefaultInstance(),
                            Empty.parser());
        } catch (TtrpcException e) {
            throw failure("ending the containers", e);
        }
    }

    static EngineException failure(String what, TtrpcException e) {
        return switch (e.category()) {
            case PEER_CLOSED ->
                    EngineException.builder(
                                    EngineException.Category.CLOSED,
                                    what + ": the connection to the guest ended")
                            .cause(e)
                            .build();
            case TIMEOUT ->
                    EngineException.builder(
                                    EngineException.Category.TIMEOUT,
                                    what + ": the guest did not answer in time")
                            .cause(e)
                            .build();
            case REFUSED ->
                    EngineException.builder(
                                    EngineException.Category.GUEST,
                                    what + ": " + Texts.line(e.getMessage(), MAX_MESSAGE))
                            .cause(e)
                            .build();
            case PROTOCOL ->
                    EngineException.builder(
                                    EngineException.Category.GUEST,
                                    what
                                            + ": the guest's answer makes no sense: "
                                            + Texts.line(e.getMessage(), MAX_MESSAGE))
                            .cause(e)
                            .build();
            case INTERRUPTED -> EngineException.interrupted(what);
        };
    }

    @Override
    public void close() {
        connection.close();
    }
}

package dev.kumite.guestagent;

import dev.kumite.agentprotocol.AgentClient;
import dev.kumite.ttrpc.TtrpcClient;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The host's end of a Unix socket. */
final class TestClient {

    private TestClient() {}

    static AgentClient connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        return AgentClient.over(
                TtrpcClient.open(
                        Channels.newInputStream(channel),
                        Channels.newOutputStream(channel),
                        channel));
    }
}

package dev.kumite.guestagent;

import dev.kumite.ttrpc.TtrpcException;
import dev.kumite.ttrpc.TtrpcServer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Serves on a Unix socket: for tests, and for the run that fills the AOT cache. */
final class UnixListener implements AutoCloseable {

    private final ServerSocketChannel channel;
    private final TtrpcServer server;
    private final Log log;

    private UnixListener(ServerSocketChannel channel, TtrpcServer server, Log log) {
        this.channel = channel;
        this.server = server;
        this.log = log;
    }

    static UnixListener bind(Path path, TtrpcServer server, Log log) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path));
        return new UnixListener(channel, server, log);
    }

    /** Serves every connection on a thread of its own, until closed. */
    void run() throws IOException {
        while (true) {
            SocketChannel connection;
            try {
                connection = channel.accept();
            } catch (ClosedChannelException _) {
                return;
            }
            Thread.ofPlatform().daemon().name("connection").start(() -> serve(connection));
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            server.serve(Channels.newInputStream(connection), Channels.newOutputStream(connection));
        } catch (TtrpcException | IOException e) {
            log.warn("a connection was dropped: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
